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
    suspects = ids.filter(ids.str.ends_with("0"))
    suspects = suspects.filter(suspects.str.contains(_ROUNDED))
    rounded = _without_first_of_series(suspects if is_key else suspects.unique(), ids)
    if not len(rounded):
        return None
    numbers = ids.filter(ids.str.contains(_NUMBER))
    rows = _by_length(numbers if is_key else numbers.unique())
    damaged = [
        digits
        for digits, zeros in _by_length(rounded).items()
        if zeros > (not is_key) and _is_beyond_chance(rows[digits], zeros, 10.0 ** (_KEPT - digits))
    ]
    found = rounded.filter(rounded.str.len_bytes().is_in(damaged))
    return ids.is_in(found.unique().implode()).fill_null(value=False) if len(found) else None


def _by_length(numbers: pl.Series) -> dict[int, int]:
    """Digits → how many numbers have so many."""
    return dict(numbers.str.len_bytes().value_counts().iter_rows())


#: Numbers of one series share their length and the digits that a spreadsheet keeps.
_SERIES = (
    pl.col("id").str.len_bytes().alias("digits"),
    pl.col("id").str.slice(0, _KEPT).alias("kept"),
)


def _without_first_of_series(suspects: pl.Series, ids: pl.Series) -> pl.Series:
    """`suspects` but those that stand in no more rows than some other number of their series."""
    if not len(suspects):
        return suspects
    counts = suspects.alias("id").value_counts(name="times").with_columns(_SERIES)
    near = ids.str.slice(0, _KEPT).is_in(counts["kept"].unique().implode())
    others = ids.filter(near & ids.str.len_bytes().is_in(counts["digits"].unique().implode()))
    others = others.filter(others.str.contains(_NUMBER) & ~others.str.contains(_ROUNDED))
    beside = others.alias("id").to_frame().with_columns(_SERIES)
    series = ["digits", "kept"]
    # most suspects stand in one row: whatever stands beside them does in as many, uncounted
    is_lone = pl.col("times") == 1
    begun = counts.filter(is_lone).join(beside.select(series).unique(), on=series, how="semi")
    often = counts.filter(~is_lone)
    most = (
        beside.join(often, on=series, how="semi")
        .group_by("id", *series)
        .agg(pl.len().alias("times"))
        .group_by(series)
        .agg(pl.col("times").max().alias("most"))
    )
    repeated = often.join(most, on=series).filter(pl.col("times") <= pl.col("most"))
    first = pl.concat([begun["id"], repeated["id"]])
    return suspects.filter(~suspects.is_in(first.implode()))


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
