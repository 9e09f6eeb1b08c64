"""Tables as CSV: UTF-8 with a mark that spreadsheets need, values in full.

A text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a return) gets
an apostrophe before it. Figures are as they are in the table, minus signs too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from pages.data import Row
from pages.listings import is_number
from pages.web.rendering import exact
from pages.words import Catalogue
from pages.words.columns import code, full_headings
from pipelines.tables.declaration import TableField

_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(text: str) -> str:
    """The text, harmless in a spreadsheet."""
    return f"'{text}" if text.startswith(_LIKE_FORMULA) else text


def csv_bytes(
    say: Catalogue, columns: Sequence[TableField], batches: Iterable[Sequence[Row]]
) -> bytes:
    """The rows below one line of headings."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([neutral(text) for text in full_headings(say, columns).values()])
    for batch in batches:
        writer.writerows(
            [_cell(say, column, row[column.name]) for column in columns] for row in batch
        )
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _cell(say: Catalogue, column: TableField, value: object) -> str:
    if isinstance(value, str):
        return neutral(code(say, column.name, value))
    text = exact(value)
    return text if is_number(column) else neutral(text)
