"""What is raised while a file is read refuses that file alone; the machine's troubles do not."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.reading.tables import tables
from pipelines.sources import SOURCES
from pipelines.stages.load import read_file
from pipelines.stages.load.faults import TRACE
from pipelines.stages.load.load import load_source
from pipelines.stages.load.parts import Parts
from pipelines.stages.store.zones import quarantine_folder
from tests.stages.landings import Landing, row, table

GIFTS = "tencent_donations"
SECRET = "张三的秘密"  # noqa: S105 - what a row may say


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """Three files of gifts, of which the second is bad."""
    made = Landing(tmp_path)
    for number, name in enumerate(("a_20240802", "bad_20240803", "c_20240804")):
        made.put(f"{GIFTS}/{name}.csv", table([row(GIFTS, 订单号=f"{10**19 + 1 + number}")]))
    return made


def _break(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    real = tables

    def read(path: Path, name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("bad"):
            raise error
        return real(path, name, *rest, **more)

    monkeypatch.setattr(read_file, "tables", read)


class PanicException(BaseException):
    """As Polars raises in a mistake of its own."""


@pytest.mark.parametrize(
    "error",
    [
        ValueError(SECRET),
        KeyError(SECRET),
        ZeroDivisionError(SECRET),
        RecursionError(SECRET),
        MemoryError(SECRET),
        UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, SECRET),
        pl.exceptions.ComputeError(SECRET),
        PanicException(SECRET),
        AssertionError(SECRET),
    ],
    ids=lambda e: type(e).__name__,
)
def test_it_refuses_that_file_alone(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """What and where are said, the way there is kept, and nothing that the error quotes."""
    _break(monkeypatch, error)
    good, bad, other = landing.load()
    assert (good.status, bad.status, other.status) == ("loaded", "refused", "loaded")
    assert bad.reason is not None
    assert bad.reason.startswith("file.unreadable: ")
    assert type(error).__name__ in bad.reason
    assert "pipelines/stages/load/read_file.py:" in bad.reason
    traces = list(landing.settings.quarantine.rglob(TRACE))
    assert len(traces) == 1
    assert type(error).__name__ in traces[0].read_text()
    assert SECRET not in bad.reason + traces[0].read_text()
    assert landing.lake(GIFTS).height == 2
    assert not list((landing.settings.lake / ".drafts").iterdir())


def test_an_error_in_the_middle_of_the_rows(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a thread that reads ahead: no half of the file is left."""

    def fail(*_: Any) -> Any:
        raise ValueError(SECRET)

    monkeypatch.setattr("pipelines.stages.load.table_rows.data_rows", fail)
    assert [record.status for record in landing.load()] == ["refused"] * 3
    assert not list(landing.settings.lake.rglob("*.parquet"))


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        OSError(errno.EROFS, "Read-only file system"),
        OSError(errno.EMFILE, "Too many open files"),
        pl.exceptions.ComputeError("parquet: underlying IO error: … (os error 28)"),
        KeyboardInterrupt(),
        SystemExit(1),
    ],
    ids=repr,
)
def test_a_condition_of_the_machine_is_no_fault_of_the_file(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """The load ends; the file is neither loaded nor refused, and the next load takes it."""
    real = Parts.add

    def write(parts: Parts, frame: pl.DataFrame) -> None:
        if "2024-08-03" in str(frame["export_date"][0]):
            raise error
        real(parts, frame)

    monkeypatch.setattr(Parts, "add", write)
    with pytest.raises(type(error)):
        landing.load()
    assert [r.file_name for r in landing.accounts()] == ["a_20240802.csv"]
    monkeypatch.undo()
    assert [r.status for r in landing.load()] == ["loaded"] * 3
    assert not list(landing.settings.quarantine.rglob(TRACE))


def test_read_again_it_may_be_good(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the program is mended the file loads, and the trace is gone."""
    from pipelines.stages.standing.resolve import resolve
    from pipelines.stages.store.catalog import Catalog

    with monkeypatch.context() as patched:
        _break(patched, ValueError())
        landing.load()
    (bad,) = [s.receipt for s in resolve(landing.settings) if s.status == "refused"]
    assert (quarantine_folder(landing.settings, bad) / TRACE).exists()
    Catalog(landing.settings).forget(bad.received_no)
    assert [r.status for r in landing.load()] == ["loaded"] * 3
    assert not quarantine_folder(landing.settings, bad).exists()


@pytest.mark.parametrize("is_dated", [True, False])
def test_rows_that_were_loaded_before_do_not_stay_on_disk(
    is_dated: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read again and refused, a file has no outcome that tells where its rows were."""
    landing = Landing(tmp_path)
    source, name = (GIFTS, "bad_20240803.csv") if is_dated else ("organizations", "bad.csv")
    landing.put(f"{source}/{name}", table([row(source)]))
    assert [r.status for r in landing.load()] == ["loaded"]
    assert list(landing.settings.lake.rglob("*.parquet"))
    _break(monkeypatch, ValueError())
    load_source(landing.settings, SOURCES[source], again=True)
    assert not list(landing.settings.lake.rglob("*.parquet"))
