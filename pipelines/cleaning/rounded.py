"""Ids of which a spreadsheet kept 15 digits and wrote zeros for the rest, told by coincidence.

One id may end so by chance: one in a thousand of those with 18 digits does. Where more do than
chance explains, they are damaged, and none of them says any more which order it was.
"""

from __future__ import annotations

from math import comb

import polars as pl

_KEPT = 15  # digits that a double holds for certain, and a spreadsheet keeps
_ROUNDED = rf"^[1-9]\d{{{_KEPT - 1}}}0+$"
_NUMBER = rf"^[1-9]\d{{{_KEPT},}}$"
_BY_CHANCE = 1e-3
_TIMES = 10  # more often than is to be expected


def rounded_ids(ids: pl.Series, *, is_key: bool) -> pl.Series | None:
    """Which of a column's ids are damaged; None where none is.

    Every row of a key counts, for each has a number of its own; else each id counts once, for one
    project's number may stand in every row.
    """
    if not (ids.str.len_bytes() > _KEPT).any():
        return None
    ends = ids.str.ends_with("0")
    few = ids.filter(ends)
    if not few.str.contains(_ROUNDED).any():
        return None
    told = ids if is_key else ids.unique()
    numbers = told.filter(told.str.contains(_NUMBER))
    zeros = numbers.str.contains(_ROUNDED)
    counts = pl.DataFrame({"digits": numbers.str.len_bytes(), "zeros": zeros}).group_by("digits")
    damaged = [
        digits
        for digits, rows, found in counts.agg(pl.len(), pl.col("zeros").sum()).iter_rows()
        if found and _is_beyond_chance(rows, found, 10.0 ** (_KEPT - digits))
    ]
    if not damaged:
        return None
    mask = ids.str.contains(_ROUNDED) & ids.str.len_bytes().is_in(damaged)
    return mask.fill_null(value=False)


def _is_beyond_chance(rows: int, found: int, chance: float) -> bool:
    """True when `found` of `rows` are more than tosses of that `chance` would give."""
    if found < _TIMES * rows * chance:
        return False
    # so far above what is to be expected the first term is nearly the whole of the tail
    head = comb(rows, found) if found < 30 else None
    return head is None or head * chance**found < _BY_CHANCE
