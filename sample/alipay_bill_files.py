"""Alipay's bills as text: headings of each kind and layout, and the `#` lines around a table.

Only the format, as public parsers of these bills know it; `alipay_bills` makes the lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sample.landing import GB18030, NOTICE, Line, Text
from sample.registers import Register, cell_text

SOURCE = "alipay_business_bills"
BUSINESS = (
    "支付宝交易号", "商户订单号", "业务类型", "商品名称", "创建时间", "完成时间", "门店编号",
    "门店名称", "操作员", "终端号", "对方账户", "订单金额（元）", "商家实收（元）",
    "支付宝红包（元）", "集分宝（元）", "支付宝优惠（元）", "商家优惠（元）",
    "券核销金额（元）", "券名称", "商家红包消费金额（元）", "卡消费金额（元）",
    "退款批次号/请求号", "服务费（元）", "分润（元）", "备注",
)  # fmt: skip # a table
IN, OUT, LEFT = "收入金额（+元）", "支出金额（-元）", "账户余额（元）"
#: Layouts of the account's details; the last has no column for the type of an entry.
ACCOUNT = (
    ("账务流水号", "业务流水号", "商户订单号", "商品名称", "发生时间", "对方账号", IN, OUT, LEFT,
     "交易渠道", "业务类型", "备注"),
    ("账务流水号", "业务流水号", "商品名称", "发生时间", IN, OUT, LEFT, "业务类型", "备注",
     "商户订单号", "对方账号", "业务描述", "业务基础订单号"),
    ("账务流水号", "商户订单号", "业务流水号", IN, OUT, LEFT, "发生时间", "备注"),
)  # fmt: skip # a table
BUSINESS_SUMMARY = (
    "门店编号", "门店名称", "交易订单总笔数", "退款订单总笔数", "订单金额（元）", "商家实收（元）",
    "支付宝优惠（元）", "商家优惠（元）", "卡消费金额（元）", "服务费（元）", "分润（元）",
    "实收净额（元）",
)  # fmt: skip # a table
ACCOUNT_SUMMARY = ("类型", "收入笔数", IN, "支出笔数", OUT, "总金额（元）")
_TABBED = (
    "支付宝交易号",
    "商户订单号",
    "账务流水号",
    "业务流水号",
    "业务基础订单号",
    "退款批次号/请求号",
)
_RULE = "-" * 41


def framed(table: Register, day: date, totals: Sequence[str] = ()) -> Text:
    """A table between its `#` lines, with a tab after every number that is not an amount."""
    text, after = Text(GB18030), day + timedelta(days=1)
    for line in (
        f"#支付宝{table.title}查询 {NOTICE}",
        "#账号：[2088SYNTHETIC]",
        f"#起始日期：[{day:%Y年%m月%d日} 00:00:00]   终止日期：[{after:%Y年%m月%d日} 00:00:00]",
        f"#{_RULE}{table.title}列表{_RULE}",
        ",".join(table.headings),
    ):
        text.add(Line(line, "aside"))
    tabs = ["\t" if h in _TABBED else "" for h in table.headings]
    for row in table.rows:
        cells = [cell_text(cell) + tab for cell, tab in zip(row.cells, tabs, strict=True)]
        text.add(Line(GB18030.line(cells), row.outcome, row.fen, row.planted))
    ended = f"#{_RULE}{table.title}列表结束{_RULE}"
    for line in (ended, *totals, f"#导出时间：[{after:%Y年%m月%d日} 05:00:00]"):
        text.add(Line(line, "aside"))
    return text
