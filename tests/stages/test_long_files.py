"""Long files read in stretches by several: as one reads them, or whole by one."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from pipelines.stages.load import sharing, stretches
from pipelines.stages.load.executor import Executor, Lost, Threads
from pipelines.stages.load.load import load_all
from pipelines.stages.load.read_file import FileRead, Handed
from pipelines.stages.load.sharing import (
    Sharing,
)
from pipelines.stages.receive.pull import pull
from tests.stages.landings import Landing, row, table
from tests.stages.shared_out import Counted, copy, load_source_of

GIFTS, TEAMS = "tencent_donations", "tencent_teams"
T = TypeVar("T")
R = TypeVar("R")


def long_file(root: Path, text: bytes) -> Landing:
    """A file of hundreds of kilobytes, of which a worker reads one of 64 at a time."""
    landing = Landing(root, pseudonym_key="k" * 32, load_workers=2, block_bytes=64 * 1024)
    landing.put(f"{GIFTS}/long_20240802.csv", text)
    pull(landing.settings)
    return landing


@pytest.fixture
def stretched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every file is long; how many were joined of so many stretches."""
    joined: list[int] = []

    def read(file: Handed, executor: Executor) -> FileRead | None:
        result = stretches.read_in_stretches(file, counted := Counted(executor))
        if result is not None:
            joined.append(counted.items)
        return result

    monkeypatch.setattr(sharing, "LONG", 1)
    monkeypatch.setattr(sharing, "read_in_stretches", read)
    monkeypatch.setattr(stretches, "STRETCH", 1)
    return joined


def gifts_with(total: str) -> list[dict[str, str]]:
    """Some thousands: one in a hundred refused, one in fifty repeated, and a total at the end."""
    rows = [row(GIFTS, 订单号=f"10000000000000{n:06}") for n in range(4_000)]
    for n in range(0, 4_000, 100):
        rows[n]["捐款金额"] = "四十"
        rows[n + 50] = rows[n + 1]
    end = dict.fromkeys(rows[0], "") | {"订单号": "合计", "捐款金额": total}
    return [*rows, end]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_long_file_is_read_by_several_as_by_one(
    encoding: str, tmp_path: Path, stretched: list[int]
) -> None:
    text = table(gifts_with("158400.00"), encoding)
    several = long_file(tmp_path / "several", text)
    alone = copy(tmp_path / "several", tmp_path / "alone", load_workers=1, block_bytes=64 * 1024)
    (loaded,) = load_all(several.settings)
    (whole,) = load_all(alone.settings)
    assert [count > 4 for count in stretched] == [True]
    assert replace(loaded.outcome, loaded_at="") == replace(whole.outcome, loaded_at="")
    assert loaded.outcome.totals_told == 1
    assert loaded.outcome.rows_quarantined == 40
    assert loaded.outcome.rows_duplicate == 40
    assert several.lake(GIFTS).rows() == alone.lake(GIFTS).rows()
    assert several.refused_rows().rows() == alone.refused_rows().rows()


def test_a_full_disk_leaves_no_rows_that_are_noted_nowhere(
    tmp_path: Path, stretched: list[int]
) -> None:
    landing = long_file(tmp_path, table(gifts_with("158400.00")))

    class Full:
        def map(
            self, work: Callable[[T], R], items: Iterable[T], /
        ) -> Generator[R | Lost, None, None]:
            yield from list(Threads().map(work, items))[:-1]
            assert list(landing.settings.quarantine.rglob("*.parquet"))
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        load_source_of(landing, GIFTS, Sharing(landing.settings, Full()))
    for zone in (landing.settings.lake, landing.settings.quarantine):
        assert not list(zone.rglob("*.parquet"))
    assert not stretched


def test_what_cannot_be_joined_is_read_whole(tmp_path: Path, stretched: list[int]) -> None:
    """Another table below, in the middle of the file, and one quote that was never closed."""
    rows = gifts_with("158400.00")[:-1]
    below = table(rows[:2000]) + "物资名称,数量\n口罩,100\n".encode() + table(rows[2000:])
    quote = table(rows).replace("测试昵称甲".encode(), '"测试昵称甲'.encode(), 1)
    for number, text in enumerate((below, quote)):
        several = long_file(tmp_path / f"several{number}", text)
        alone = copy(
            tmp_path / f"several{number}", tmp_path / f"alone{number}",
            load_workers=1, block_bytes=64 * 1024,
        )  # fmt: skip # a call
        (loaded,), (whole,) = load_all(several.settings), load_all(alone.settings)
        assert replace(loaded.outcome, loaded_at="") == replace(whole.outcome, loaded_at="")
        assert loaded.outcome.rows_loaded > 3_000
        assert several.lake(GIFTS).rows() == alone.lake(GIFTS).rows()
    assert len(stretched) < 2
