"""Rows of an answer: periods and missing members by name, ratios divided exactly.

MetricFlow divides as floats, so it is asked for the two parts of a ratio. They are divided here as
marts divide: halves away from zero, null where there is nothing to divide by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import cast

from pipelines.dictionary import Unit
from pipelines.metrics.conditions import GRAINS, period
from pipelines.metrics.declared import Declared, Metric
from pipelines.metrics.dimensions import UNKNOWN
from pipelines.metrics.queries import figures

#: Decimals of a quotient, by what it counts; of shares and multiples six, as in marts.
_PLACES = {Unit.YUAN: 2, Unit.DAYS: 2}
_DIGITS = 60


def columns(metrics: Sequence[Metric], by: Sequence[str]) -> list[str]:
    """What was asked by, then each metric, after a ratio its numerator and denominator."""
    names = list(by)
    for metric in metrics:
        names += [metric.name, *(p for p in (metric.numerator, metric.denominator) if p)]
    return list(dict.fromkeys(names))


def rows(
    declared: Declared,
    metrics: Sequence[Metric],
    by: Sequence[str],
    answered: Iterable[Sequence[object]],
) -> Iterator[list[object]]:
    """The rows of a query of `queries`, in the columns of `columns`."""
    missing = {d: declared.dimension(d, metrics)[0].missing for d in by if d not in GRAINS}
    asked = figures(metrics)
    for row in answered:
        found: dict[str, object] = {}
        for name, value in zip(by, row, strict=False):
            if value is None:
                found[name] = missing.get(name, UNKNOWN)
            elif name in GRAINS:
                found[name] = period(name, cast(date, value))
            else:
                found[name] = value
        found |= dict(zip(asked, row[len(by) :], strict=True))
        for metric in metrics:
            if metric.numerator and metric.denominator:
                found[metric.name] = quotient(
                    found[metric.numerator], found[metric.denominator], _PLACES.get(metric.unit, 6)
                )
        yield [found[name] for name in columns(metrics, by)]


def quotient(dividend: object, divisor: object, places: int) -> Decimal | None:
    """An exact quotient; None where one side is missing or the divisor is 0.

    Raises TypeError for a side that is no exact number.
    """
    if dividend is None or divisor is None or divisor == 0:
        return None
    if not isinstance(dividend, int | Decimal) or not isinstance(divisor, int | Decimal):
        raise TypeError(f"no exact numbers: {dividend!r}, {divisor!r}")
    with localcontext() as context:
        context.prec = _DIGITS
        whole = Decimal(dividend) / Decimal(divisor)
        return whole.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
