"""年度工作报告: what organisations report of a year: income, spending, costs, net assets.

landing/org_annual_reports/… → lake/org_annual_reports → stg_org_annual_reports → fact_org_year
→ org_ratio_compliance
"""

import polars as pl

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, RowRule, Source
from pipelines.sources.rules import within

NAME = "org_annual_reports"

FIRST_YEAR = 1949
_CHECK_ZH, _CHECK_EN = "与年报原文核对后更正该行。", "Compare with the report and correct the line."

ORG_ANNUAL_REPORTS = Source(
    name=NAME,
    title_zh="社会组织年报",
    title_en="Annual reports of organisations",
    cadence="on_event",
    money_column="income",
    snapshot_scope=("uscc", "year"),
    newest_only=True,
    columns=(
        known("uscc", required=True, key=True),
        known("year", ("年份", "报告年度"), zh="年度", en="Year", required=True, key=True),
        Column("income", Kind.MONEY, ("年度总收入", "总收入", "收入合计"),
               "年度总收入", "Income", required=True),
        Column("charitable_spending", Kind.MONEY, ("慈善活动支出", "年度慈善活动支出"),
               "慈善活动支出", "Spent on charitable activities", required=True),
        Column("management_cost", Kind.MONEY, ("管理费用", "年度管理费用"),
               "管理费用", "Management costs", required=True),
        Column("total_spending", Kind.MONEY, ("总支出", "年度总支出", "支出合计"),
               "总支出", "Spending", required=True),
        Column("net_assets", Kind.MONEY, ("净资产", "年末净资产", "净资产合计"),
               "年末净资产", "Net assets at the end of the year"),
        known("report_published_on", ("年报公布日期", "年报公开日期", "公布日期")),
        known("audit_report", ("审计报告", "是否有审计报告")),
    ),
    rules=(
        RowRule(
            f"{NAME}.year_by_export",
            ("year", "export_date"),
            pl.col("year").is_between(FIRST_YEAR, pl.col("export_date").dt.year()),
            "年度须在1949年至导出年份之间。",
            "The year is between 1949 and that of the export.",
            _CHECK_ZH,
            _CHECK_EN,
        ),
        RowRule(
            f"{NAME}.published_after_the_year",
            ("year", "report_published_on"),
            pl.col("report_published_on").dt.year() > pl.col("year"),
            "年报不得在年度结束之前公布。",
            "A report is not published before its year has ended.",
            _CHECK_ZH,
            _CHECK_EN,
        ),
        within(NAME, "charitable_spending_fen", 0, None, "慈善活动支出不得为负。",
               "Charitable spending is not negative.", rule="charitable_spending_not_negative"),
        within(NAME, "management_cost_fen", 0, None, "管理费用不得为负。",
               "Management costs are not negative.", rule="management_cost_not_negative"),
        RowRule(
            f"{NAME}.parts_within_total",
            ("charitable_spending_fen", "management_cost_fen", "total_spending_fen"),
            pl.col("charitable_spending_fen") + pl.col("management_cost_fen")
            <= pl.col("total_spending_fen"),
            "慈善活动支出与管理费用之和不得大于总支出。",
            "Charitable spending and management costs together do not exceed the total.",
            _CHECK_ZH,
            _CHECK_EN,
        ),
    ),
)  # fmt: skip # a declaration
