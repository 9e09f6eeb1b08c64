"""What files say of themselves, held against their rows: counts and sums of every claim.

Which figures a source prints is declared in its contract; finding them in a file is `reading`'s.
A claim that is wrong refuses nothing: it is reported with both figures.
"""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from pipelines.cleaning.numbers import total
from pipelines.sources import Kind, Source


def add_found(found: dict[str, Decimal], source: Source, frame: pl.DataFrame) -> None:
    """Adds what the rows of `frame` say to each claim of `source`: rows, or exact yuan."""
    for claim in source.claims:
        rows = frame if claim.where is None else frame.filter(claim.where)
        if claim.column is None:
            said = Decimal(rows.height)
        else:
            column = source.by_name[claim.column]
            places = 5 if column.kind is Kind.FINE_MONEY else 2
            said = Decimal(total(rows[column.lake_name])).scaleb(-places)
        found[claim.name] = found.get(claim.name, Decimal(0)) + said


def settle(
    source: Source, sheet: str | None, claimed: dict[str, Decimal], found: dict[str, Decimal]
) -> tuple[tuple[str, str, str], ...]:
    """(claim, as printed, as the rows say) of each claim that a table made, in order.

    Empties both: the next sheet or member of the file speaks for itself. Its name stands before
    the claim's where there is one.
    """
    place = f"{sheet}: " if sheet else ""
    told = tuple(
        (place + c.name, f"{claimed[c.name]:f}", f"{found.get(c.name, Decimal(0)):f}")
        for c in source.claims
        if c.name in claimed
    )
    claimed.clear()
    found.clear()
    return told


def agrees(printed: str, found: str) -> bool:
    """True when both figures are the same amount.

    Totals of refunds are printed with and without a sign by variants of one bill, so only the
    size counts: a total that is right but for its sign leaves no row or fen out.
    """
    return abs(Decimal(printed)) == abs(Decimal(found))
