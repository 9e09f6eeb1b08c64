"""Sheets of the sample as .xlsx files whose bytes depend on the cells alone.

What a table holds belongs to `registers` and `notices`.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | Decimal | date | datetime | None

_MADE_AT = datetime(2024, 8, 5, 1)
_LAST_ROW, _LAST_COLUMN = 1_048_575, 16_383


@dataclass
class Sheet:
    """A sheet: rows of cells from the first row on. Row numbers count from 1."""

    name: str
    rows: list[Sequence[Cell]] = field(default_factory=list)
    merged: dict[int, int] = field(default_factory=dict)  # titles: row number → columns they span
    hidden: set[int] = field(default_factory=set)  # row numbers
    far_cell: bool = False  # a cell in the last corner: a size that is not there (a planted fault)

    def add(self, *cells: Cell) -> int:
        """Append a row; its number from 1."""
        self.rows.append(cells)
        return len(self.rows)


def serial(moment: date | datetime) -> float:
    """Days since 1899-12-30, as a workbook stores a date."""
    at = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)
    return (at - datetime(1899, 12, 30)) / timedelta(days=1)


def workbook(sheets: Sequence[Sheet], *, date_1904: bool = False) -> bytes:
    """The sheets as the bytes of an .xlsx file, texts inline."""
    out = io.BytesIO()
    options = {"constant_memory": True, "date_1904": date_1904}
    with Workbook(out, options) as book:
        book.set_properties({"created": _MADE_AT})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            for at, cells in enumerate(sheet.rows):
                if at + 1 in sheet.hidden:
                    page.set_row(at, options={"hidden": True})
                if columns := sheet.merged.get(at + 1):
                    page.merge_range(at, 0, at, columns - 1, "")
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        form = moment if isinstance(cell, datetime) else day
                        page.write_datetime(at, column, cell, form)
                    else:
                        _write(page, at, column, cell)
            if sheet.far_cell:
                page.write_number(_LAST_ROW, _LAST_COLUMN, 1)
    return out.getvalue()


def _write(page: Worksheet, row: int, column: int, cell: str | float | Decimal | None) -> None:
    """A text stays a text: none becomes a link, a formula or a number."""
    if isinstance(cell, str):
        page.write_string(row, column, cell)
    elif cell is not None:
        page.write_number(row, column, cell)
