"""The size of a file's amounts, and whether its source usually has amounts of that size.

Amounts a hundred or ten thousand times too large or too small come from a mistaken unit:
fen for yuan, yuan for 万元. Logarithms are compared, because gifts are of very different sizes and
a few large ones make up most of the sum. `standing.holding` decides what becomes of such a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log, sqrt
from statistics import pstdev
from typing import NamedTuple

import polars as pl

from pipelines.sources import Source

#: Factors by which a mistaken unit is off, and within which factor of one of them counts as near.
FACTORS = (100, 10_000)
_NEAR = 2.0
#: Fewer amounts than this say little about what is usual.
_ENOUGH = 5
#: Standard errors between two means that exclude chance; the least spread assumed of amounts.
_CERTAIN, _LEAST_SPREAD = 5.0, 0.5
#: How many times farther from the usual size than the source's files are from each other.
_OFTEN = 3.0


class Scale(NamedTuple):
    """Positive amounts of one kind, in fen: how many, and sums of their logarithms and squares."""

    kind: str
    amounts: int
    logs: float
    squares: float

    def plus(self, other: Scale) -> Scale:
        """The sums of both."""
        return Scale(
            self.kind,
            self.amounts + other.amounts,
            self.logs + other.logs,
            self.squares + other.squares,
        )

    def minus(self, other: Scale) -> Scale:
        """Without those of `other`."""
        return self.plus(Scale(self.kind, -other.amounts, -other.logs, -other.squares))

    @property
    def mean(self) -> float:
        """Mean of the logarithms: the typical size."""
        return self.logs / self.amounts

    @property
    def error(self) -> float:
        """Squared standard error of the mean."""
        spread = max(self.squares / self.amounts - self.mean**2, _LEAST_SPREAD**2)
        return spread / self.amounts


def measure(source: Source, frame: pl.DataFrame) -> list[Scale]:
    """The sizes of a block's amounts; each kind of list (gifts, totals by day, goods) apart."""
    money = source.by_name[source.money_column].lake_name if source.money_column else None
    if money is None or not frame.height:
        return []
    apart = sorted({name for form in source.forms for name in form.constants})
    if apart:
        kind = pl.concat_str(apart, ignore_nulls=True).alias("of_kind")
        kinds = frame.select(kind, money).partition_by("of_kind", as_dict=True)
        found = [_scale(str(of_kind), rows[money]) for (of_kind,), rows in kinds.items()]
    else:
        found = [_scale("", frame[money])]
    return sorted(scale for scale in found if scale.amounts)


def _scale(kind: str, amounts: pl.Series) -> Scale:
    positive = amounts.filter(amounts > 0)
    # rounded to millionths, so that sums are exact however a file is cut into blocks
    size = (positive.log() * 1_000_000).round().cast(pl.Int64)
    thousandth = size // 1000
    logs, squares = int(size.sum()), int((thousandth * thousandth).sum())
    return Scale(kind, len(size), logs / 1e6, squares / 1e6)


def total(scales: Iterable[Scale]) -> tuple[Scale, ...]:
    """`scales` added up by kind."""
    summed: dict[str, Scale] = {}
    for scale in scales:
        before = summed.get(scale.kind)
        summed[scale.kind] = before.plus(scale) if before else scale
    return tuple(summed[kind] for kind in sorted(summed))


def factor_near(usual: Scale, found: Scale) -> float | None:
    """The factor (100, 10,000, or one over these) that `found` is near to; else None."""
    if usual.amounts < 1 or found.amounts < 1:
        return None
    apart = found.mean - usual.mean
    for factor in FACTORS:
        if log(factor / _NEAR) <= abs(apart) <= log(factor * _NEAR):
            return float(factor) if apart > 0 else 1 / factor
    return None


def is_certain(usual: Scale, found: Scale, means: Sequence[float]) -> bool:
    """True if chance and the usual differences between the source's files cannot explain it.

    `means` are those of the files that make up `usual`.
    """
    if min(usual.amounts, found.amounts) < _ENOUGH:
        return False
    apart = abs(found.mean - usual.mean)
    between = pstdev(means) if len(means) > 1 else 0.0
    return apart > _CERTAIN * sqrt(usual.error + found.error) and apart > _OFTEN * between
