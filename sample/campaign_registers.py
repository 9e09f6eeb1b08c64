"""Registers that a campaign's host keeps: workbooks with title, note and total.

The gifts made offline are those of the published notice. Payees and donors are invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import polars as pl

from sample import notices
from sample.campaigns import Campaign
from sample.draw import Stream
from sample.landing import SampleFolder
from sample.manifest import Planted
from sample.platform_files import Drawn
from sample.projects import Project
from sample.register_faults import plant_rows
from sample.registers import Register, Row
from sample.workbook import Cell

_GOODS = 36  # gifts of goods, which the notice of money does not have
#: Domain → what its projects make, in which unit, at what cost of one in yuan.
_OUTPUTS = {
    "敬老爱老": ("助养老人", "人", 900),
    "儿童关爱": ("温暖包", "份", 365),
    "扶弱济困": ("爱心超市", "家", 8_500),
    "乡村发展": ("路灯", "盏", 1_280),
    "社区治理": ("社区活动", "场", 2_400),
    "生态环保": ("护林员装备", "套", 420),
    "慈善文化": ("校园课程", "课时", 150),
    "其他类": ("帮扶学生", "人", 2_000),
}
_REASONS = ("采购物资", "场地租金", "活动劳务")
_KIND_OF_WAY = {"现场捐赠": "现金"}  # any other way of giving money is a transfer


@dataclass(frozen=True)
class CampaignRegisters:
    """Writes the registers of one campaign, as of the day after it."""

    landing: SampleFolder
    campaign: Campaign
    host: str
    projects: Sequence[Project]
    seed: int

    def write(self, drawn: Drawn) -> None:
        """Writes all of them; the first repayments are of gifts that `drawn` has."""
        first, after = self.campaign.days[0], self.campaign.days[-1] + timedelta(days=1)
        for day in (first, after):
            offline = self.offline_gifts(day)
            self._book(offline, "线下捐赠登记", day, faults=day == after)
        gifts = pl.concat(drawn.matched).filter(pl.col("refund_fen").is_null())
        self._book(self.repayments(gifts, offline), "捐后返还登记", after)
        self._book(self.outputs(), "项目产出登记", after)
        for day in (first, after):
            self._book(self.incidents(day), "舆情与投诉登记", day, faults=day == after)

    def offline_gifts(self, known_on: date) -> Register:
        """线下捐赠: what the notice lists and gifts of goods, received up to a day."""
        table = Register(
            "offline_gifts",
            "线下捐赠登记表",
            ["活动编号", "捐赠登记号", "项目编号", "捐赠方", "捐赠金额或价值（元）", "接收日期",
             "捐赠票据号", "捐赠形式"],
            notes=["说明：物资按公允价值登记；单位：元"],
        )  # fmt: skip # a table
        draws = Stream(self.seed, self.campaign.campaign_id, "offline")
        listed = notices.notice(self.campaign, self.host, self.seed).rows
        for i in range(len(listed) + _GOODS):
            own = draws.child(i)
            if i < len(listed):
                _, donor, amount, printed, way, _, _ = listed[i].cells
                fen, kind = listed[i].fen, _KIND_OF_WAY.get(str(way), "转账")
                day = date.fromisoformat(str(printed).replace(".", "-"))
            else:
                donor, kind = f"合成示例商贸{own.child('who').number(1, 900):03d}有限公司", "物资"
                fen = own.child("fen").number(5_000, 900_000)
                amount = Decimal(fen) / 100
                day = self.campaign.days[i % len(self.campaign.days)]
            if day > known_on:
                continue
            to_project = own.child("to").number(0, 2) == 0
            number = None if i % 9 == 8 else f"OG{i + 1:05d}"
            cells: list[Cell] = [
                self.campaign.campaign_id,
                number,
                own.child("project").one(self._admitted).project_no if to_project else None,
                donor,
                amount,
                day,
                f"SYNPJ{i + 1:06d}" if i % 5 else None,
                kind,
            ]
            table.rows.append(Row(cells, "loaded", fen))
        return table

    def repayments(self, gifts: pl.DataFrame, offline: Register) -> Register:
        """捐后返还: to suppliers; with faults, also of an order and to a donor of the register."""
        table = Register(
            "repayments",
            "捐后返还登记表",
            [
                "返还编号",
                "原订单号",
                "项目编号",
                "收款人",
                "返还金额（元）",
                "返还日期",
                "返还事由",
            ],
            notes=["单位：元"],
        )
        draws = Stream(self.seed, self.campaign.campaign_id, "repayments")
        day = self.campaign.days[-1] + timedelta(days=1)
        for i in range(24):
            own = draws.child(i)
            fen = own.child("fen").number(20_000, 900_000)
            payee = f"合成示例供应{own.child('who').number(1, 900):03d}有限公司"
            project = own.child("project").one(self._admitted).project_no
            cells: list[Cell] = [f"RP{i + 1:04d}", None, project, payee, Decimal(fen) / 100, day,
                                 own.child("reason").one(_REASONS)]  # fmt: skip # a row
            table.rows.append(Row(cells, "loaded", fen))
        if self.landing.manifest.faults == "none":
            return table
        gift = gifts.sort("order_no").row(0, named=True)
        named = next(
            r.cells for r in offline.rows if r.cells[2] and str(r.cells[3])[:5] == "合成捐赠人"
        )
        paid_back = (
            (gift["order_no"], gift["project_no"], None, gift["fen"]),
            (None, named[2], named[3], 30_000),
        )
        for n, (order, project_no, to, fen) in enumerate(paid_back, len(table.rows) + 1):
            number, rule = f"RP{n:04d}", "repaid_after_gift"
            key = f"{project_no}#{number}"
            flag = Planted(
                rule, "flag", table.source, outcome="loaded", rule=rule, key=key, text=number
            )
            cells = [number, order, project_no, to, Decimal(fen) / 100, day, "垫付款返还"]
            table.rows.append(Row(cells, "loaded", fen, (flag,)))
        return table

    def outputs(self) -> Register:
        """项目产出: what every eighth project made in the last year and in this one."""
        table = Register(
            "project_outputs",
            "项目产出登记表",
            ["项目编号", "期间", "产出类型", "数量", "计量单位", "单位成本（元）"],
            notes=["说明：本年为截至导出日的累计数"],
        )
        draws = Stream(self.seed, self.campaign.campaign_id, "outputs")
        year = self.campaign.days[0].year
        for i, project in enumerate(self._admitted[::8]):
            kind, unit, cost = _OUTPUTS[project.domain]
            for period in (f"{year - 1}年", f"{year}年"):
                made = draws.child(i, period).number(5, 400)
                price = Decimal(cost) if i % 6 else None
                table.rows.append(Row([project.project_no, period, kind, made, unit, price]))
        return table

    def incidents(self, known_on: date) -> Register:
        """舆情与投诉: a few before the campaign and after it; none of the campaign."""
        table = Register(
            "incidents",
            "舆情与投诉登记表",
            ["事件编号", "活动编号", "项目编号", "事件类型", "登记时间", "办结时间", "严重程度"],
        )
        first, last = self.campaign.days[0], self.campaign.days[-1]
        for i, days in enumerate((150, 121, 96, 61, 33, 12, -1)):
            day = first - timedelta(days=days) if days > 0 else last + timedelta(days=1)
            if day > known_on:
                continue
            at = datetime.combine(day, time(9, 7 * i))
            project = self._admitted[40 + i].project_no if i % 2 else None
            kind, closed = (
                "投诉" if i % 3 else "舆情",
                at + timedelta(hours=30) if days > 0 else None,
            )
            table.rows.append(Row([f"IN{i + 1:04d}", None, project, kind, at, closed, "一般"]))
        return table

    @property
    def _admitted(self) -> list[Project]:
        return [p for p in self.projects if p.admitted]

    def _book(self, table: Register, title: str, day: date, *, faults: bool = True) -> None:
        """A workbook, with a last row 合计 if the register has amounts."""
        table.as_of = day
        if faults:
            plant_rows(table, self.landing.manifest.faults)
        sums = table.tally().fen_read
        if sums:
            at = next(i for i, h in enumerate(table.headings) if "金额" in h)
            cells: list[Cell] = ["合计", *[None] * (at - 1), Decimal(sums) / 100]
            table.rows.append(Row(cells, "aside"))
        data, planted = table.to_book()
        facts = self.landing.write(
            table.source,
            f"合成数据_{title}_{day:%Y%m%d}.xlsx",
            data,
            datetime.combine(day, time(21)),
            rows=table.tally(),
            encoding="binary",
            dialect="xlsx",
            partition=day,
            planted=planted,
        )
        if sums:
            facts.footer_rows, facts.footer_fen, facts.footer_agrees = 1, sums, True
