"""腾讯公益财务披露: what a project spent in a period, as its organisation published it.

    landing/tencent_disclosures/…20240802….jsonl → lake/tencent_disclosures
    → stg_tencent_disclosures → fact_disclosure

Gaps and overlaps between the periods of a project are findings of a mart, not broken rows.
"""

import polars as pl

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Form, RowRule, Source
from pipelines.sources.rules import moment_in_range, ordered, within

NAME = "tencent_disclosures"

TENCENT_DISCLOSURES = Source(
    name=NAME,
    title_zh="腾讯公益财务披露",
    title_en="Tencent Charity financial disclosures",
    dated=True,
    money_column="payout_total",
    forms=(
        Form("table"),
        Form(
            "json",
            structured=True,
            money_unit="分",
            names={
                "disclosure_start_date": "period_from",
                "disclosure_end_date": "period_to",
                "fund_expend": "payout_total",
                "submit_time": "published_at",
            },
        ),
    ),
    columns=(
        known("project_no", ("项目ID",), required=True, key=True),
        known("period_from", ("披露开始日期", "期间起"), required=True, key=True),
        known("period_to", ("披露结束日期", "期间止"), required=True, key=True),
        Column(
            "payout_total", Kind.MONEY, ("支出总额",), "支出总额", "Spent in all", required=True
        ),
        Column(
            "management_cost", Kind.MONEY, ("管理成本",), "管理成本", "Of which management costs"
        ),
        known("published_at", ("披露时间", "发布时间"), required=True),
    ),
    rules=(
        ordered(
            NAME,
            "period_from",
            "period_to",
            "披露期间的起日不得晚于止日。",
            "A period does not end before it starts.",
        ),
        within(
            NAME,
            "payout_total_fen",
            0,
            None,
            "支出总额不得为负。",
            "What was spent is not negative.",
            rule="payout_not_negative",
        ),
        RowRule(
            f"{NAME}.management_within_payout",
            ("management_cost_fen", "payout_total_fen"),
            pl.col("management_cost_fen").is_between(0, pl.col("payout_total_fen")),
            "管理成本须在0与支出总额之间。",
            "Management costs lie between 0 and what was spent in all.",
            "核对两项金额及其单位。",
            "Check the two amounts and their units.",
        ),
        moment_in_range(
            NAME,
            "published_at",
            "披露时间须在2007年至导出日次日之间。",
            "Published between 2007 and the day after the export date.",
        ),
    ),
)
