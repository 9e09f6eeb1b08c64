"""Detects ids of which a spreadsheet kept only 15 digits and replaced the rest by zeros.

A single id may end like this by chance: one in a thousand of those with 18 digits does, and the
first of a series has its successors beside it. If more ids do than chance explains, they are
damaged, and none of them identifies its order any more.
"""

from __future__ import annotations

from math import comb, exp, log

import polars as pl

_KEPT = 15  # digits that a spreadsheet keeps
_ROUNDED = rf"^[1-9][0-9]{{{_KEPT - 1}}}0+$"  # not \d: all digits of Unicode take long to compile
_NUMBER = rf"^[1-9][0-9]{{{_KEPT},}}$"
_SELDOM, _NEVER = 1e-3, 1e-9  # probabilities
_TIMES = 10  # times the expected share


def rounded_ids(ids: pl.Series, *, is_key: bool) -> pl.Series | None:
    """Mask of a column's damaged ids; None if there are none.

    Every row of a key counts, because each has its own number. Elsewhere each distinct id counts
    once, because one project's number may be in every row, and a single id may really end in zeros.
    """
    if not (ids.str.len_bytes() > _KEPT).any():
        return None
    if not ids.filter(ids.str.ends_with("0")).str.contains(_ROUNDED).any():
        return None
    numbers = ids.filter(ids.str.contains(_NUMBER)).alias("id")
    frame = pl.DataFrame([numbers if is_key else numbers.unique()]).with_columns(
        digits=pl.col("id").str.len_bytes(), zeros=pl.col("id").str.contains(_ROUNDED)
    )
    series = ("digits", pl.col("id").str.slice(0, _KEPT))
    # the first of a series is in as many rows as its successors are
    rows_of_id = pl.len().over("id")
    successors = pl.when(~pl.col("zeros")).then(rows_of_id).max().over(series).fill_null(0)
    frame = frame.with_columns(pl.col("zeros") & (rows_of_id > successors))
    counts = frame.group_by("digits").agg(pl.len(), pl.col("zeros").sum())
    damaged = [
        digits
        for digits, rows, zeros in counts.iter_rows()
        if zeros > (not is_key) and _is_beyond_chance(rows, zeros, 10.0 ** (_KEPT - digits))
    ]
    found = frame.filter(pl.col("zeros") & pl.col("digits").is_in(damaged))["id"]
    return ids.is_in(found.unique().implode()).fill_null(value=False) if len(found) else None


def _is_beyond_chance(rows: int, found: int, chance: float) -> bool:
    """True if `found` of `rows` are more than draws with that `chance` would give."""
    share = found / rows
    if share <= chance:
        return False
    # Chernoff's bound on the probability of so many or more
    divergence = share * log(share / chance)
    if found < rows:
        divergence += (1 - share) * log((1 - share) / (1 - chance))
    if exp(-rows * divergence) < _NEVER:
        return True
    # few rows: far above the expected share, the first term is nearly the whole tail
    is_far = share >= _TIMES * chance
    return is_far and comb(rows, found) * chance**found < _SELDOM
