"""The mart of bills held against orders."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Behind, Holds, Table

_OF_GROUP = (
    "bill_source = $bill_source and bill_family = $bill_family and bill_date = $bill_date"
    " and line_kind = $line_kind and match_status = $match_status"
)

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
    behind=(
        Behind("star.fact_settlement", _OF_GROUP,
            {"line_count": "count(*)", "order_count": "count(distinct order_no)",
             "bill_cny": "coalesce(sum(amount_cny), 0)", "difference_cny": "sum(difference_cny)",
             "export_cny": "coalesce(sum(amount_cny), 0) - coalesce(sum(difference_cny), 0)",
             "fee_millifen": "coalesce(sum(fee_millifen), 0)"}),
        Behind("star.fact_settlement", f"{_OF_GROUP} and is_late", {"late_lines": "count(*)"}),
        Behind("star.fact_settlement", f"{_OF_GROUP} and difference_cny is null",
            {"lines_of_unknown_difference": "count(*)"}),
    ),
    no_rows=dict.fromkeys(("footer_files", "footer_claims", "footer_claims_wrong"), Words(
        "表尾是文件里的合计，不是记录，读文件时即已核对；每个文件的表尾见 ops.load_audit",
        "a footer is a total that a file prints, no record; it is checked while the file is read:"
        " ops.load_audit has the footer of each file")),
)  # fmt: skip # a declaration

TABLES = (SETTLEMENT_RECONCILIATION,)
