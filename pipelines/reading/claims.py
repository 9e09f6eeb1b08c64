"""Figures that a file prints about its own rows: in lines around the table, or in a summary table.

Only finds what is printed; `stages.load.claims` checks whether it is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from pipelines.cleaning.text import half_width, plain
from pipelines.sources import Claim

#: Characters around a heading in re-exports that quote or mark every cell.
MARKS = "`'\" \t"
_MOST, _SMALLEST = Decimal("1e30"), -12


def figure(text: str | None) -> Decimal | None:
    """The number in a printed figure; None if there is none.

    An absurdly large one is cut to `_MOST`: it is wrong either way, and so it can be stored.
    """
    try:
        number = Decimal(half_width(text or "").replace(",", "").removeprefix("¥").strip())
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    if number.adjusted() < _SMALLEST:
        return Decimal(0)
    return max(min(number, _MOST), -_MOST)


def in_line(cells: Iterable[str | None], claims: Sequence[Claim]) -> dict[str, Decimal]:
    """The figures in one line above or below a table."""
    line = plain(",".join(c or "" for c in cells).rstrip(", \t"))
    found = {}
    for claim in claims:
        match = re.search(claim.pattern, line) if claim.pattern else None
        value = figure(match[1]) if match else None
        if value is not None:
            found[claim.name] = value
    return found


def summary_names(claims: Sequence[Claim]) -> list[str]:
    """The headings that a summary table may begin with."""
    return [h for c in claims for h in c.headings]


def in_summary(
    names: Sequence[str | None], values: Sequence[str | None], claims: Sequence[Claim]
) -> dict[str, Decimal]:
    """The figures of a summary table: its heading row and its row of values."""
    by_name: Mapping[str, str | None] = {
        (n or "").strip(MARKS): v for n, v in zip(names, values, strict=False) if n
    }
    found = {}
    for claim in claims:
        value = next((figure(by_name[h]) for h in claim.headings if h in by_name), None)
        if value is not None:
            found[claim.name] = value
    return found
