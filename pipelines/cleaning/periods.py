"""Periods as people write them: 2024年, 2024年上半年, 2024年第一季度, 2024-08, two days.

One spelling each, with first and last day. What is none of these has neither.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

_PART = (
    r"^(\d{4})(?:年度?$|$|年?[-/]?(上半年|下半年|H1|H2)$|年?[-/]?第?([一二三四1-4])季度$|[-/]?Q([1-4])$"
    r"|(?:年|[-/])(0?[1-9]|1[0-2])月?$|(0[1-9]|1[0-2])$)"
)
_YEAR, _HALF, _QUARTER_ZH, _QUARTER, _MONTH, _MONTH_PLAIN = range(1, 7)
_DAYS = r"^(\d{4}-\d{2}-\d{2})(?:至|到|~|～|—|–|/)(\d{4}-\d{2}-\d{2})$"
_FIRST_YEAR, _LAST_YEAR = 1990, 2049  # those of dim_date


def period_columns(column: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """A source's `derive`: `column` in one spelling, its `_from` and `_to` beside it."""

    def derive(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(_read(frame[column], column))

    return derive


def _read(periods: pl.Series, name: str) -> list[pl.Series]:
    text = pl.col("text")
    parts = {n: text.str.extract(_PART, n) for n in range(1, 7)}
    half = parts[_HALF].replace_strict({"上半年": 1, "H1": 1, "下半年": 2, "H2": 2}, default=None)
    quarter = pl.coalesce(
        parts[_QUARTER],
        parts[_QUARTER_ZH].replace({"一": "1", "二": "2", "三": "3", "四": "4"}),
    ).cast(pl.Int64)
    month = pl.coalesce(parts[_MONTH], parts[_MONTH_PLAIN]).cast(pl.Int64)
    first = pl.coalesce(month, quarter * 3 - 2, half * 6 - 5, pl.lit(1))
    last = pl.coalesce(month, quarter * 3, half * 6, pl.lit(12))
    year = parts[_YEAR].cast(pl.Int32)
    year = pl.when(year.is_between(_FIRST_YEAR, _LAST_YEAR)).then(year)
    begins, ends = (text.str.extract(_DAYS, n).str.to_date(strict=False) for n in (1, 2))
    is_days = begins <= ends
    spelt = pl.concat_str(
        year.cast(pl.String),
        pl.coalesce(
            pl.lit("-") + month.cast(pl.String).str.zfill(2),
            pl.lit("-Q") + quarter.cast(pl.String),
            pl.lit("-H") + half.cast(pl.String),
            pl.lit(""),
        ),
    )
    days = begins.cast(pl.String) + "/" + ends.cast(pl.String)
    read = pl.DataFrame({"text": periods.str.replace_all(r"\s", "").str.to_uppercase()}).select(
        pl.coalesce(pl.when(is_days).then(days), spelt, pl.lit(periods)).alias(name),
        pl.coalesce(pl.when(is_days).then(begins), pl.date(year, first, 1)).alias(f"{name}_from"),
        pl.coalesce(pl.when(is_days).then(ends), pl.date(year, last, 1).dt.month_end()).alias(
            f"{name}_to"
        ),
    )
    return read.get_columns()
