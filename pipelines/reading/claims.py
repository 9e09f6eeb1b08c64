"""Figures that a file prints about its own rows: in lines around the table, or as a second table.

Only what is printed; whether it is right is found out in `stages`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from pipelines.cleaning.text import half_width, plain
from pipelines.sources import Claim

#: What stands around a heading in re-exports that quote or mark every cell.
MARKS = "`'\" \t"
_MOST, _SMALLEST = Decimal("1e30"), -12


def figure(text: str | None) -> Decimal | None:
    """The number that a printed figure says; None where it says none.

    One beyond all sense is cut to `_MOST`: wrong it is either way, and it can be written down.
    """
    try:
        said = Decimal(half_width(text or "").replace(",", "").removeprefix("¥").strip())
    except InvalidOperation:
        return None
    if not said.is_finite():
        return None
    if said.adjusted() < _SMALLEST:
        return Decimal(0)
    return max(min(said, _MOST), -_MOST)


def in_line(cells: Iterable[str | None], claims: Sequence[Claim]) -> dict[str, Decimal]:
    """The figures in one line that stands above or under a table."""
    line = plain(",".join(c or "" for c in cells).rstrip(", \t"))
    found = {}
    for claim in claims:
        said = re.search(claim.pattern, line) if claim.pattern else None
        value = figure(said[1]) if said else None
        if value is not None:
            found[claim.name] = value
    return found


def summary_names(claims: Sequence[Claim]) -> list[str]:
    """Headings with one of which a summary table begins."""
    return [h for c in claims for h in c.headings]


def in_summary(
    names: Sequence[str | None], values: Sequence[str | None], claims: Sequence[Claim]
) -> dict[str, Decimal]:
    """The figures of a summary table: its heading row and its row of values."""
    said: Mapping[str, str | None] = {
        (n or "").strip(MARKS): v for n, v in zip(names, values, strict=False) if n
    }
    found = {}
    for claim in claims:
        value = next((figure(said[h]) for h in claim.headings if h in said), None)
        if value is not None:
            found[claim.name] = value
    return found
