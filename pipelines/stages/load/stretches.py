"""One large file read in stretches by several, and joined as if one had read it.

A stretch is read as a file is (`table_rows`), from the state in which a file begins. So what was
found may be joined where every stretch but the last leaves that state as it was: no other table
began in it, no summary, no claim, nothing was left out, no line cut off. A file of which that does
not hold, or in which anything is refused, is read whole by one, who decides. What is decided over
all rows (repeated keys, totals, sums) is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipelines.publishing.files import forget_pages
from pipelines.reading.claims import in_line
from pipelines.reading.footers import Aside
from pipelines.reading.left_out import LeftOut
from pipelines.reading.stretches import Stretch, stretch_tables, stretches
from pipelines.settings import BEIJING, MIB
from pipelines.sources import SOURCES
from pipelines.stages.load.account import Account
from pipelines.stages.load.duplicates import KeyCheck
from pipelines.stages.load.executor import Executor, Lost
from pipelines.stages.load.faults import is_of_the_file
from pipelines.stages.load.memory import return_large_blocks
from pipelines.stages.load.parts import Parts
from pipelines.stages.load.read_file import (
    FileRead,
    Handed,
    cleaner_of,
    cleared,
    day_of,
    put_in_place,
)
from pipelines.stages.load.table_rows import RowsRead, read_rows
from pipelines.stages.receive.pull import archived
from pipelines.stages.store.bytes_kept import written_parts
from pipelines.stages.store.zones import quarantine_folder

#: Bytes from which on a file is read in stretches, and of each of them.
LONG, STRETCH = 256 * MIB, 64 * MIB


@dataclass(frozen=True)
class HandedStretch:
    """A stretch of a file to be read."""

    file: Handed
    stretch: Stretch


class StretchRead(NamedTuple):
    """What reading a stretch gave, beside the parts it wrote: sums, and what the joining needs.

    `hashes` are those of its keys, a series for each block; `left_out` and `is_cut_off` what its
    table says in the end. Of a stretch that `cannot` be joined there is nothing but that.
    """

    rows: RowsRead
    aside: Aside
    hashes: list[pl.Series]
    left_out: list[LeftOut]
    is_cut_off: bool
    cannot: bool = False


_CANNOT = StretchRead(RowsRead(), Aside(), [], [], is_cut_off=False, cannot=True)


def read_stretch(handed: HandedStretch) -> StretchRead:
    """Reads a stretch into parts of its own. Raises what ends the night."""
    return_large_blocks()
    settings, receipt, stretch = handed.file.settings, handed.file.receipt, handed.stretch
    source, decided = SOURCES[receipt.source], handed.file.decided
    draft, refused = _folders(handed.file)
    names = f"{stretch.number:05d}-"
    good, bad = Parts(draft, names), Parts(refused, names)
    aside, keys = Aside(), KeyCheck(source, draft)
    try:
        found = stretch_tables(archived(settings, receipt), stretch, source, settings)
        table = next(found)
        day, _ = day_of(source, receipt, table)
        cleaner = cleaner_of(source, receipt, table, day, handed.file.key, decided.forgotten)
        rows = read_rows(cleaner, aside, keys, good, bad, decided.corrections)
        if next(found, None) is not None:
            return _CANNOT
        good.flush()
        bad.flush()
    except BaseException as error:  # a panic in Polars is no Exception
        if not is_of_the_file(error):
            raise
        return _CANNOT  # who reads the file whole meets it again, and decides
    return StretchRead(rows, aside, keys.taken, table.left_out, table.truncated)


def _folders(handed: Handed) -> tuple[Path, Path]:
    settings, receipt = handed.settings, handed.receipt
    return settings.lake / ".drafts" / receipt.file_id, quarantine_folder(settings, receipt)


def read_in_stretches(handed: Handed, executor: Executor) -> FileRead | None:
    """What reading a long file in stretches gave; None where it has to be read whole.

    Raises what ends the night.
    """
    settings, receipt = handed.settings, handed.receipt
    source, path = SOURCES[receipt.source], archived(settings, receipt)
    draft, _ = cleared(settings, receipt)
    now = datetime.now(BEIJING).isoformat(timespec="seconds")
    aside, keys, rows = Aside(), KeyCheck(source, draft), RowsRead()
    try:
        found = stretches(path, receipt.file_name, source, settings, STRETCH)
        if len(found) < 2:
            return None
        # none of its rows is read here
        table = next(stretch_tables(path, found[0], source, settings))
        day, is_stated = day_of(source, receipt, table)
        claimed = dict[str, Decimal]()
        for title in table.titles:
            claimed |= in_line(title, source.claims)
        work = (HandedStretch(handed, stretch) for stretch in found)
        with closing(executor.map(read_stretch, work)) as reads:
            for stretch, read in zip(found, reads, strict=True):
                if isinstance(read, Lost) or not _may_be_joined(stretch, read, claimed):
                    return None
                _join(aside, rows, read)
                for hashes in read.hashes:
                    keys.add(hashes)
                table.left_out, table.truncated = read.left_out, read.is_cut_off
        account = Account(source, aside, day, is_day_stated=is_stated)
        account.add(table, rows)
        outcome = account.outcome(keys)
    except BaseException as error:  # a panic in Polars is no Exception
        if not is_of_the_file(error):
            cleared(settings, receipt)
            raise
        return None  # who reads the file whole meets it again, and decides
    with suppress(OSError), path.open("rb") as read_bytes:
        forget_pages(read_bytes.fileno())
    put_in_place(settings, receipt, outcome, draft)
    outcome = replace(outcome, loaded_at=now)
    return FileRead(outcome, written_parts(settings, receipt, outcome))


def _may_be_joined(stretch: Stretch, read: StretchRead, claimed: Mapping[str, Decimal]) -> bool:
    """True if the stretch after it begins in the state in which it was read."""
    if read.cannot or stretch.is_last:
        return not read.cannot
    aside = read.aside
    is_as_begun = aside.summary is None and aside.claimed == claimed
    return is_as_begun and not (read.left_out or read.is_cut_off or aside.truncated)


def _join(aside: Aside, rows: RowsRead, read: StretchRead) -> None:
    """Adds a stretch to those before it: its totals stand behind their blocks."""
    before, own = len(rows.fen), read.aside
    aside.totals.found += [t._replace(block=t.block + before) for t in own.totals.found]
    aside.footer_rows += own.footer_rows
    aside.repeated_headings += own.repeated_headings
    aside.notes += own.notes
    aside.claimed |= own.claimed
    aside.truncated |= own.truncated
    rows.add(read.rows)
