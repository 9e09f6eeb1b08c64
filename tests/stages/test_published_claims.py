"""Printed figures as they land: whose digits decide, what is refused, what has no value."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.stages.landings import Landing, row, table


def _landed(tmp_path: Path, *rows: dict[str, str]) -> tuple[list[dict[str, Any]], list[str]]:
    """The lake's rows and the rules that refused others."""
    landing = Landing(tmp_path)
    landing.put("published_claims/a_20240802.csv", table(rows))
    landing.load()
    lake, refused = landing.lake("published_claims"), landing.refused_rows()
    return list(lake.iter_rows(named=True)), refused["rule_ids"].to_list() if refused.height else []


def _claim(quote: str, low: str, high: str = "", unit: str = "CNY", **more: str) -> dict[str, str]:
    cells = {"原文摘录": quote, "下限": low, "上限": high, "单位": unit, **more}
    return row("published_claims", **cells)


BANDS = [
    # the number itself, whatever unit it was entered in, becomes the band of its digits
    (_claim("募款22.65亿元", "2265000000", "2265000000"), 2264500000, 2265500000, "printed"),
    (_claim("募款22.65亿元", "22.65亿", "22.65亿"), 2264500000, 2265500000, "printed"),
    (_claim("募款22.65亿元", "22.65", "22.65", "亿元"), 2264500000, 2265500000, "printed"),
    (_claim("募款22.65亿元", "2265000000"), 2264500000, 2265500000, "printed"),
    (_claim("占74.26%", "74.26%", "74.26%", "%"), Decimal("74.255"), Decimal("74.265"), "printed"),
    # a person's own guess at 余 does not count, the print does
    (_claim("150余个县", "150", "160", "县"), 150, None, "printed"),
    # of several numbers the one whose value is entered, or the one given apart
    (_claim("从0.96亿元到22.65亿元", "0.96亿", "0.96亿"), 95500000, 96500000, "printed"),
    (_claim("150余县、200多个项目", "200", "", "个"), 200, None, "printed"),
    (_claim("有202人", "32", "32", "人", 原文数字="32家"), 32, 32, "printed"),
    # two numbers would do and neither is named: the register's bounds
    (_claim("150余县、200多个项目", "100", "", "个"), 100, None, "stated"),
    # words that no number can be read from
    (_claim("昆明、曲靖、玉溪三地", "3", "3", "市"), 3, 3, "stated"),
]


@pytest.mark.parametrize(("claim", "low", "high", "source"), BANDS)
def test_the_printed_digits_decide(
    tmp_path: Path, claim: dict[str, str], low: object, high: object, source: str
) -> None:
    ([found], refused) = _landed(tmp_path, claim)
    assert refused == []
    assert (found["band_low"], found["band_high"], found["band_from"]) == (low, high, source)


@pytest.mark.parametrize(
    "claim",
    [
        _claim("募款22.65亿元", "22.65万", "22.65万"),
        _claim("募款22.65亿元", "22.65", "22.65"),
        _claim("募款22.65亿元", "22.65亿", "22.65亿", "亿元"),
        _claim("占74.26%", "0.7426", "0.7426", "%"),
        _claim("共1934个", "1935", "1935", "个"),
        _claim("超4000支", "4000", "4000", "支", 原文数字="不足4000支", 下限="4000"),
        _claim("共9999999亿元", "999999999999", "999999999999", "亿元"),
    ],
)
def test_a_value_that_the_print_does_not_allow_is_refused(
    tmp_path: Path, claim: dict[str, str]
) -> None:
    """万 for 亿, a share for percent, another digit: never a figure of the warehouse."""
    lake, (rules,) = _landed(tmp_path, claim)
    assert lake == []
    assert "published_claims.value_as_printed" in rules


def test_lost_digits_are_kept_without_a_value(tmp_path: Path) -> None:
    lost = _claim("规模为万元", "", "", 修饰语="数字缺失")
    forgotten = _claim("募款1.78亿元", "", "", 公布数编号="c2")
    ([found], refused) = _landed(tmp_path, lost, forgotten)
    assert (found["band_from"], found["band_low"], found["printed_value"]) == ("lost", None, None)
    assert found["quote"] == "规模为万元"
    assert refused == ["published_claims.value_or_lost"]


def test_a_print_without_a_date_says_its_period(tmp_path: Path) -> None:
    undated = _claim("共3人", "3", "3", "人", 发布日期="不详", 期间="约2022年")
    unknown = _claim("共3人", "3", "3", "人", 公布数编号="c2", 发布日期="", 期间="")
    ([found], refused) = _landed(tmp_path, undated, unknown)
    assert (found["published_on"], found["period"]) == (None, "约2022年")
    assert refused == ["published_claims.dated_or_period"]


def test_a_check_is_read_in_one_form(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    checks = [
        row("claim_checks", 核对编号="k1", 右方公布数=" c2、c3 ；", 比较=""),
        row("claim_checks", 核对编号="k2", 核对方式="累计", 右方公布数="c2", 比较=""),
        row("claim_checks", 核对编号="k3", 核对方式="与仓库比", 右方公布数="", 集市="m", 集市列="c",
            集市筛选="campaign_id = A，year= 2020", 比较="≤"),
    ]  # fmt: skip # a table
    landing.put("claim_checks/a_20240802.csv", table(checks))
    (record,) = landing.load()
    assert record.rows_quarantined == 0
    lake = (
        landing.lake("claim_checks").select("right_claims", "check_operator", "mart_filter").rows()
    )
    assert lake == [
        ("c2;c3", "=", None),
        ("c2", ">=", None),
        (None, "<=", "campaign_id=A;year=2020"),
    ]
