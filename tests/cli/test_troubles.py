"""A condition of the machine is a sentence with a remedy and an exit status, never a traceback."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.cli import main, refresh
from pipelines.cli.console import Exit, Trouble
from pipelines.cli.troubles import foreseen
from pipelines.publishing.machine import condition_of_text
from pipelines.settings import Settings, SettingsError
from pipelines.stages.load.load import load_all
from pipelines.stages.receive.pull import pull
from tests.cli.conftest import Juandi
from tests.stages.landings import row, table

GIFTS = "tencent_donations"


def _sqlite(name: str, message: str) -> sqlite3.Error:
    error = sqlite3.OperationalError(message)
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), Exit.BLOCKED, "free some space"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), Exit.BLOCKED, "quota"),
        (OSError(errno.EFBIG, "File too large"), Exit.BLOCKED, "limit"),
        (OSError(errno.EROFS, "Read-only file system"), Exit.USAGE, "read-only"),
        (PermissionError(errno.EACCES, "Permission denied"), Exit.USAGE, "chown"),
        (FileExistsError(errno.EEXIST, "File exists"), Exit.USAGE, "in the place of a folder"),
        (NotADirectoryError(errno.ENOTDIR, "Not a directory"), Exit.USAGE, "in the place of"),
        (OSError(errno.EIO, "Input/output error"), Exit.BLOCKED, "hardware"),
        (OSError(errno.EMFILE, "Too many open files"), Exit.BLOCKED, "ulimit"),
        (OSError(errno.EXDEV, "Invalid cross-device link"), Exit.BLOCKED, "the system reports"),
        (MemoryError(), Exit.BLOCKED, "memory"),
        (_sqlite("SQLITE_FULL", "database or disk is full"), Exit.BLOCKED, "free some space"),
        (_sqlite("SQLITE_READONLY", "attempt to write a readonly database"), Exit.USAGE, "read-on"),
        (_sqlite("SQLITE_CANTOPEN", "unable to open database file"), Exit.USAGE, "chown"),
        (_sqlite("SQLITE_BUSY", "database is locked"), Exit.BLOCKED, "close it"),
        (duckdb.OutOfMemoryException("Out of Memory Error: …"), Exit.BLOCKED, "JUANDI_MEMORY"),
        (duckdb.IOException('Could not write file "x": No space left on device'), Exit.BLOCKED,
         "free some space"),
        (duckdb.IOException('Could not set lock on file "x": Conflicting lock'), Exit.BLOCKED,
         "close it"),
        (SettingsError("as-of: no date"), Exit.USAGE, "as-of"),
        (Trouble("busy", Exit.RUNNING), Exit.RUNNING, "busy"),
    ],
    ids=repr,
)  # fmt: skip
def test_foreseen(error: BaseException, status: Exit, said: str) -> None:
    """Each with its own remedy."""
    trouble = foreseen(error)
    assert trouble is not None
    assert trouble.status == status
    assert said in str(trouble)


@pytest.mark.parametrize(
    "error",
    [ValueError("x"), KeyError("x"), AssertionError(), TypeError(),
     duckdb.CatalogException("Catalog Error: no table"), sqlite3.ProgrammingError("closed")],
    ids=repr,
)  # fmt: skip
def test_a_mistake_of_the_program_is_not_hidden(error: BaseException) -> None:
    """It keeps its traceback."""
    assert foreseen(error) is None


def test_a_message_of_a_step(tmp_path: Path) -> None:
    """Libraries put the system's number into words of their own."""
    with pytest.raises(Exception) as raised:  # noqa: PT011 - whatever Polars makes of it
        pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "file" / "x.parquet")
    assert condition_of_text(str(raised.value)) is None  # a missing folder is no such condition
    full = condition_of_text("parquet: underlying IO error: … (os error 28)")
    assert full is not None
    assert full.name == "full"
    assert condition_of_text("a row says 28") is None


@pytest.mark.parametrize("as_json", [False, True])
def test_the_command_ends_with_it(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    as_json: bool,
) -> None:
    """On stderr, and as data where a script asked for data."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "lake"))

    monkeypatch.setattr(refresh, "run_refresh", full)
    monkeypatch.delenv("JUANDI_DEBUG", raising=False)
    flags = ["--json"] if as_json else []
    monkeypatch.setattr("sys.argv", ["juandi", "refresh", "--warehouse", str(tmp_path), *flags])
    with pytest.raises(SystemExit) as end:
        main.run()
    assert end.value.code == Exit.BLOCKED
    said = capsys.readouterr()
    assert "磁盘已满" in said.err
    assert "Traceback" not in said.err
    if as_json:
        assert json.loads(said.out)["exit_code"] == Exit.BLOCKED


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A warehouse with one loaded file."""
    made = Settings(warehouse=tmp_path / "warehouse", landing=tmp_path / "landing")
    file = made.landing / GIFTS / "gifts_20240802.csv"
    file.parent.mkdir(parents=True)
    file.write_bytes(table([row(GIFTS)]))
    pull(made)
    load_all(made)
    return made


def _file_in_place(settings: Settings) -> None:
    shutil.rmtree(settings.warehouse)
    settings.warehouse.write_text("")


def _no_landing(settings: Settings) -> None:
    shutil.rmtree(settings.landing)


def _no_key(settings: Settings) -> None:
    shutil.rmtree(settings.secrets)


def _no_catalogue(settings: Settings) -> None:
    (settings.archive / "catalog.sqlite").write_bytes(b"\xff" * 9999)


def _no_archived_file(settings: Settings) -> None:
    shutil.rmtree(settings.landing / GIFTS)
    for kept in (settings.archive / GIFTS).iterdir():
        kept.unlink()


@pytest.mark.parametrize(
    ("harm", "said", "flags"),
    [
        (_file_in_place, "in the place of a folder", ()),
        (_no_landing, "--landing", ()),
        (_no_key, "--new-key", ()),
        (_no_catalogue, "doctor --repair", ()),
        (_no_catalogue, "doctor --repair", ("--full",)),
        (_no_archived_file, "nothing was changed", ("--full",)),
    ],
)
def test_before_anything_begins(
    juandi: Juandi,
    settings: Settings,
    harm: Callable[[Settings], None],
    said: str,
    flags: tuple[str, ...],
) -> None:
    """Status 2, and nothing is touched or made."""
    harm(settings)
    lake = {p: p.stat().st_mtime_ns for p in settings.lake.rglob("*.parquet")}
    where = ("--warehouse", str(settings.warehouse), "--landing", str(settings.landing))
    done = juandi("refresh", *where, *flags)
    assert done.returncode == Exit.USAGE
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert {p: p.stat().st_mtime_ns for p in settings.lake.rglob("*.parquet")} == lake
    assert harm is not _no_key or not settings.secrets.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_warehouse_that_may_not_be_written(juandi: Juandi, settings: Settings) -> None:
    """Status 2 and the remedy."""
    settings.warehouse.chmod(0o555)
    try:
        done = juandi("refresh", "--warehouse", str(settings.warehouse), "--landing",
                      str(settings.landing))  # fmt: skip
    finally:
        settings.warehouse.chmod(0o755)
    assert done.returncode == Exit.USAGE
    assert "chown" in done.stderr


def test_doctor_sees_and_repairs(juandi: Juandi, settings: Settings) -> None:
    """Looking changes nothing; `--repair` restores; a lost file may be given up."""
    where = ("--warehouse", str(settings.warehouse), "--landing", str(settings.landing))
    _no_catalogue(settings)
    seen = juandi("doctor", *where)
    assert seen.returncode == Exit.USAGE
    assert "damaged" in seen.stdout
    mended = juandi("doctor", "--repair", "--json", *where)
    assert mended.returncode == Exit.DONE, mended.stderr
    assert "catalogue restored" in mended.stderr
    states = {f["name"]: f["state"] for f in json.loads(mended.stdout)}
    assert states["归档 archive"] == states["湖 lake"] == "ok"
    (kept,) = (settings.archive / GIFTS).iterdir()
    kept.unlink()
    told = {f["name"]: f for f in json.loads(juandi("doctor", "--json", *where).stdout)}
    assert told["归档 archive"]["state"] == "warning"
    assert "gifts_20240802.csv missing" in told["归档 archive"]["seen"]
    unknown = juandi("doctor", "--give-up", "nonsense", *where)
    assert unknown.returncode == Exit.USAGE
