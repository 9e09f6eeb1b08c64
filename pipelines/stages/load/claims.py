"""Claims of a file (counts and sums that it prints) compared with its rows.

Which figures a source prints is declared in its contract; `reading` finds them in a file.
A wrong claim refuses nothing: it is reported with both figures.
"""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from pipelines.cleaning.numbers import total
from pipelines.sources import Kind, Source


def add_found(found: dict[str, Decimal], source: Source, frame: pl.DataFrame) -> None:
    """Adds what `frame` holds for each claim of `source` to `found`: rows, or exact yuan."""
    for claim in source.claims:
        rows = frame if claim.where is None else frame.filter(claim.where)
        if claim.column is None:
            figure = Decimal(rows.height)
        else:
            column = source.by_name[claim.column]
            places = 5 if column.kind is Kind.FINE_MONEY else 2
            figure = Decimal(total(rows[column.lake_name])).scaleb(-places)
        found[claim.name] = found.get(claim.name, Decimal(0)) + figure


def settle(
    source: Source, sheet: str | None, claimed: dict[str, Decimal], found: dict[str, Decimal]
) -> tuple[tuple[str, str, str], ...]:
    """(claim, printed figure, figure of the rows) of each claim that a table made, in order.

    Empties both mappings, because the next sheet or archive member makes its own claims. A sheet's
    name is put before the claim's.
    """
    place = f"{sheet}: " if sheet else ""
    compared = tuple(
        (place + c.name, f"{claimed[c.name]:f}", f"{found.get(c.name, Decimal(0)):f}")
        for c in source.claims
        if c.name in claimed
    )
    claimed.clear()
    found.clear()
    return compared


def agrees(printed: str, found: str) -> bool:
    """True when both figures are the same amount.

    Variants of one bill print totals of refunds with and without a sign, so the sign is ignored: a
    total that is right except for its sign misses no row and no fen.
    """
    return abs(Decimal(printed)) == abs(Decimal(found))
