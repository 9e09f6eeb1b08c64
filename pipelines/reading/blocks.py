"""What every kind of file is read into: blocks of text rows that know their line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from pipelines.cleaning.identities import mask_text
from pipelines.reading.headings import Heading
from pipelines.reading.left_out import LeftOut

LINE = "source_row"
MISFIT = "misfit"  # why a row cannot be laid under its headings; null for most
FIELD_COUNT, MALFORMED, CUT_OFF = "any.field_count", "any.malformed", "any.cut_off"
STRAY_QUOTE, BAD_BYTES = "any.stray_quote", "any.bad_bytes"
#: A row that may be a total or a record: which, nobody can tell.
TOTAL_ROW = "any.total_row"
#: A row that ends early. Spreadsheets drop trailing blanks, so it stands unless a value of it
#: cannot be read; then its fields have shifted and it counts as `any.field_count`.
SHORT = "any.short"


def cell(position: int) -> str:
    """The frame's name for the file's column at `position`."""
    return f"c{position}"


@dataclass(frozen=True)
class Block:
    """Some consecutive rows: columns `c0`…, `source_row` (from 1), `misfit` (rule id or null)."""

    frame: pl.DataFrame
    is_plain: bool = False  # a look at its first cells told that there are records only


@dataclass
class Table:
    """One table of a file: its heading and, once read, what else stood in it."""

    sheet: str | None
    encoding: str
    dialect: str
    heading: Heading
    titles: list[list[str]]
    rows: Iterator[Block]
    date_1904: bool = False
    truncated: bool = False
    left_out: list[LeftOut] = field(default_factory=list)  # whole once the rows are read
    first_column: int = 0  # where the table begins, in columns of its sheet or file

    @property
    def holds_objects(self) -> bool:
        """True of JSON: its rows are objects, there is nothing beside them."""
        return self.dialect.startswith("json")

    def place(self, position: int) -> str:
        """A column's place as `left_out` names it: `Sheet1!D`, or `D` of a text."""
        letters, number = "", position + self.first_column + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("A") + rest) + letters
        # a block beside another carries the place where it begins in its sheet's name
        sheet = mask_text(re.sub(r"![A-Z]{1,3}$", "", self.sheet or ""))
        return f"{sheet}!{letters}" if sheet else letters


def blank_rows(frame: pl.DataFrame) -> pl.Series | None:
    """Which rows of a block hold nothing at all; None where a column without gaps tells: none."""
    cells = frame.drop(LINE, MISFIT, strict=False)
    if any(column.null_count() == 0 for column in cells):
        return None
    return cells.select(pl.all_horizontal(pl.all().is_null())).to_series()


def text_frame(
    rows: list[list[str]], lines: list[int], width: int, known: Sequence[str | None] = ()
) -> pl.DataFrame:
    """A block's frame from Python rows; short rows end in nulls, long ones are misfits.

    `known` holds, row by row, why it is a misfit already.
    """
    columns = {
        cell(i): pl.Series([(r[i] or None) if i < len(r) else None for r in rows], dtype=pl.String)
        for i in range(width)
    }
    misfit = [_misfit(r, width) for r in rows]
    if any(known):
        misfit = [told or found for told, found in zip(known, misfit, strict=True)]
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
