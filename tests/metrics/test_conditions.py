"""Conditions are read strictly, and periods are written as they are read."""

from datetime import date, timedelta

import pytest

from pipelines.metrics.conditions import (
    GRAINS,
    Compared,
    NoCondition,
    first_day,
    period,
    read_conditions,
)


def test_conditions_come_singly_or_in_a_list() -> None:
    found = list(read_conditions(["campaign = a,b ,month>=2024-01", "name!=x y"]))
    assert found == [
        Compared("campaign", "=", ("a", "b")),
        Compared("month", ">=", ("2024-01",)),
        Compared("name", "!=", ("x y",)),
    ]


@pytest.mark.parametrize(
    "text",
    ["", "campaign", "campaign=", "campaign=a,", "=a", "campaign~a", "campaign>a", "month>=a,b",
     "campaign'='a", "1=1 or campaign=a", "a b=c"],
)  # fmt: skip # a list of words
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(NoCondition):
        list(read_conditions([text]))


@pytest.mark.parametrize("grain", GRAINS)
def test_a_period_is_read_as_it_is_written(grain: str) -> None:
    """Every day of some years, ISO weeks across New Year among them."""
    day, last = date(2019, 12, 20), date(2022, 1, 20)
    while day < last:
        start = first_day(grain, period(grain, day))
        assert start <= day
        assert period(grain, start) == period(grain, day)
        assert period(grain, start - timedelta(days=1)) != period(grain, day)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("grain", "text"),
    [("day", "2024-8-5"), ("day", "2024-02-30"), ("month", "2024-13"), ("month", "2024"),
     ("quarter", "2024-Q5"), ("week", "2024-W54"), ("year", "24"), ("year", "2024' or '1'='1")],
)  # fmt: skip # a table
def test_what_is_no_period_is_refused(grain: str, text: str) -> None:
    with pytest.raises(NoCondition, match=grain):
        first_day(grain, text)
