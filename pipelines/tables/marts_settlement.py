"""The mart of bills held against orders."""

from pipelines.tables.declaration import Holds, Table

SETTLEMENT_RECONCILIATION = Table(
    "marts",
    "settlement_reconciliation",
    zh="支付对账：账单×日×核对结果，笔数、金额、差额、表尾核对",
    en=(
        "Reconciliation of payments: bill, day and result of the match; counts, amounts,"
        " differences, and the check of printed totals"
    ),
    grain="bill_source bill_family bill_date line_kind match_status",
    fields="""
        bill_source bill_family bill_date line_kind match_status line_count order_count late_lines
        bill_cny export_cny difference_cny lines_of_unknown_difference fee_millifen footer_files
        footer_claims footer_claims_wrong footer_agrees as_of
    """,
    nullable="export_cny difference_cny footer_agrees",
    holds=(
        Holds("matched_does_not_differ", "match_status <> 'matched' or difference_cny = 0",
            "相符的行差额合计为0", "The differences of matched lines add up to 0",
            shown="bill_source bill_date line_kind difference_cny"),
    ),
)  # fmt: skip # a declaration

TABLES = (SETTLEMENT_RECONCILIATION,)
