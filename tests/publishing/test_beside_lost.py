"""Tables beside a release's file that are gone, altered, moved or nobody's; what a start does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest

from pipelines.cli.console import Trouble
from pipelines.cli.doctor import examine
from pipelines.cli.release_file import open_file
from pipelines.publishing.beside.parts import PartsLost, delete_parts, parts_folder
from pipelines.publishing.recovering import recover
from pipelines.publishing.releases import kept_file, published_release
from pipelines.publishing.switching import rollback
from pipelines.settings import Settings
from pipelines.stages.build.copies import is_sound
from pipelines.stages.publish import publish as publishing
from tests.publishing.builds import published_number
from tests.publishing.releases_beside import number, read_elsewhere


def _altered(file: Path) -> None:
    """Other bytes, as many of them."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.chmod(0o644)
    file.write_bytes(content)


def test_a_part_that_is_missing_or_altered_is_told(beside: Settings) -> None:
    """By who opens it, by `doctor`, by a roll-back; the next build does not go on from it."""
    first, second = number(beside, 1), number(beside, 2)
    (of_first,) = parts_folder(beside, first.release_id).rglob("*.parquet")
    (of_second,) = parts_folder(beside, second.release_id).rglob("*.parquet")
    assert any(f.name.startswith("分片") and f.state == "ok" for f in examine(beside))
    _altered(of_first)
    with pytest.raises(PartsLost, match=r"part_0\.parquet.*has other bytes"):
        rollback(beside, first.release_id)
    assert published_number(beside) == 2
    found = [f for f in examine(beside) if f.state == "problem"]
    assert [of_first.as_posix() in f.seen for f in found] == [True]

    class Base:
        file = kept_file(beside, first.release_id)

    assert not is_sound(Base)  # type: ignore[arg-type]  # only its file is looked at
    of_first.unlink()
    with pytest.raises(PartsLost, match=r"is missing|elsewhere-SET-VARIABLE"):
        rollback(beside, first.release_id)
    of_second.chmod(0o644)
    of_second.write_bytes(of_second.read_bytes() + b"x")
    with pytest.raises(Trouble, match="bytes instead of"), open_file(beside.published):
        pass
    of_second.unlink()
    with pytest.raises(Trouble, match="rollback previous"), open_file(beside.published):
        pass
    assert read_elsewhere(beside.published, Path("/"))[0] == 1
    beside.published.unlink()
    recover(beside)
    assert published_release(beside) is None


def test_what_is_nobodys_parts_stays(settings: Settings) -> None:
    """A folder in `releases/` that holds no parts is somebody's own."""
    number(settings, 1)
    own = settings.releases / "audit-2024" / "x.duckdb"
    own.parent.mkdir()
    own.write_bytes(b"mine")
    recover(settings)
    assert own.read_bytes() == b"mine"


def test_parts_that_were_moved_and_linked_go_too(beside: Settings, tmp_path: Path) -> None:
    """Where a link leads to them they are deleted there, and the next start goes on."""
    release = number(beside, 1)
    number(beside, 2)
    folder = parts_folder(beside, release.release_id)
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert len(list(folder.rglob("*.parquet"))) == 1
    delete_parts(folder)
    assert list((tmp_path / "elsewhere").rglob("*.parquet")) == []
    assert not folder.is_symlink()
    recover(beside)
    assert published_number(beside) == 2


def test_an_unreadable_file_and_no_release_end_no_start(settings: Settings) -> None:
    """The next night publishes anew, as it did before there were parts."""
    release = number(settings, 1)
    kept_file(settings, release.release_id).unlink()
    settings.published.write_bytes(b"nothing")
    recover(settings)
    number(settings, 2)
    assert published_number(settings) == 2


def test_a_lost_part_of_an_older_release_ends_no_start(beside: Settings, tmp_path: Path) -> None:
    """Also where the warehouse was moved, and every file is to look for its parts elsewhere."""
    older, newer = number(beside, 1), number(beside, 2)
    next(parts_folder(beside, older.release_id).rglob("*.parquet")).unlink()
    moved = replace(beside, warehouse=tmp_path / "moved")
    beside.warehouse.rename(moved.warehouse)
    touched = recover(moved)
    assert kept_file(moved, newer.release_id) in touched
    assert kept_file(moved, older.release_id) not in touched
    assert published_number(moved) == 2


def test_parts_of_no_release_are_in_nobodys_way(
    beside: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal data of the same second has the same id, and would come to the same folder."""

    class OneSecond(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(2026, 8, 5, 2, 30, tzinfo=tz)

    monkeypatch.setattr(publishing, "datetime", OneSecond)
    first = number(beside, 1)
    number(beside, 2)
    kept_file(beside, first.release_id).unlink()
    assert parts_folder(beside, first.release_id).is_dir()
    assert number(beside, 1).release_id == first.release_id
    assert published_number(beside) == 1
