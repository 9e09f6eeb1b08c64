"""Tables as CSV: UTF-8 with a mark that spreadsheets need, values in full.

A text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a return) gets
an apostrophe before it. Figures are as they are in the table, minus signs too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from pages.data import Row
from pages.listings import is_number
from pages.web.paths import exact
from pages.words import Catalogue
from pages.words.columns import code, full_headings
from pipelines.tables.declaration import TableField

_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(text: str) -> str:
    """The text, harmless in a spreadsheet."""
    return f"'{text}" if text.startswith(_LIKE_FORMULA) else text


def csv_parts(
    say: Catalogue,
    columns: Sequence[TableField],
    batches: Iterable[Sequence[Row]],
    *,
    codes: bool = True,
) -> Iterator[bytes]:
    """The rows below one line of headings, a part at a time: no table is in memory whole.

    With columns' names and bare codes if not `codes`.
    """
    out = io.StringIO("\ufeff")
    out.seek(1)
    writer = csv.writer(out, lineterminator="\r\n")
    named = full_headings(say, columns)
    writer.writerow([neutral(named[c.name]) if codes else c.name for c in columns])
    for batch in batches:
        writer.writerows(
            [_cell(say if codes else None, column, row[column.name]) for column in columns]
            for row in batch
        )
        yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    """What was written so far, as bytes; the next part begins empty."""
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode("utf-8")


def _cell(say: Catalogue | None, column: TableField, value: object) -> str:
    if isinstance(value, str):
        return neutral(code(say, column.name, value) if say else value)
    text = exact(value)
    return text if is_number(column) else neutral(text)
