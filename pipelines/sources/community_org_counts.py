"""社区社会组织数: how many community organisations a region has, registered and filed.

landing/community_org_counts/… → lake/community_org_counts → stg_community_org_counts
→ fact_org_count → marts.org_counts
"""

import polars as pl

from pipelines.sources.columns import known
from pipelines.sources.contract import RowRule, Source
from pipelines.sources.rules import not_negative

NAME = "community_org_counts"

COMMUNITY_ORG_COUNTS = Source(
    name=NAME,
    title_zh="社区社会组织数",
    title_en="Counts of community organisations",
    cadence="on_event",
    snapshot_scope=("region_code", "as_of"),
    newest_only=True,
    columns=(
        known("region_code", required=True, key=True),
        known(
            "as_of",
            ("统计日期", "截至日期", "统计截至日期"),
            zh="统计截至日期",
            en="Counted as of",
            required=True,
            key=True,
        ),
        known("registered", ("登记制", "登记制数", "登记制社区社会组织数"), required=True),
        known("filed", ("备案制", "备案制数", "备案制社区社会组织数"), required=True),
        known("total", ("总数", "社区社会组织总数")),
    ),
    rules=(
        not_negative(NAME, "registered", "登记制数", "The number registered"),
        not_negative(NAME, "filed", "备案制数", "The number filed"),
        RowRule(
            f"{NAME}.total_is_the_sum",
            ("registered", "filed", "total"),
            pl.col("total") == pl.col("registered") + pl.col("filed"),
            "总数等于登记制与备案制之和。",
            "The total is what is registered and what is filed.",
            "核对三个数，更正后重新提交。",
            "Check the three numbers, correct the line and submit it again.",
        ),
    ),
)
