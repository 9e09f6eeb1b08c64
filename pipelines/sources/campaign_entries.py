"""入场申报: projects that apply to enter a campaign, and whether they were admitted.

landing/campaign_entries/… → lake/campaign_entries → stg_campaign_entries
→ fact_campaign_entry, and the subjects of the campaign's review chain
"""

import polars as pl

from pipelines.sources.columns import known
from pipelines.sources.contract import RowRule, Source
from pipelines.sources.rules import ordered

NAME = "campaign_entries"

DOMAINS = (
    *("敬老爱老", "儿童关爱", "扶弱济困", "乡村发展", "社区治理", "生态环保", "慈善文化"),
    "其他类",
)
RESULTS = ("入场", "未入场", "待定")

CAMPAIGN_ENTRIES = Source(
    name=NAME,
    title_zh="入场申报",
    title_en="Campaign entries",
    cadence="on_event",
    snapshot_scope=("campaign_id",),
    newest_only=True,
    columns=(
        known("campaign_id", required=True, key=True),
        known("project_no", ("项目ID",), required=True, key=True),
        known("applicant_uscc", required=True),
        known("applied_on", required=True),
        known(
            "domain",
            ("领域", "项目领域"),
            required=True,
            codes={**{d: d for d in DOMAINS}, **{f"蜀慈善邻·{d}": d for d in DOMAINS}},
        ),
        known("region_code", required=True),
        known("result", required=True, closed=True, codes=RESULTS),
        known("admitted_on"),
        known("go_live_at"),
    ),
    rules=(
        ordered(
            NAME,
            "applied_on",
            "admitted_on",
            "入场日期不得早于报名日期。",
            "A project is not admitted before it applied.",
        ),
        RowRule(
            f"{NAME}.admitted_on_only_if_admitted",
            ("result", "admitted_on"),
            (pl.col("result") == "入场") | pl.col("admitted_on").is_null(),
            "只有入场的项目才有入场日期。",
            "Only an admitted project has a date of admission.",
            "核对入场结果与入场日期。",
            "Check the result against the date of admission.",
        ),
    ),
)
