"""Rows of data above their heading, as when somebody sorted a sheet together with its heading.

They are distinguished from titles and notes by their cells, and counted as left out; they are not
read. `looks_like_data` decides whether a cell is data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pipelines.cleaning.text import half_width
from pipelines.reading.left_out import LeftKind, LeftOut
from pipelines.reading.totals import folded, is_label

if TYPE_CHECKING:
    from pipelines.reading.headings import Heading
    from pipelines.sources import Source

_DATA = re.compile(
    r"\d{6}|^[¥￥]?[+-]?[\d,]+(?:\.\d+)?%?$|\d{4}[-/.年]\d{1,2}[-/.月]\d|\d:\d\d|@"
    r"|^(?=.*\d)(?=.*[A-Za-z])[\w-]{16,}$"
)
#: A title spread over two cells: `制表日期：`, `2024-08-02`.
_NAMES_THE_NEXT = re.compile(r"[:：]\s*$")


def looks_like_data(cell: str) -> bool:
    """True of an amount, a day, a time, an address or a long number: not a column's name."""
    return _DATA.search(half_width(cell)) is not None


def is_row(cells: Sequence[str], heading: Heading, source: Source) -> bool:
    """True if `cells` may be a row under `heading`.

    Either all required columns are filled, or at least half of all columns.
    """
    filled = {i: c.strip() for i, c in enumerate(cells) if c.strip()}
    needed = {f.position for f in heading.fields if f.column.name in heading.must_hold(source)}
    if len(filled) < max(len(needed), 2):
        return False
    columns = sum(1 for name in heading.names if name.strip())
    if not needed <= filled.keys() and len(filled) * 2 < columns:
        return False
    first = next(iter(filled.values()))
    if first.startswith("#") or any(map(_NAMES_THE_NEXT.search, filled.values())):
        return False
    return not is_label(folded(first)) and (
        any(map(looks_like_data, filled.values())) or _holds_a_code(filled, heading)
    )


def _holds_a_code(filled: Mapping[int, str], heading: Heading) -> bool:
    """True if a cell is one of the codes of the column that it stands under."""
    return any(
        half_width(filled.get(field.position, "")) in field.column.codes
        for field in heading.fields
        if field.column.codes
    )


def titles_and_left(
    above: Sequence[list[str]], heading: Heading, source: Source
) -> tuple[list[list[str]], LeftOut | None]:
    """The titles among the rows `above` a heading, and the count of data rows among them."""
    rows = [cells for cells in above if is_row(cells, heading, source)]
    if not rows:
        return list(above), None
    titles = [cells for cells in above if not is_row(cells, heading, source)]
    filled = sum(bool(cell.strip()) for cells in rows for cell in cells)
    return titles, LeftOut(LeftKind.BLOCK, "above the heading", len(rows), filled)
