"""The rows of one table of a file, block by block: cleaned, judged, written as parts, summed.

What a file's tables come to is `account`'s; which rows are cleaned how is `rows`'.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

import polars as pl

from pipelines.reading.ahead import ahead, in_turn
from pipelines.reading.blocks import Block
from pipelines.reading.footers import Aside, data_rows
from pipelines.stages.load.corrections import corrected, of_table
from pipelines.stages.load.duplicates import KeyCheck
from pipelines.stages.load.parts import Parts
from pipelines.stages.load.rows import CleanBlock, RowCleaner, Tally
from pipelines.stages.load.scales import Scale, measure
from pipelines.stages.store.receipts import Correction


@dataclass
class RowsRead:
    """What rows of one table come to: counts, fen of each block, sizes of their amounts."""

    tally: Tally = field(default_factory=Tally)
    fen: list[int] = field(default_factory=list)  # to compare the table's totals with
    scales: list[Scale] = field(default_factory=list)

    def add(self, other: RowsRead) -> None:
        """Adds rows that come after these."""
        self.tally.add(other.tally)
        self.fen += other.fen
        self.scales += other.scales


def read_rows(
    cleaner: RowCleaner,
    aside: Aside,
    keys: KeyCheck,
    good: Parts,
    bad: Parts,
    corrections: Collection[Correction],
    *,
    is_short: bool = False,
) -> RowsRead:
    """Reads the rows of the cleaner's table into parts; what is no row goes to `aside`.

    A file that `is_short` has no block to be read beside another: threads would only be waited for.
    """
    table, source = cleaner.table, cleaner.source
    changes = of_table(corrections, cleaner.facts.file_id, table)
    blocks = corrected(data_rows(table, source, aside), table, changes)
    read, work = RowsRead(), partial(_clean, cleaner, keys)
    for clean, hashes, sizes in map(work, blocks) if is_short else _side_by_side(work, blocks):
        read.add(RowsRead(clean.tally, [clean.tally.fen_read], sizes))
        keys.add(hashes)
        good.add(clean.good)
        if clean.bad is not None:
            bad.add(clean.bad)
    return read


_Done: TypeAlias = tuple[CleanBlock, pl.Series | None, list[Scale]]


def _clean(cleaner: RowCleaner, keys: KeyCheck, block: Block) -> _Done:
    clean = cleaner.clean(block)
    return clean, keys.hashes(clean.good), measure(cleaner.source, clean.good)


def _side_by_side(work: Callable[[Block], _Done], blocks: Iterator[Block]) -> Iterator[_Done]:
    """`work` on two blocks at a time, in order, while the next is being read."""
    with ThreadPoolExecutor(2, thread_name_prefix="clean") as pool:
        yield from in_turn(pool, work, ahead(blocks), 2)
