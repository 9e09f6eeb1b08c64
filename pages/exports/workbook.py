"""Tables as a workbook: a first sheet that says what they are, then a sheet each.

Numbers are numbers, days are days, codes and long ids are text and no cell is ever a formula. The
same release gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from pages.data import Row
from pages.listings import is_number
from pages.words import Catalogue
from pages.words.columns import definition, full_headings, written
from pipelines.dictionary import Kind
from pipelines.publishing.releases import Release
from pipelines.tables.declaration import TableField

#: A sheet could hold a million; a workbook is made in memory, and so long nobody reads it.
MOST_ROWS = 200_000
#: Nothing that a text looks like makes it anything else.
_SETTINGS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORMATS = {
    Kind.MONEY: "#,##0.00",
    Kind.SHARE: "0.0%",
    Kind.RATIO: "#,##0.00",
    Kind.PERCENT: "#,##0.00",
}


class SheetTooLong(ValueError):  # noqa: N818 - reads as what it says
    """More rows than a sheet can hold: CSV has no limit."""


@dataclass(frozen=True)
class TableSheet:
    """A table to be written: its name, its columns and its rows, some at a time."""

    name: str
    columns: Sequence[TableField]
    batches: Iterable[Sequence[Row]]


def workbook(
    say: Catalogue,
    release: Release,
    title: str,
    told: Sequence[tuple[str, str]],
    sheets: Iterable[TableSheet],
) -> bytes:
    """The workbook; `told` are label and text of what narrows it. Raises SheetTooLong."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _SETTINGS)
    book.set_properties({"title": title, "author": "Juandi", "created": release.published_at})
    first = book.add_worksheet(say("export.about"))
    names = {say("export.about").casefold()}
    defined: dict[str, str] = {}
    counts: list[tuple[str, int]] = []
    for sheet in sheets:
        name = _free_name(sheet.name, names)
        counts.append((name, _write(say, book, book.add_worksheet(name), sheet)))
        heads = full_headings(say, sheet.columns)
        defined |= {heads[column.name]: definition(say, column) for column in sheet.columns}
    _about(say, book, first, release, title, told, counts, defined)
    book.close()
    return out.getvalue()


def _write(say: Catalogue, book: Any, page: Any, sheet: TableSheet) -> int:
    """Fills a sheet; returns its number of rows."""
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top",
                               "bg_color": "#E8EEF2", "bottom": 1})  # fmt: skip # a format
    plain = book.add_format({"valign": "top"})
    kinds = {k: book.add_format({"num_format": f, "valign": "top"}) for k, f in _FORMATS.items()}
    days = {
        date: book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"}),
    }
    headings = list(full_headings(say, sheet.columns).values())
    widths = [_width(text) for text in headings]
    for place, text in enumerate(headings):
        page.write_string(0, place, text, heading)
    line = 0
    for batch in sheet.batches:
        for row in batch:
            line += 1
            if line > MOST_ROWS:
                raise SheetTooLong(sheet.name)
            for place, column in enumerate(sheet.columns):
                value = row[column.name]
                if value is None:
                    continue
                if isinstance(value, date):
                    page.write_datetime(line, place, value, days[type(value)])
                elif _is_exact(column, value):
                    page.write_number(line, place, value, kinds.get(column.kind, plain))
                else:
                    page.write_string(line, place, written(say, column, value), plain)
                if line <= 200:
                    widths[place] = max(widths[place], _width(written(say, column, value)))
    for place, width in enumerate(widths):
        page.set_column(place, place, min(max(width + 2, 8), 60))
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(line, 1), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    return line


def _is_exact(column: TableField, value: object) -> bool:
    """Whether a spreadsheet's number holds the figure to its last digit."""
    if not is_number(column) or isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    return Decimal(repr(float(value))) == value


def _about(
    say: Catalogue,
    book: Any,
    page: Any,
    release: Release,
    title: str,
    told: Sequence[tuple[str, str]],
    counts: Sequence[tuple[str, int]],
    defined: Mapping[str, str],
) -> None:
    bold, wrap = book.add_format({"bold": True, "valign": "top"}), book.add_format(
        {"text_wrap": True, "valign": "top"}
    )  # fmt: skip # two formats
    lines: list[tuple[str, str]] = [
        (title, ""),
        (say("footer.release"), release.release_id),
        (say("footer.as_of"), release.as_of.isoformat()),
        (say("footer.published"), f"{release.published_at:%Y-%m-%d %H:%M}"),
        (say("export.hash"), release.content_hash),
        *told,
        ("", ""),
        (say("export.sheets"), ""),
        *((name, say("export.rows", count=count)) for name, count in counts),
        ("", ""),
        (say("export.definitions"), ""),
        *defined.items(),
    ]
    for line, (label, text) in enumerate(lines):
        page.write_string(line, 0, label, bold)
        if text:
            page.write_string(line, 1, text, wrap)
    page.set_column(0, 0, 28)
    page.set_column(1, 1, 90)


def _free_name(wanted: str, taken: set[str]) -> str:
    """A name that a sheet may have: 31 characters, none of seven signs, no other sheet's."""
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", wanted).strip().strip("'") or "-"
    number, free = 1, name[:31]
    while free.casefold() in taken or free.casefold() == "history":
        number += 1
        free = f"{name[: 31 - len(str(number)) - 1]} {number}"
    taken.add(free.casefold())
    return free


def _width(text: str) -> int:
    """Of a text in a cell: Chinese characters are two wide."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
