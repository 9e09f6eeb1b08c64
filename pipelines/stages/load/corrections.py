"""Lines that a person corrected: their cells are replaced before the line is cleaned and ruled.

So a corrected line is read in its own file, under its headings, units and titles, typed and ruled
like any other, and keeps its file and line. The received bytes stay as they are. Who may correct
what is `receive.correcting`'s; the values are kept in the archive's catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from pipelines.reading.blocks import LINE, MISFIT, SHORT, Block, ReadTable, cell
from pipelines.stages.store.receipts import Correction

#: Line → column → text.
Changes = Mapping[int, Mapping[str, str]]


def of_table(corrections: Iterable[Correction], file_id: str, table: ReadTable) -> Changes:
    """The corrections of a table's lines whose columns the table has, all of them.

    One that names a column without a heading here is left: its line stays as it is.
    """
    begins = f"{file_id}:{table.sheet or ''}:"
    known = {field.column.name for field in table.heading.fields}
    return {
        int(line): correction.changes
        for correction in corrections
        if correction.quarantine_id.startswith(begins)
        and (line := correction.quarantine_id.removeprefix(begins)).isdigit()
        and correction.changes.keys() <= known
    }


def corrected(blocks: Iterator[Block], table: ReadTable, changes: Changes) -> Iterator[Block]:
    """The blocks with corrected lines in place of the received ones."""
    for block in blocks:
        lines = set(changes).intersection(block.frame[LINE]) if changes else ()
        frame = block.frame
        for line in sorted(lines):
            frame = _with(frame, table, line, changes[line])
        yield block if frame is block.frame else Block(frame, block.is_plain)


def _with(
    frame: pl.DataFrame, table: ReadTable, line: int, changes: Mapping[str, str]
) -> pl.DataFrame:
    # values of a line that does not fit its headings lie under the wrong ones
    fits = pl.col(MISFIT).is_null() | (pl.col(MISFIT) == SHORT)
    is_it = (pl.col(LINE) == line) & fits
    texts: dict[str, str | None] = {}
    for name, text in changes.items():
        own = [field for field in table.heading.fields if field.column.name == name]
        # of several headings that mean the column, one says it
        texts |= {cell(f.position): text if f is own[0] else None for f in own}
    return frame.with_columns(
        pl.when(is_it).then(pl.lit(text, pl.String)).otherwise(pl.col(place)).alias(place)
        for place, text in texts.items()
        if place in frame.columns
    )
