"""Exports of 支付宝公益: a GB18030 file a day between `#` lines; its gifts are in no campaign.

A few gifts beside those of the campaign, so that every sample contains a second platform.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sample.campaigns import Campaign
from sample.draw import Stream
from sample.landing import GB18030, NOTICE, Line, Text
from sample.manifest import yuan
from sample.registers import Register, Row, cell_text

SOURCE = "alipay_gongyi_donations"
HEADINGS = (
    "商户订单号", "支付宝交易号", "公益项目ID", "公益项目名称", "捐赠金额（元）", "捐赠时间",
    "交易状态", "退回金额（元）", "捐赠方式", "对方账户", "捐赠人昵称", "是否匿名",
)  # fmt: skip # a table
_STATES = ("捐赠成功", "部分退回", "已退回", "交易关闭", "等待付款")
_STATE_WEIGHTS = (940, 10, 10, 25, 15)
_RULE = "-" * 41


def gifts(campaign: Campaign, day: date, count: int, seed: int) -> Register:
    """`count` orders of a day, in order of time."""
    table = Register(SOURCE, f"支付宝公益 {day}", list(HEADINGS))
    draws = Stream(seed, campaign.campaign_id, SOURCE, day.isoformat())
    step = 86_400 // (count + 1)
    for i in range(count):
        own = draws.child(i)
        fen = own.child("fen").number(1, 200) * 50
        state = _STATES[int(own.child("state").weighted(1, _STATE_WEIGHTS)[0])]
        back = {"部分退回": yuan(fen // 2), "已退回": yuan(fen)}.get(state)
        number, project = f"{day:%Y%m%d}{i:08d}", own.child("project").number(1, 12)
        table.rows.append(
            Row(
                [
                    f"2088{number}",
                    f"{day:%Y%m%d}2200140{number}",
                    f"2024{project:03d}",
                    f"合成公益项目{project:02d}",
                    yuan(fen),
                    datetime.combine(day, time()) + timedelta(seconds=step * (i + 1)),
                    state,
                    back,
                    own.child("way").one(("单次捐", "单次捐", "每月捐")),
                    f"syn{i % 97:04d}@example.invalid",
                    f"合成用户A{i % 97:04d}",
                    "否",
                ],
                "loaded",
                fen,
            )
        )
    return table


def framed(table: Register, day: date) -> Text:
    """The table as the platform writes it: `#` lines around it, a tab after every value.

    The total below it includes all lines, also those that will be refused.
    """
    text = Text(GB18030)
    following = day + timedelta(days=1)
    for line in (
        f"#支付宝公益捐赠明细 {NOTICE}",
        "#账号：[20880000000000000156]",
        f"#起始日期：[{day:%Y年%m月%d日} 00:00:00]   终止日期：[{following:%Y年%m月%d日} 00:00:00]",
        f"#{_RULE}捐赠明细列表{_RULE}",
        ",".join(table.headings),
    ):
        text.add(Line(line, "aside"))
    for row in table.rows:
        cells = [f"{cell_text(c)}\t" for c in row.cells]
        text.add(Line(GB18030.line(cells), row.outcome, row.fen, row.planted))
    rows = table.tally()
    text.add(Line(f"#{_RULE}捐赠明细列表结束{_RULE}", "aside"))
    text.add(Line(f"#捐赠合计：{rows.read}笔，共{yuan(rows.fen_read)}元", "aside"))
    return text
