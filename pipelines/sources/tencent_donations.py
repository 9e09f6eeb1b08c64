"""腾讯公益 gifts: an order per line, as a back-office CSV (yuan) or open-platform JSON (fen).

    landing/tencent_donations/…20240802….csv → lake/tencent_donations → stg_tencent_donations
    → fact_donation

A later export of the same order carries its newer state; which one wins is decided in dbt.
"""

import polars as pl

from pipelines.dictionary import Kind
from pipelines.dictionary.gifts import PAID_STATES
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Form, Identity, RowRule, Source
from pipelines.sources.rules import HUNDRED_MILLION_FEN, matches, moment_in_range, within

NAME = "tencent_donations"

#: 11 is a paid order; any other code is kept raw and is not a gift.
OPEN_PLATFORM_CODE = r"\d{1,3}"
STATUSES = (*PAID_STATES, "支付失败", "待支付")
CHANNELS = ("单笔捐", "月捐", "一起捐", "小红花", "企业捐", "公益消费券", "接龙", "直播")

TENCENT_DONATIONS = Source(
    name=NAME,
    title_zh="腾讯公益捐赠订单",
    title_en="Tencent Charity gift orders",
    dated=True,
    money_column="amount",
    identity=Identity(
        columns=("donor_id", "phone", "donor_name"),
        name_column="donor_name",
    ),
    forms=(
        Form("back_office"),
        Form(
            "open_platform",
            structured=True,
            money_unit="分",
            names={
                "transcode": "order_no",
                "pid": "project_no",
                "money": "amount",
                "trans_time": "paid_at",
                "trans_state": "status",
                "proj_name": "project_name",
            },
        ),
    ),
    columns=(
        known(
            "order_no",
            ("订单号", "交易单号", "捐款订单号"),
            required=True,
            key=True,
            by_machine=True,
        ),
        known("project_no", ("项目ID",), required=True),
        known("project_name", ("项目名称",)),
        Column(
            "amount",
            Kind.MONEY,
            ("捐款金额", "捐赠金额", "金额"),
            "捐款金额",
            "Gift amount",
            required=True,
        ),
        known("paid_at", ("捐款时间", "支付时间", "捐赠时间"), required=True),
        known(
            "status",
            ("支付状态", "订单状态"),
            required=True,
            codes={**{s: s for s in STATUSES}, "11": "支付成功"},
            kept_codes=OPEN_PLATFORM_CODE,
        ),
        Column("refund", Kind.MONEY, ("退款金额",), "退款金额", "Refunded amount"),
        known("refunded_at", ("退款时间",)),
        Column(
            "channel",
            Kind.CODE,
            ("捐款方式", "捐赠渠道"),
            "捐款方式",
            "Giving tool",
            codes={c: c for c in CHANNELS},
        ),
        Column(
            "donor_id", Kind.ID, ("捐款人ID", "用户标识"), "捐款人标识", "Donor id", personal=True
        ),
        known("donor_name", ("捐款人昵称", "捐款人")),
        known("phone", ("手机号",)),
        Column("is_anonymous", Kind.FLAG, ("是否匿名",), "是否匿名", "Gave anonymously"),
        Column(
            "donor_region",
            Kind.REGION,
            ("捐款人地区代码",),
            "捐款人地区代码",
            "Donor's region code",
        ),
        known("team_id", ("一起捐队伍编号",)),
        known("campaign_id"),
        Column("bt", Kind.TEXT, (), "业务大类", "Open platform: business type"),
        Column("bid", Kind.TEXT, (), "业务编号", "Open platform: business id"),
        Column("busi_code", Kind.TEXT, (), "业务代码", "Open platform: business code"),
        Column("appid", Kind.TEXT, (), "应用编号", "Open platform: application id"),
    ),
    rules=(
        matches(
            NAME,
            "order_no",
            "[A-Za-z0-9]{8,32}",
            "订单号须为8至32位字母或数字。",
            "An order number has 8 to 32 letters and digits.",
            rule="order_no_shape",
        ),
        within(
            NAME,
            "amount_fen",
            1,
            HUNDRED_MILLION_FEN,
            "捐款金额须大于0且不超过1亿元。",
            "A gift is more than 0 and at most 100 million yuan.",
            rule="amount_range",
        ),
        RowRule(
            f"{NAME}.refund_within_amount",
            ("refund_fen", "amount_fen"),
            pl.col("refund_fen").is_between(0, pl.col("amount_fen")),
            "退款金额须在0与捐款金额之间。",
            "A refund lies between 0 and the gift's amount.",
            "核对退款金额及其单位。",
            "Check the refund and its unit.",
        ),
        moment_in_range(
            NAME,
            "paid_at",
            "支付时间须在2007年至导出日次日之间。",
            "Paid between 2007 and the day after the export date.",
        ),
        RowRule(
            f"{NAME}.status_known",
            ("status",),
            pl.col("status").is_in(STATUSES)
            | pl.col("status").str.contains(f"^{OPEN_PLATFORM_CODE}$"),
            "订单状态须为：" + "、".join(STATUSES) + "（开放平台状态码除外）。",
            "The order status is one the contract knows (or an open-platform code).",
            "若平台新增了状态，请在来源契约中登记其含义。",
            "If the platform has a new status, add its meaning to the source's contract.",
        ),
    ),
)
