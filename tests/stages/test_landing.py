"""What lies in landing: read, or left where it is under a reason; one file's trouble is its own."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import SettingsError
from pipelines.stages.build.inputs import inputs_of
from pipelines.stages.receive import landing as walk
from pipelines.stages.receive import pull as receiving
from pipelines.stages.receive.pull import pull
from pipelines.stages.receive.unread import unread_files
from tests.stages.landings import Landing, row, table

GIFTS = "tencent_donations"
ROWS = table([row(GIFTS)])


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """With one good file of gifts."""
    made = Landing(tmp_path)
    made.put(f"{GIFTS}/good_20240802.csv", ROWS)
    return made


def _left(landing: Landing) -> dict[str, str]:
    return {ignored.path: ignored.reason for ignored in pull(landing.settings).ignored}


def _received(landing: Landing) -> list[str]:
    return [record.landing_path for record in landing.load()]


def test_links(landing: Landing, tmp_path: Path) -> None:
    """Out of landing: named, not followed. Within: followed once. To nothing, round: survived."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret_20240802.csv").write_bytes(ROWS)
    folder = landing.settings.landing / GIFTS
    (folder / "file_20240803.csv").symlink_to(outside / "secret_20240802.csv")
    (folder / "folder").symlink_to(outside)
    (folder / "relative_20240803.csv").symlink_to("../../outside/secret_20240802.csv")
    (folder / "nothing_20240803.csv").symlink_to(tmp_path / "gone")
    (folder / "self_20240803.csv").symlink_to(folder / "self_20240803.csv")
    (folder / "round").symlink_to(folder)
    landing.put("incoming/inside_20240804.csv", ROWS)
    (folder / "incoming").symlink_to(landing.settings.landing / "incoming")
    (folder / "again").symlink_to(landing.settings.landing / "incoming")
    (folder / "same_20240805.csv").symlink_to("good_20240802.csv")
    (landing.settings.landing / "organizations").symlink_to(outside)
    left = _left(landing)
    assert {p: r for p, r in left.items() if r == walk.LEADS_OUT} == dict.fromkeys(
        (f"{GIFTS}/file_20240803.csv", f"{GIFTS}/folder", f"{GIFTS}/relative_20240803.csv",
         "organizations"),
        walk.LEADS_OUT,
    )  # fmt: skip
    nowhere = {p for p, r in left.items() if r == walk.LEADS_NOWHERE}
    assert nowhere == {f"{GIFTS}/nothing_20240803.csv", f"{GIFTS}/self_20240803.csv"}
    assert sorted(_received(landing)) == [
        f"{GIFTS}/again/inside_20240804.csv",
        f"{GIFTS}/good_20240802.csv",
        f"{GIFTS}/same_20240805.csv",
    ]


def test_pipes_sockets_and_devices_are_not_opened(landing: Landing) -> None:
    """Opening one would wait for ever."""
    folder = landing.settings.landing / GIFTS
    os.mkfifo(folder / "pipe_20240803.csv")
    place = Path.cwd()
    os.chdir(folder)  # a socket's path is short
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("socket_20240803.csv")
    finally:
        os.chdir(place)
    assert _left(landing) == {
        f"{GIFTS}/pipe_20240803.csv": walk.NO_FILE,
        f"{GIFTS}/socket_20240803.csv": walk.NO_FILE,
    }
    assert _received(landing) == [f"{GIFTS}/good_20240802.csv"]


def test_a_file_that_turns_into_a_pipe(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look and the opening: it is opened without waiting, and left."""
    bad = landing.put(f"{GIFTS}/turns_20240803.csv", ROWS)
    archive = receiving.archive_bytes

    def turned(path: Path, folder: Path) -> Any:
        if path == bad:
            bad.unlink()
            os.mkfifo(bad)
        return archive(path, folder)

    monkeypatch.setattr(receiving, "archive_bytes", turned)
    assert _left(landing) == {f"{GIFTS}/turns_20240803.csv": walk.NO_FILE}


def _raising(error: BaseException, part: str) -> Callable[..., Any]:
    real = os.open

    def opened(path: Any, *args: Any, **kwargs: Any) -> int:
        if part in str(path):
            raise error
        return real(path, *args, **kwargs)

    return opened


@pytest.mark.parametrize(
    "error",
    [
        PermissionError(errno.EACCES, "Permission denied"),
        OSError(errno.EIO, "Input/output error"),
        FileNotFoundError(errno.ENOENT, "No such file or directory"),
        OSError(errno.ESTALE, "Stale file handle"),
        MemoryError(),
    ],
    ids=repr,
)
def test_a_file_that_cannot_be_opened(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """It is named with the system's reason, everything else is received, and it is tried again."""
    landing.put(f"{GIFTS}/bad_20240803.csv", ROWS)
    landing.put(f"{GIFTS}/after_20240804.csv", ROWS)
    monkeypatch.setattr(os, "open", _raising(error, "bad_"))
    report = pull(landing.settings)
    assert [r.file_name for r in report.new] == ["good_20240802.csv", "after_20240804.csv"]
    (left,) = report.ignored
    assert left.path == f"{GIFTS}/bad_20240803.csv"
    assert left.is_passing
    assert "cannot be read" in left.reason
    assert str(landing.settings.landing) not in left.reason
    assert [r.place.partition(":")[0] for r in unread_files(landing.settings)] == [left.path]
    monkeypatch.undo()
    assert [r.file_name for r in pull(landing.settings).new] == ["bad_20240803.csv"]
    assert unread_files(landing.settings) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
def test_modes_of_the_system(landing: Landing) -> None:
    """A file and a folder without permission."""
    bad = landing.put(f"{GIFTS}/bad_20240803.csv", ROWS)
    folder = landing.put(f"{GIFTS}/closed/in_20240804.csv", ROWS).parent
    bad.chmod(0)
    folder.chmod(0)
    try:
        assert set(_left(landing)) == {f"{GIFTS}/bad_20240803.csv", f"{GIFTS}/closed/"}
    finally:
        folder.chmod(0o755)


def test_a_folder_that_cannot_be_listed(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named; its neighbours are received."""
    landing.put(f"{GIFTS}/closed/in_20240804.csv", ROWS)
    real = os.scandir

    def listed(path: Any) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", listed)
    left = _left(landing)
    assert list(left) == [f"{GIFTS}/closed/"]
    assert "Permission denied" in left[f"{GIFTS}/closed/"]
    assert _received(landing) == [f"{GIFTS}/good_20240802.csv"]


def test_a_landing_that_goes_away_midway(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was received stays; what was not is named, and comes with the next night."""
    landing.put(f"{GIFTS}/second_20240803.csv", ROWS)
    aside = landing.settings.landing.with_name("aside")
    archive = receiving.archive_bytes

    def leaving(path: Path, folder: Path) -> Any:
        if "second" in path.name:
            landing.settings.landing.rename(aside)
        return archive(path, folder)

    monkeypatch.setattr(receiving, "archive_bytes", leaving)
    left = _left(landing)
    assert f"{GIFTS}/second_20240803.csv" in left
    monkeypatch.undo()
    with pytest.raises(SettingsError, match="--landing"):
        pull(landing.settings)
    aside.rename(landing.settings.landing)
    assert f"{GIFTS}/second_20240803.csv" in _received(landing)


def test_a_file_that_changes_while_it_is_copied(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it is kept, under no hash; the next night has it whole."""
    growing = landing.put(f"{GIFTS}/grows_20240803.csv", ROWS)
    fsync = os.fsync

    def grow(handle: int) -> None:
        with growing.open("ab") as more:
            more.write(b"\n")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", grow)
    left = _left(landing)
    assert "still being written" in left[f"{GIFTS}/grows_20240803.csv"]
    monkeypatch.undo()
    kept = list((landing.settings.archive / GIFTS).iterdir())
    assert len(kept) == 1  # the good one; no draft, no half
    assert f"{GIFTS}/grows_20240803.csv" in _received(landing)


def test_a_name_that_is_no_text(landing: Landing) -> None:
    """Bytes that are no UTF-8: named in a spelling that can be printed, kept and published."""
    name = os.fsencode(landing.settings.landing / GIFTS) + b"/\xff\xfe_20240803.csv"
    Path(os.fsdecode(name)).write_bytes(ROWS)
    ((path, reason),) = _left(landing).items()
    assert reason == walk.NO_TEXT
    path.encode("utf-8")
    assert len(unread_files(landing.settings)) == 1


def test_what_is_left_is_in_ops_without_numbers_of_people(landing: Landing) -> None:
    """By source, with the reason; a number of a person in a name is masked."""
    landing.put(f"{GIFTS}/13800000001的截图.png", b"x")
    landing.put("unheard_of/a_20240802.csv", ROWS)
    landing.put("lost_20240802.csv", ROWS)
    landing.put("manifest.json", b"{}")
    before = inputs_of(landing.settings).hash
    pull(landing.settings)
    told = {(r.source, r.kind): r.place for r in unread_files(landing.settings)}
    assert told == {
        (GIFTS, "file"): f"{GIFTS}/***的截图.png: {walk.EXTENSION}",
        ("unheard_of", "file"): f"unheard_of/a_20240802.csv: {walk.UNKNOWN_SOURCE}",
        ("lost_20240802.csv", "file"): f"lost_20240802.csv: {walk.NO_FOLDER}",
    }
    assert inputs_of(landing.settings).hash != before  # a release is made that says so
    again = inputs_of(landing.settings).hash
    pull(landing.settings)
    assert inputs_of(landing.settings).hash == again


def test_no_landing_folder(tmp_path: Path) -> None:
    """A sentence with a remedy."""
    landing = Landing(tmp_path)
    landing.settings.landing.rmdir()
    with pytest.raises(SettingsError, match="--landing"):
        pull(landing.settings)
