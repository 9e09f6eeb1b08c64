"""线下捐赠: what a campaign received outside the platforms, as its host's register lists it.

    landing/offline_gifts/… → lake/offline_gifts → stg_offline_gifts → fact_offline_gift
    (never added to platform gifts)

A gift may have no number: then it is known by file, sheet and row, and two equal gifts are two.
Goods are listed at their value; the fact keeps that apart from money.
"""

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Identity, Source
from pipelines.sources.rules import HUNDRED_MILLION_FEN, by_export, within

NAME = "offline_gifts"

MONEY_KINDS, GOODS = ("现金", "转账"), "物资"
KINDS = {
    **{kind: kind for kind in (*MONEY_KINDS, GOODS)},
    "现金捐赠": "现金",
    **dict.fromkeys(("银行转账", "转账汇款", "汇款"), "转账"),
    **dict.fromkeys(("物资捐赠", "实物", "实物捐赠"), GOODS),
}

OFFLINE_GIFTS = Source(
    name=NAME,
    title_zh="线下捐赠",
    title_en="Gifts made offline",
    cadence="on_event",
    money_column="amount",
    identity=Identity(columns=("donor",), name_column="donor", publish_organizations=True),
    snapshot_scope=("campaign_id",),
    newest_only=True,
    columns=(
        known("gift_no", ("捐赠登记号",), key=True),
        known("campaign_id", required=True),
        known("project_no", ("项目ID",)),
        Column(
            "donor",
            Kind.TEXT,
            ("捐赠方", "捐赠人", "捐款人", "捐赠单位", "捐赠单位/个人"),
            "捐赠方",
            "Donor",
            personal=True,
        ),
        Column(
            "amount",
            Kind.MONEY,
            ("金额", "捐赠金额", "捐赠金额或价值", "折算金额"),
            "捐赠金额，物资为其价值",
            "Amount; of goods, their value",
            required=True,
        ),
        known("received_on", ("接收日期", "到账日期", "收款日期"), required=True),
        known("receipt_no", ("捐赠票据号", "票据号", "收据号")),
        Column(
            "kind", Kind.CODE, ("捐赠形式", "捐赠类型"), "捐赠形式", "How it was given", codes=KINDS
        ),
    ),
    rules=(
        within(
            NAME,
            "amount_fen",
            1,
            HUNDRED_MILLION_FEN,
            "捐赠金额或价值须大于0且不超过1亿元。",
            "A gift is more than 0 and at most 100 million yuan.",
            rule="amount_range",
        ),
        by_export(
            NAME,
            "received_on",
            "接收日期不得晚于导出日。",
            "A gift is not received after the export.",
        ),
    ),
)
