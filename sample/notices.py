"""捐赠公示: a charity's published list of gifts outside the platform, as a workbook.

Title rows, 单位：元, a total in the last row, no ids. Donors are invented: companies by invented
names, persons as 合成捐赠人 and a number.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sample.amounts import draw_amounts, fit
from sample.campaigns import Campaign
from sample.draw import Stream
from sample.manifest import Planted, SampleTally
from sample.registers import Register, Row
from sample.workbook import Cell, Sheet

LINES = 420
TOTAL_FEN = 305_812_640  # “线下捐赠超过300万元”: digits beyond the printed ones are invented
HEADINGS = ("序号", "捐赠单位/个人", "捐赠金额（元）", "到账日期", "方式", "备注", "接收单位")
_EARMARKS = ("", "", "定向社区慈善基金", "定向助学", "非定向", "定向敬老助老")
_WAYS = ("银行转账", "现场捐赠", "扫码", "义卖所得")


def notice(campaign: Campaign, recipient: str, seed: int) -> Register:
    """The notice of one campaign; `total_row` closes it."""
    draws = Stream(seed, campaign.campaign_id, "notice")
    fen = fit(draw_amounts(draws.child("fen"), LINES, campaign.sizes), TOTAL_FEN)
    title = f"{campaign.name}线下接受捐赠公示"
    table = Register("donation_notices", title, list(HEADINGS), notes=["单位：元"])
    for i, amount in enumerate(int(f) for f in fen):
        own = draws.child(i)
        company = amount >= 500_000
        day = campaign.days[0] + timedelta(days=own.child("day").number(0, len(campaign.days) - 1))
        number = own.child("who").number(1, 900)
        cells: list[Cell] = [
            i + 1,
            f"合成示例商贸{number:03d}有限公司" if company else f"合成捐赠人{number:03d}",
            Decimal(amount) / 100,
            f"{day:%Y.%m.%d}",
            own.child("way").one(_WAYS),
            own.child("earmark").one(_EARMARKS) or None,
            recipient,
        ]
        table.rows.append(Row(cells, "loaded", amount))
    return table


def total_row(table: Register) -> Row:
    """The row 合计 with the sum of the amounts above it."""
    return Row(["合计", None, Decimal(table.tally().fen_read) / 100], "aside")


def of_1904(
    campaign: Campaign, recipient: str, seed: int
) -> tuple[Sheet, SampleTally, list[Planted]]:
    """A second notice, of a charity sale, in a workbook whose dates count from 1904.

    One of its rows is hidden; it counts like any other.
    """
    draws = Stream(seed, campaign.campaign_id, "sale")
    sheet, rows = Sheet("义卖"), SampleTally()
    sheet.add("合成数据：义卖所得公示（单位：元）")
    sheet.add(*HEADINGS)
    for i in range(9):
        day = campaign.days[0] + timedelta(days=draws.child(i).number(0, len(campaign.days) - 1))
        amount = draws.child("yuan", i).number(20, 900)
        sheet.add(i + 1, f"合成捐赠人{900 + i}", amount, day, "义卖所得", None, recipient)
        rows.add("loaded", 1, amount * 100)
    sheet.hidden.add(5)
    source = "donation_notices"
    return (
        sheet,
        rows,
        [
            Planted("dates_from_1904", "file", source, outcome="loaded"),
            Planted("hidden_row", "value", source, lines=[5], outcome="loaded"),
        ],
    )
