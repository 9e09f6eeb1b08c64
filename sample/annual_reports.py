"""社会组织年报: invented organisations at the bounds of the ratio standards, and their four years.

Everybody here is invented, names end in （合成）; nobody of the campaign's cast is given finances.
Of the last year each shows one case; a register of their own says since when it knows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sample.organizations import make_uscc
from sample.registers import Register, Row

YEARS = (2020, 2021, 2022, 2023)
REGISTERED_ON, REQUALIFIED_ON = date(2019, 12, 31), date(2023, 6, 30)
_PREFIX = {"基金会": "53", "社会服务机构": "52"}
_QUALIFIED_LATER, _UNSAID, _IN_NO_REGISTER = "改", "空", "无"


class Reporter(NamedTuple):
    """An organisation; amounts in yuan. In the years before the last it spends its income."""

    name: str
    kind: str
    public: str  # 是, 否, or one of the words above
    net_assets: str  # at the end of the year before the last; blank: not reported
    income: str
    spent: str
    managed: str
    total: str
    years: tuple[int, ...] = YEARS


CASES = (
    Reporter("恰达七成", "基金会", "是", "5e7", "10000000.10", "7000000.07", "777777.78",
             "7777777.85"),
    Reporter("差一分", "基金会", "是", "5e7", "10000000.10", "7000000.06", "700000", "7800000"),
    Reporter("三年平均", "基金会", "是", "5e7", "1e6", "3000000", "300000", "3300000"),
    Reporter("管理费超一分", "基金会", "是", "5e7", "1e7", "8000000", "1000000.01", "1e7"),
    Reporter("百分之十三", "社会团体", "是", "5e7", "1e7", "8000000", "1300000", "1e7"),
    Reporter("不足二十万", "社会服务机构", "是", "5e6", "1e6", "750000", "199999.99", "960000"),
    Reporter("恰二十万", "社会服务机构", "是", "5e6", "1e6", "750000", "200000", "960000"),
    Reporter("六千万", "基金会", "否", "6e7", "4460000", "3900000", "557500", "4460000"),
    Reporter("近六千万", "基金会", "否", "59999999.99", "4460000", "3900000", "557500", "4460000"),
    Reporter("八百万", "基金会", "否", "8e6", "540000", "480000", "60000", "540000"),
    Reporter("近八百万", "基金会", "否", "7999999.99", "540000", "480000", "60000", "540000"),
    Reporter("四百万", "基金会", "否", "4e6", "340000", "280000", "60000", "340000"),
    Reporter("近四百万", "基金会", "否", "3999999.99", "340000", "280000", "60000", "340000"),
    Reporter("一千万", "社会团体", "否", "1e7", "640000", "600000", "30000", "640000"),
    Reporter("近一千万", "社会团体", "否", "9999999.99", "640000", "600000", "30000", "640000"),
    Reporter("五百万", "社会服务机构", "否", "5e6", "400000", "350000", "30000", "400000"),
    Reporter("近五百万", "社会服务机构", "否", "4999999.99", "400000", "350000", "30000", "400000"),
    Reporter("一百万", "社会团体", "否", "1e6", "900000", "80000", "30000", "120000"),
    Reporter("近一百万", "社会团体", "否", "999999.99", "900000", "80000", "30000", "120000"),
    Reporter("半数收入", "社会服务机构", "否", "999999.99", "160000", "80000", "30000", "120000"),
    Reporter("年中得资格", "基金会", _QUALIFIED_LATER, "5e6", "5e5", "4e5", "3e4", "5e5"),
    Reporter("资格未载", "基金会", _UNSAID, "5e6", "5e5", "4e5", "3e4", "5e5"),
    Reporter("社区", "备案制社区社会组织", "否", "5e4", "5e4", "4e4", "3e3", "5e4"),
    Reporter("名录未载", "基金会", _IN_NO_REGISTER, "5e6", "5e5", "4e5", "3e4", "5e5"),
    Reporter("缺上年", "基金会", "是", "5e6", "5e5", "4e5", "3e4", "5e5", (2020, 2021, 2023)),
    Reporter("净资产未载", "基金会", "否", "", "5e5", "4e5", "3e4", "5e5"),
    Reporter("新立", "基金会", "是", "5e6", "5e6", "4e5", "3e4", "5e5", (2022, 2023)),
)  # fmt: skip # a table
#: What the mean of three years is for: a year of large income before the last.
_SWELLED = {"三年平均": {2022: Decimal("9e6")}}


def _uscc(number: int, kind: str) -> str:
    return make_uscc(_PREFIX.get(kind, "51"), "510000", 80_000 + number)


def _name(case: Reporter) -> str:
    return f"年报示例{case.name}{case.kind}（合成）"


def registers() -> Iterator[tuple[Register, date]]:
    """社会组织名录 of those who report, and later of those whose qualification has changed."""
    for day, later in ((REGISTERED_ON, False), (REQUALIFIED_ON, True)):
        table = Register(
            "organizations",
            "年报机构名录",
            ["统一社会信用代码", "名称", "组织类型", "公开募捐资格", "行政区划代码"],
            as_of=day,
        )
        words = {_QUALIFIED_LATER: "是" if later else "否", _UNSAID: None}
        for number, case in enumerate(CASES):
            if case.public == _IN_NO_REGISTER or (later and case.public != _QUALIFIED_LATER):
                continue
            public = words.get(case.public, case.public)
            uscc = _uscc(number, case.kind)
            table.rows.append(Row([uscc, _name(case), case.kind, public, "510000"]))
        yield table, day


def reports() -> Iterator[tuple[Register, date]]:
    """社会组织年报, a year's reports to a table, handed out in the middle of the next year."""
    for year in YEARS:
        table = Register(
            "org_annual_reports",
            f"社会组织{year}年度工作报告汇总表",
            ["统一社会信用代码", "年度", "年度总收入", "慈善活动支出", "管理费用", "总支出",
             "净资产", "年报公布日期", "审计报告"],
            notes=["单位：元"],
        )  # fmt: skip # a table
        for number, case in enumerate(CASES):
            if year in case.years:
                table.rows.append(_report(case, _uscc(number, case.kind), year))
        yield table, date(year + 1, 6, 15)


def _report(case: Reporter, uscc: str, year: int) -> Row:
    income = _SWELLED.get(case.name, {}).get(year, Decimal(case.income))
    spent, managed, total = (
        (Decimal(case.spent), Decimal(case.managed), Decimal(case.total))
        if year == YEARS[-1]
        else (income * 9 / 10, income / 20, income)
    )
    net = Decimal(case.net_assets) if case.net_assets else None
    if net is not None and year == YEARS[-1]:
        net += income - total
    cents = [None if a is None else a.quantize(Decimal("0.01")) for a in
             (income, spent, managed, total, net)]  # fmt: skip # a list
    published = date(year + 1, 5, 20)
    return Row([uscc, year, *cents, published, "是"], "loaded", int(income * 100))


def total_row(table: Register) -> Row:
    """The row 合计 with the sum of the incomes above it."""
    return Row(["合计", None, Decimal(table.tally().fen_read) / 100], "aside")
