"""Invented donors: ids, names, phones and regions derived from a donor's number.

They are obviously synthetic: ids begin with SYN, names with 合成, and phone numbers
with 12, which no mobile network in China uses. None of them is based on a real person.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from sample.draw import Ints, Stream, Words, mix, unit
from sample.regions import donor_regions

COMPANIES = 3_000
_GIFTS_PER_DONOR = 1.65  # on average; a few give far more often
_SKEW = 1.35


def pool_size(gifts: int) -> int:
    """The number of persons from whom donors are drawn."""
    return max(100, round(gifts / _GIFTS_PER_DONOR))


def draw_donors(stream: Stream, n: int, pool: int) -> Ints:
    """Donor numbers in [0, pool): low numbers give more often."""
    return (stream.uniform(n) ** _SKEW * pool).astype(np.int64)


def person_columns(number: Ints, home_share: float) -> dict[str, pl.Series]:
    """donor_id, donor_name, phone, donor_region of persons, as text."""
    digits = pl.Series(number).cast(pl.String)
    codes, weights = donor_regions(home_share)
    steps = np.cumsum(np.array(weights))
    hashed: Words = mix(number.astype(np.uint64) + np.uint64(0x5EED))
    at = np.minimum(np.searchsorted(steps, unit(hashed), side="right"), len(codes) - 1)
    region = pl.Series(at).cast(pl.UInt32)
    frame = pl.select(
        donor_id=pl.lit("SYNU") + pl.lit(digits).str.zfill(10),
        donor_name=pl.lit("合成用户") + pl.lit(digits),
        phone=pl.lit("12") + pl.lit(digits).str.zfill(9),
        donor_region=pl.lit(pl.Series(codes)).gather(region),
    )
    return {c.name: c for c in frame.get_columns()}


def company_columns(number: Ints) -> dict[str, pl.Series]:
    """donor_id and donor_name of companies, as text; they give no phone."""
    digits = pl.lit(pl.Series(number % COMPANIES).cast(pl.String)).str.zfill(4)
    frame = pl.select(
        donor_id=pl.lit("SYNC") + digits,
        donor_name=pl.lit("合成示例企业") + digits + pl.lit("有限公司"),
    )
    return {c.name: c for c in frame.get_columns()}
