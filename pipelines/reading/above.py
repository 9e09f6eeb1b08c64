"""Rows of data that stand above their heading, as where somebody sorted a sheet with it.

They are told from titles and notes by how they are filled, and counted among what was left: which
of them are whole, nobody asks. What a cell of data looks like is told here as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.cleaning.text import half_width
from pipelines.reading.left_out import Kind, LeftOut
from pipelines.reading.totals import folded, is_label

if TYPE_CHECKING:
    from pipelines.reading.headings import Heading
    from pipelines.sources import Source

_DATA = re.compile(
    r"\d{6}|^[¥￥]?[+-]?[\d,]+(?:\.\d+)?%?$|\d{4}[-/.年]\d{1,2}[-/.月]\d|\d:\d\d|@"
    r"|^(?=.*\d)(?=.*[A-Za-z])[\w-]{16,}$"
)
#: A title that parts its texts into cells: `制表日期：`, `2024-08-02`.
_NAMES_THE_NEXT = re.compile(r"[:：]\s*$")


def looks_like_data(cell: str) -> bool:
    """True of what is no name of a column: an amount, a day, a time, an address, a long number."""
    return _DATA.search(half_width(cell)) is not None


def is_row(cells: Sequence[str], heading: Heading, source: Source) -> bool:
    """True of cells that may be a row under `heading`: what every row must hold stands under its
    name, or as much stands in half of the columns at least."""
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
    return not is_label(folded(first)) and any(map(looks_like_data, filled.values()))


def titles_and_left(
    above: Sequence[list[str]], heading: Heading, source: Source
) -> tuple[list[list[str]], LeftOut | None]:
    """What stands `above` a heading: its titles, and the rows among them, counted."""
    rows = [cells for cells in above if is_row(cells, heading, source)]
    if not rows:
        return list(above), None
    titles = [cells for cells in above if not is_row(cells, heading, source)]
    filled = sum(bool(cell.strip()) for cells in rows for cell in cells)
    return titles, LeftOut(Kind.BLOCK, "above the heading", len(rows), filled)
