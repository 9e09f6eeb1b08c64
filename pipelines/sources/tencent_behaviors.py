"""腾讯公益行为捐: steps, flowers and smiles that people give and a sponsor turns into money.

    landing/tencent_behaviors/…20240802….csv → lake/tencent_behaviors → stg_tencent_behaviors
    → fact_behavior

Counts by day, project and kind; no single person appears. `amount` is what a sponsor paid for it.
"""

from pipelines.cleaning.markup import plain_columns
from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Form, Source
from pipelines.sources.rules import by_export, within

NAME = "tencent_behaviors"

KINDS = ("捐步", "小红花", "捐笑脸", "捐祝福", "捐写字", "积分")

TENCENT_BEHAVIORS = Source(
    name=NAME,
    title_zh="腾讯公益行为捐",
    title_en="Tencent Charity giving by doing",
    dated=True,
    money_column="amount",
    derive=plain_columns("sponsor_name"),
    forms=(Form("table"), Form("json", structured=True, money_unit="分")),
    columns=(
        Column("date", Kind.DATE, ("日期",), "日期", "Day", required=True, key=True),
        known("project_no", ("项目ID",), required=True, key=True),
        Column(
            "kind",
            Kind.CODE,
            ("行为类型",),
            "行为类型",
            "What people did",
            required=True,
            key=True,
            closed=True,
            codes={k: k for k in KINDS},
        ),
        known("participations", ("参与人次",), required=True),
        known("quantity", ("行为量",), required=True, by_machine=True),
        Column("amount", Kind.MONEY, ("兑换金额",), "兑换金额", "Amount a sponsor paid for it"),
        known("sponsor_name", ("兑换方", "配捐方"), zh="兑换方"),
        known("sponsor_uscc", ("兑换方统一社会信用代码", "配捐方统一社会信用代码")),
    ),
    rules=(
        within(
            NAME,
            "participations",
            0,
            None,
            "参与人次不得为负。",
            "Participations are not negative.",
            rule="participations_not_negative",
        ),
        within(
            NAME,
            "quantity",
            0,
            None,
            "行为量不得为负。",
            "What people did is not negative.",
            rule="quantity_not_negative",
        ),
        within(
            NAME,
            "amount_fen",
            0,
            None,
            "兑换金额不得为负。",
            "What a sponsor paid is not negative.",
            rule="amount_not_negative",
        ),
        by_export(NAME, "date", "日期不得晚于导出日。", "A day is not later than the export."),
    ),
)
