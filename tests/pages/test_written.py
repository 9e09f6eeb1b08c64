"""How values are written: what people read is the value, and rounding says nothing untrue."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from pages.listings import BadParameter, is_number, typed
from pages.web.paths import exact
from pages.words import catalogue
from pages.words.columns import unit, written
from pipelines.dictionary import Kind, Unit, Words
from pipelines.tables.declaration import TableField

ZH = catalogue("zh")


def column(kind: Kind, name: str = "x", counts: Unit | None = None) -> TableField:
    return TableField(name, kind, Words("某列", "a column"), counts, None)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Kind.MONEY, Decimal("1234567.80"), "1,234,567.80"),
        (Kind.MONEY, Decimal("-0.01"), "-0.01"),
        (Kind.MONEY, Decimal("99999999999999.99"), "99,999,999,999,999.99"),
        (Kind.INTEGER, 1234567, "1,234,567"),
        (Kind.SHARE, Decimal("0.047393"), "4.7"),
        (Kind.SHARE, Decimal("0.0005"), "0.1"),
        (Kind.SHARE, Decimal("0.000499"), "<0.1"),
        (Kind.SHARE, Decimal("0.999999"), ">99.9"),
        (Kind.SHARE, Decimal("1.000000"), "100.0"),
        (Kind.SHARE, Decimal("0.000000"), "0.0"),
        (Kind.SHARE, Decimal("-0.125000"), "-12.5"),
        (Kind.RATIO, Decimal("23.600000"), "23.60"),
        (Kind.NUMBER, Decimal("22650000000.000000"), "22,650,000,000"),
        (Kind.NUMBER, Decimal("40.484550"), "40.48455"),
        (Kind.NUMBER, Decimal("0.000000"), "0"),
        (Kind.DATE, date(2024, 8, 2), "2024-08-02"),
        (Kind.DATETIME, datetime(2024, 8, 2, 9, 5, 59), "2024-08-02 09:05"),
        (Kind.FLAG, True, "是"),
        (Kind.FLAG, False, "否"),
        (Kind.TEXT, "=1+1", "=1+1"),
        (Kind.MONEY, None, "—"),
    ],
)
def test_values(kind: Kind, value: object, text: str) -> None:
    assert written(ZH, column(kind), value) == text


@pytest.mark.parametrize("name", ["year", "level_no", "date_key", "source_row"])
def test_names_made_of_digits_are_no_figures(name: str) -> None:
    """A year is not written 2,024."""
    assert not is_number(column(Kind.SMALL, name))
    assert written(ZH, column(Kind.SMALL, name), 20240802) == "20240802"
    assert is_number(column(Kind.SHARE, f"share_of_{name}"))


def test_the_exact_value_stands_beside_the_rounded_one() -> None:
    assert exact(Decimal("0.047393")) == "0.047393"
    assert exact(Decimal("10.00")) == "10.00"
    assert exact(True) == "true"
    assert exact(None) == ""


def test_a_unit_is_said_once() -> None:
    """Not beside a heading that says it."""
    assert unit(ZH, column(Kind.INTEGER, counts=Unit.DAYS)) == "天"
    assert unit(ZH, column(Kind.INTEGER, "days_open", Unit.DAYS)) == ""
    assert unit(ZH, column(Kind.SHARE)) == "%"
    assert unit(ZH, column(Kind.TEXT)) == ""


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.INTEGER, "1.5"), (Kind.INTEGER, "١٢x"), (Kind.MONEY, "1e99"), (Kind.MONEY, "NaN"),
        (Kind.MONEY, "Infinity"), (Kind.DATE, "20240802x"), (Kind.FLAG, "是"), (Kind.SMALL, ""),
    ],
)  # fmt: skip # a table
def test_what_a_column_cannot_have_is_refused(kind: Kind, text: str) -> None:
    with pytest.raises(BadParameter):
        typed("x", kind, text)
