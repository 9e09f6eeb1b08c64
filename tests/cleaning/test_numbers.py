"""Amounts, counts and shares: what is read, and what is rather not read at all."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cleaning.columns import clean_integer, clean_money, clean_share
from pipelines.cleaning.numbers import (
    quick_fen,
    read_fen,
    read_integer,
    read_other,
    read_share,
)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("12.5", 1250),
        ("1,234.50", 123450),
        ("￥1,234.50", 123450),
        ("¥-12.00", -1200),
        ("１２．５０", 1250),
        ("－３", -300),
        ("1.2亿", 12_000_000_000),
        ("55万元", 55_000_000),
        ("100元整", 10000),
        ("30分", 30),
        ('="12.3"', 1230),
        ("`40.00", 4000),
        ("'40.00", 4000),
        ("40.00\t", 4000),
        ("40.00\u00a0", 4000),
        ("4\u200b0", 4000),
        ("1.5E+4", 1_500_000),
        ("3482232.1100000003", 348_223_211),  # a float as a workbook stores it
        ("0.006", None),  # a part of a fen
        ("万元", None),  # a unit whose digits were lost is not 0
        ("约3万", None),
        ("1,23", None),  # no grouping of thousands
        ("12.3.4", None),
        ("十元", None),
        ("", None),
    ],
)
def test_amounts(text: str, fen: int | None) -> None:
    assert read_fen(text) == fen


def test_the_units_of_headings_and_values() -> None:
    assert read_fen("2976.311798", "万元") == 2_976_311_798
    assert read_fen("123", "分") == 123
    assert read_fen("12元", "万元") == 1200  # what the value says wins
    assert read_fen("1.78", "亿元") == 17_800_000_000


@given(st.integers(-(10**13), 10**13))
def test_every_whole_amount_survives_both_ways(fen: int) -> None:
    text = f"{Decimal(fen).scaleb(-2):,.2f}"
    assert read_fen(text) == fen
    quick = quick_fen(pl.Series([text.replace(",", "")]))[0]
    assert quick == fen if abs(fen) < 2**39 else quick is None


@given(st.text(max_size=12))
def test_the_quick_way_never_says_other_than_the_thorough(text: str) -> None:
    quick = quick_fen(pl.Series([text]))[0]
    assert quick is None or quick == read_fen(text)


def test_unreadable_is_null_and_named_never_zero() -> None:
    got = clean_money(pl.Series(["12", "万元", "暂无", None, "—"]), "元")
    assert got.values.to_list() == [1200, None, None, None, None]
    assert got.unread is not None
    assert got.unread.to_list() == [False, True, False, False, False]


def test_counts_and_shares() -> None:
    assert [read_integer(t) for t in ("3", "1,234", "1.2万", "3.0", "12人次", "3.5", "x")] == [
        3, 1234, 12000, 3, 12, None, None,
    ]  # fmt: skip
    assert [read_share(t) for t in ("20%", "0.2", "２０％", "x")] == [
        Decimal("0.2"), Decimal("0.2"), Decimal("0.2"), None,
    ]  # fmt: skip
    assert clean_share(pl.Series(["20%", None])).values.to_list() == [
        Decimal("0.200000"), None,
    ]  # fmt: skip
    assert clean_integer(pl.Series(["7", "７"])).values.to_list() == [7, 7]


@pytest.mark.parametrize(
    ("text", "beside", "found"),
    [
        ("1,000.50", "USD", ("1000.50", "USD")),
        ("$1,000.50", "USD", ("1000.50", "USD")),
        ("HK$500", None, ("500.00", "HK$")),
        ("-75.25", "欧元", ("-75.25", "欧元")),
        ("1.2万美元", None, ("12000.00", "美元")),
        ("USD100", "usd", ("100.00", "usd")),
        ("€100", "USD", None),  # two currencies
        ("￥100", "USD", None),
        ("100元", "USD", None),
        ("100", None, None),  # none
        ("1.005", "GBP", None),  # not exact to two decimals
        ("若干美元", None, None),
    ],
)
def test_an_amount_in_other_money_names_its_one_currency(
    text: str, beside: str | None, found: tuple[str, str] | None
) -> None:
    expected = found and (Decimal(found[0]), found[1])
    assert read_other(text, beside) == expected
