"""What every kind of file is read into: blocks of text rows with their line numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from pipelines.cleaning.identities import mask_text
from pipelines.reading.headings import Heading
from pipelines.reading.left_out import LeftOut

LINE = "source_row"
MISFIT = "misfit"  # why a row does not fit its headings; null for most
FIELD_COUNT, MALFORMED, CUT_OFF = "any.field_count", "any.malformed", "any.cut_off"
STRAY_QUOTE, BAD_BYTES = "any.stray_quote", "any.bad_bytes"
#: A row that may be a total or a record.
TOTAL_ROW = "any.total_row"
#: A row with too few fields. Spreadsheets drop trailing blanks, so it is kept unless one of its
#: values cannot be read; then its fields have shifted and it counts as `any.field_count`.
SHORT = "any.short"


def cell(position: int) -> str:
    """The frame's name for the file's column at `position`."""
    return f"c{position}"


@dataclass(frozen=True)
class Block:
    """Some consecutive rows: columns `c0`…, `source_row` (from 1), `misfit` (rule id or null)."""

    frame: pl.DataFrame
    is_plain: bool = False  # its first cells show that it holds records only


@dataclass
class ReadTable:
    """One table of a file: its heading and, once its rows are read, what else was in it."""

    sheet: str | None
    encoding: str
    dialect: str
    heading: Heading
    titles: list[list[str]]
    rows: Iterator[Block]
    date_1904: bool = False
    truncated: bool = False
    left_out: list[LeftOut] = field(default_factory=list)  # complete once the rows are read
    first_column: int = 0  # where the table begins, as a column of its sheet or file

    @property
    def holds_objects(self) -> bool:
        """True of JSON: its rows are objects, with nothing beside them."""
        return self.dialect.startswith("json")

    def place(self, position: int) -> str:
        """A column's place as shown in `left_out`: `Sheet1!D`, or `D` in a text file."""
        letters, number = "", position + self.first_column + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("A") + rest) + letters
        # the sheet's name of a block beside another ends with the column where it begins
        sheet = mask_text(re.sub(r"![A-Z]{1,3}$", "", self.sheet or ""))
        return f"{sheet}!{letters}" if sheet else letters


def blank_rows(frame: pl.DataFrame) -> pl.Series | None:
    """Which rows of a block are blank; None if a column without nulls shows that none is."""
    cells = [name for name in frame.columns if name not in (LINE, MISFIT)]
    if any(frame[name].null_count() == 0 for name in cells):
        return None
    return frame.select(pl.all_horizontal(pl.col(cells).is_null())).to_series()


def text_frame(
    rows: list[list[str]], lines: list[int], width: int, known: Sequence[str | None] = ()
) -> pl.DataFrame:
    """A block's frame from Python rows; short rows end in nulls, long ones are misfits.

    `known` holds each row's misfit found before, or None.
    """
    columns = {
        cell(i): pl.Series([(r[i] or None) if i < len(r) else None for r in rows], dtype=pl.String)
        for i in range(width)
    }
    misfit = [_misfit(r, width) for r in rows]
    if any(known):
        misfit = [before or found for before, found in zip(known, misfit, strict=True)]
    return pl.DataFrame(
        {
            **columns,
            LINE: pl.Series(lines, dtype=pl.Int64),
            MISFIT: pl.Series(misfit, dtype=pl.String),
        }
    )


def _misfit(row: list[str], width: int) -> str | None:
    if any(extra.strip() for extra in row[width:]):
        return FIELD_COUNT
    return SHORT if len(row) < width else None
