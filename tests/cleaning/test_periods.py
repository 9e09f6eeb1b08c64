"""Periods as registers write them: one spelling and two days each, or neither."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from pipelines.cleaning.periods import period_columns


def _read(text: str | None) -> tuple[str | None, date | None, date | None]:
    frame = pl.DataFrame({"period": [text]}, schema={"period": pl.String})
    row = period_columns("period")(frame).row(0)
    return row[0], row[1], row[2]


@pytest.mark.parametrize(
    ("text", "spelt", "first", "last"),
    [
        ("2024", "2024", "2024-01-01", "2024-12-31"),
        ("2024 年度", "2024", "2024-01-01", "2024-12-31"),
        ("2024年上半年", "2024-H1", "2024-01-01", "2024-06-30"),
        ("2024-h2", "2024-H2", "2024-07-01", "2024-12-31"),
        ("2024年第一季度", "2024-Q1", "2024-01-01", "2024-03-31"),
        ("2024Q4", "2024-Q4", "2024-10-01", "2024-12-31"),
        ("2024年2月", "2024-02", "2024-02-01", "2024-02-29"),
        ("2024/2", "2024-02", "2024-02-01", "2024-02-29"),
        ("202402", "2024-02", "2024-02-01", "2024-02-29"),
        ("2024-08-02至2024-08-04", "2024-08-02/2024-08-04", "2024-08-02", "2024-08-04"),
    ],
)
def test_a_period_has_one_spelling_and_two_days(
    text: str, spelt: str, first: str, last: str
) -> None:
    expected = (spelt, date.fromisoformat(first), date.fromisoformat(last))
    assert _read(text) == expected
    assert _read(spelt) == expected


@pytest.mark.parametrize(
    "text",
    [
        "去年",
        "2024-",
        "20241",
        "2024.1",
        "2024-13",
        "1024",
        "2024-08-04/2024-08-02",
        "2024Q5",
        None,
    ],
)
def test_what_is_no_period_has_no_days(text: str | None) -> None:
    """It stays as written. 2024.1 may be October, of which a spreadsheet dropped the zero."""
    assert _read(text) == (text, None, None)
