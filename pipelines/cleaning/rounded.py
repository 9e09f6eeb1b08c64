"""Ids of which a spreadsheet kept 15 digits and wrote zeros for the rest, told by coincidence.

One id may end so by chance: one in a thousand of those with 18 digits does, and the first of a
series has its successors beside it. Where more end so than chance explains they are damaged, and
none of them says any more which order it was.
"""

from __future__ import annotations

from math import comb, exp, log

import polars as pl

_KEPT = 15  # digits that a spreadsheet keeps
_ROUNDED = rf"^[1-9][0-9]{{{_KEPT - 1}}}0+$"  # not \d: all digits of Unicode take long to compile
_NUMBER = rf"^[1-9][0-9]{{{_KEPT},}}$"
_SELDOM, _NEVER = 1e-3, 1e-9
_TIMES = 10  # more often than is to be expected


def rounded_ids(ids: pl.Series, *, is_key: bool) -> pl.Series | None:
    """Which of a column's ids are damaged; None where none is.

    Every row of a key counts, for each has a number of its own. Elsewhere each id counts once, for
    one project's number may stand in every row, and one alone may have been given out so.
    """
    if not (ids.str.len_bytes() > _KEPT).any():
        return None
    if not ids.filter(ids.str.ends_with("0")).str.contains(_ROUNDED).any():
        return None
    told = ids.filter(ids.str.contains(_NUMBER)).alias("id")
    frame = pl.DataFrame([told if is_key else told.unique()]).with_columns(
        digits=pl.col("id").str.len_bytes(), zeros=pl.col("id").str.contains(_ROUNDED)
    )
    series = ("digits", pl.col("id").str.slice(0, _KEPT))
    # the first of a series stands in as many rows as its successors do
    times = pl.len().over("id")
    successors = pl.when(~pl.col("zeros")).then(times).max().over(series).fill_null(0)
    frame = frame.with_columns(pl.col("zeros") & (times > successors))
    counts = frame.group_by("digits").agg(pl.len(), pl.col("zeros").sum())
    damaged = [
        digits
        for digits, rows, zeros in counts.iter_rows()
        if zeros > (not is_key) and _is_beyond_chance(rows, zeros, 10.0 ** (_KEPT - digits))
    ]
    found = frame.filter(pl.col("zeros") & pl.col("digits").is_in(damaged))["id"]
    return ids.is_in(found.unique().implode()).fill_null(value=False) if len(found) else None


def _is_beyond_chance(rows: int, found: int, chance: float) -> bool:
    """True when `found` of `rows` are more than a draw with that `chance` would give."""
    share = found / rows
    if share <= chance:
        return False
    # Chernoff's bound: so many or more come up at most so often
    off = share * log(share / chance)
    if found < rows:
        off += (1 - share) * log((1 - share) / (1 - chance))
    if exp(-rows * off) < _NEVER:
        return True
    # few rows: far above what is to be expected the first term is nearly the whole of the tail
    is_far = share >= _TIMES * chance
    return is_far and comb(rows, found) * chance**found < _SELDOM
