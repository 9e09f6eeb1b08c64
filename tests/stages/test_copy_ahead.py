"""The last release is copied while files are read, and the build takes the copy or leaves none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.publishing.releases import kept_file
from pipelines.settings import Settings
from pipelines.stages.build import copies
from pipelines.stages.build.copies import copy_ahead, forget_copies, place_copy
from pipelines.stages.build.going_on import note as notes
from pipelines.stages.build.going_on.choosing import Base
from pipelines.stages.build.going_on.code import code_digest

RELEASE = "20240805T023000-0123abcd"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A warehouse with one kept release and the note of what it was made of."""
    settings = Settings(warehouse=tmp_path, landing=tmp_path)
    kept_file(settings, RELEASE).parent.mkdir(parents=True)
    kept_file(settings, RELEASE).write_bytes(b"the last release")
    note = settings.build / "base" / "base.json"
    note.parent.mkdir(parents=True)
    told = {"readings": [], "compared": [], "totals": ["0", "0", "0"], "forgotten": 0}
    note.write_text(json.dumps({"release_id": RELEASE, "code": code_digest(), **told}))
    return settings


def of(settings: Settings) -> Base:
    return Base(kept_file(settings, RELEASE), RELEASE, frozenset(), (0, 0, 0), are_donors_kept=True)


def made(settings: Settings) -> list[Path]:
    return [path for path in settings.build.iterdir() if "ahead" in path.name]


def test_the_build_takes_the_copy(settings: Settings) -> None:
    copy_ahead(settings)
    (copy,) = made(settings)
    written = copy.stat().st_ino
    place_copy(settings, of(settings))
    assert settings.release_db.read_bytes() == b"the last release"
    assert settings.release_db.stat().st_ino == written
    assert settings.last_db.samefile(kept_file(settings, RELEASE))
    assert made(settings) == []


def test_a_build_from_nothing_leaves_it(settings: Settings) -> None:
    copy_ahead(settings)
    place_copy(settings, None)
    assert made(settings) == []
    assert not settings.release_db.exists()


def test_without_a_copy_the_build_makes_its_own(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:3])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(copies, "copy_bytes", full)
        copy_ahead(settings)
    assert made(settings) == []
    place_copy(settings, of(settings))
    assert settings.release_db.read_bytes() == b"the last release"


@pytest.mark.parametrize("note", ["{", "{}", None])
def test_nothing_is_copied_that_cannot_be_gone_on_from(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, note: str | None
) -> None:
    if note is None:
        monkeypatch.setattr(notes, "code_digest", lambda: "other code")
    else:
        (settings.build / "base" / "base.json").write_text(note)
    copy_ahead(settings)
    assert made(settings) == []


def test_what_nobody_took_is_deleted(settings: Settings) -> None:
    copy_ahead(settings)
    forget_copies(settings)
    assert made(settings) == []
