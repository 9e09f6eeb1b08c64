"""Ratios divide exactly, as marts do; null where there is nothing to divide by."""

from decimal import Decimal

import pytest

from pipelines.metrics.answers import columns, quotient, rows
from pipelines.metrics.declared import declared


@pytest.mark.parametrize(
    ("dividend", "divisor", "places", "quotient_"),
    [
        (Decimal("1305485"), 10_000_000, 6, "0.130549"),  # a half goes up; a float gave 0.130548
        (Decimal("-1305485"), 10_000_000, 6, "-0.130549"),
        (1, 3, 6, "0.333333"),
        (2, 3, 2, "0.67"),
        (Decimal("493389.87"), 4199, 2, "117.50"),
        (0, 7, 6, "0.000000"),
        (Decimal("99999999999999999999999999999999999.99"), 1, 2,
         "99999999999999999999999999999999999.99"),
    ],
)  # fmt: skip # a table
def test_a_quotient_is_exact(
    dividend: int | Decimal, divisor: int, places: int, quotient_: str
) -> None:
    assert str(quotient(dividend, divisor, places)) == quotient_


@pytest.mark.parametrize(("dividend", "divisor"), [(1, 0), (1, None), (None, 1), (0, 0)])
def test_nothing_to_divide_is_null(dividend: object, divisor: object) -> None:
    assert quotient(dividend, divisor, 6) is None


def test_floats_are_not_divided() -> None:
    with pytest.raises(TypeError):
        quotient(0.1, 3, 6)


def test_a_row_names_periods_and_what_is_missing() -> None:
    """The denominator stands beside the ratio."""
    from datetime import datetime

    known = declared()
    asked = [known.metric("mean_gift_cny"), known.metric("donors")]
    by = ["campaign", "month"]
    assert columns(asked, by) == [
        *("campaign", "month", "mean_gift_cny", "net_cny", "gifts_of_known_net", "donors"),
    ]
    answered = [
        ("c", datetime(2024, 8, 1), Decimal("10.00"), 4, None),
        (None, None, Decimal("0.00"), 0, 1),
    ]
    assert list(rows(known, asked, by, answered)) == [
        ["c", "2024-08", Decimal("2.50"), Decimal("10.00"), 4, None],
        ["none", "unknown", None, Decimal("0.00"), 0, 1],
    ]
