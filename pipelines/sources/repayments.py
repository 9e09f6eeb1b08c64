"""捐后返还: what was paid out to somebody after giving, as a project's register lists it.

    landing/repayments/… → lake/repayments → stg_repayments → fact_repayment
    → the red flag 捐后报销

A payee gets the pseudonym that a donor of that name has in the register of offline gifts, so that
the two meet. What a reason says may name people: it stays in the lake.
"""

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Identity, Source
from pipelines.sources.rules import HUNDRED_MILLION_FEN, by_export, within

NAME = "repayments"

REPAYMENTS = Source(
    name=NAME,
    title_zh="捐后返还",
    title_en="Repayments after giving",
    cadence="on_event",
    money_column="amount",
    identity=Identity(columns=("payee",), name_column="payee", like=("offline_gifts", "donor")),
    snapshot_scope=("project_no",),
    newest_only=True,
    columns=(
        known("repayment_no", ("返还编号", "返还单号"), required=True, key=True),
        known("order_no", ("原订单号", "捐赠订单号"), by_machine=True),
        known("project_no", ("项目ID",), required=True),
        Column("payee", Kind.TEXT, ("收款人", "收款方"), "收款人", "Payee", personal=True),
        Column("amount", Kind.MONEY, ("返还金额", "金额"), "返还金额", "Amount", required=True),
        known("paid_on", ("返还日期", "付款日期"), required=True),
        Column("reason", Kind.TEXT, ("返还事由", "事由"), "返还事由", "Reason"),
    ),
    rules=(
        within(
            NAME,
            "amount_fen",
            1,
            HUNDRED_MILLION_FEN,
            "返还金额须大于0且不超过1亿元。",
            "A repayment is more than 0 and at most 100 million yuan.",
            rule="amount_range",
        ),
        by_export(
            NAME, "paid_on", "返还日期不得晚于导出日。", "No repayment is later than the export."
        ),
    ),
)
