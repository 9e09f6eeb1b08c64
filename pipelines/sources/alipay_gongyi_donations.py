"""支付宝公益 gifts: an order per line, framed by `#` lines as Alipay's bills are.

    landing/alipay_gongyi_donations/…20240802….csv → lake/alipay_gongyi_donations
    → stg_alipay_gongyi_donations → fact_donation

GB18030, amounts in yuan, a tab behind every value. The platform's own words for states and
giving tools become those that every gift is kept under, so that nothing after this file asks
which platform a gift came through.
"""

import polars as pl

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Claim, Column, Identity, RowRule, Source
from pipelines.sources.rules import HUNDRED_MILLION_FEN, matches, moment_in_range, within

NAME = "alipay_gongyi_donations"

#: The platform's word → the one kept. A pending or closed one is not a gift.
STATUSES = {
    "捐赠成功": "支付成功",
    "已退回": "已退款",
    "部分退回": "部分退款",
    "交易关闭": "支付失败",
    "等待付款": "待支付",
}
CHANNELS = {"单次捐": "单笔捐", "每月捐": "月捐", "一起捐": "一起捐", "企业捐": "企业捐"}

ALIPAY_GONGYI_DONATIONS = Source(
    name=NAME,
    title_zh="支付宝公益捐赠订单",
    title_en="Alipay Charity gift orders",
    dated=True,
    money_column="amount",
    identity=Identity(
        columns=("donor_account", "donor_name"),
        name_column="donor_name",
    ),
    claims=(
        Claim("rows", (), r"^#捐赠合计[：:](\d+)笔"),
        Claim("amount", (), r"^#捐赠合计[：:]\d+笔，共([\d.,]+)元", "amount"),
    ),
    columns=(
        known("order_no", ("商户订单号",), required=True, key=True, by_machine=True),
        Column(
            "trade_no",
            Kind.ID,
            ("支付宝交易号",),
            "支付宝交易号",
            "Alipay's trade number",
            by_machine=True,
        ),
        known("project_no", ("公益项目ID",), required=True),
        known("project_name", ("公益项目名称",)),
        Column("amount", Kind.MONEY, ("捐赠金额",), "捐赠金额", "Gift amount", required=True),
        known("paid_at", ("捐赠时间",), required=True),
        known(
            "status",
            ("交易状态",),
            required=True,
            closed=True,
            codes={**STATUSES, **{s: s for s in STATUSES.values()}},
        ),
        Column("refund", Kind.MONEY, ("退回金额",), "退回金额", "Refunded amount"),
        known("refunded_at", ("退回时间",)),
        Column(
            "channel",
            Kind.CODE,
            ("捐赠方式",),
            "捐赠方式",
            "Giving tool",
            codes={**CHANNELS, **{c: c for c in CHANNELS.values()}},
        ),
        Column(
            "donor_account", Kind.ID, ("对方账户",), "对方账户", "Donor's account", personal=True
        ),
        known("donor_name", ("捐赠人昵称",)),
        Column("is_anonymous", Kind.FLAG, ("是否匿名",), "是否匿名", "Gave anonymously"),
        known("campaign_id"),
    ),
    rules=(
        matches(
            NAME,
            "order_no",
            "[A-Za-z0-9]{8,32}",
            "商户订单号须为8至32位字母或数字。",
            "An order number has 8 to 32 letters and digits.",
            rule="order_no_shape",
        ),
        within(
            NAME,
            "amount_fen",
            1,
            HUNDRED_MILLION_FEN,
            "捐赠金额须大于0且不超过1亿元。",
            "A gift is more than 0 and at most 100 million yuan.",
            rule="amount_range",
        ),
        RowRule(
            f"{NAME}.refund_within_amount",
            ("refund_fen", "amount_fen"),
            pl.col("refund_fen").is_between(0, pl.col("amount_fen")),
            "退回金额须在0与捐赠金额之间。",
            "A refund lies between 0 and the gift's amount.",
            "核对退回金额及其单位。",
            "Check the refund and its unit.",
        ),
        moment_in_range(
            NAME,
            "paid_at",
            "捐赠时间须在2007年至导出日次日之间。",
            "Paid between 2007 and the day after the export date.",
        ),
    ),
)
