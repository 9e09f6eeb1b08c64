"""入场申报: projects that apply to enter a campaign, and whether they were admitted.

landing/campaign_entries/… → lake/campaign_entries → stg_campaign_entries
→ fact_campaign_entry, and the subjects of the campaign's review chain
"""

import polars as pl

from pipelines.sources.contract import Column, Kind, RowRule, Source
from pipelines.sources.rules import ordered

NAME = "campaign_entries"

DOMAINS = (
    "敬老爱老",
    "儿童关爱",
    "扶弱济困",
    "乡村发展",
    "社区治理",
    "生态环保",
    "慈善文化",
    "其他类",
)
RESULTS = ("入场", "未入场", "待定")

CAMPAIGN_ENTRIES = Source(
    name=NAME,
    title_zh="入场申报",
    title_en="Campaign entries",
    cadence="on_event",
    snapshot_scope=("campaign_id",),
    columns=(
        Column("campaign_id", Kind.ID, (), "活动编号", "Campaign id", required=True, key=True),
        Column(
            "project_no",
            Kind.ID,
            ("项目ID",),
            "项目编号",
            "Project number",
            required=True,
            key=True,
        ),
        Column(
            "applicant_uscc",
            Kind.USCC,
            (),
            "申报单位统一社会信用代码",
            "Applicant's unified social credit code",
            required=True,
        ),
        Column("applied_on", Kind.DATE, (), "报名日期", "Applied on", required=True),
        Column(
            "domain",
            Kind.CODE,
            ("领域", "项目领域"),
            "领域",
            "Domain",
            required=True,
            codes={**{d: d for d in DOMAINS}, **{f"蜀慈善邻·{d}": d for d in DOMAINS}},
        ),
        Column("region_code", Kind.REGION, (), "落地区划代码", "Region code", required=True),
        Column(
            "result",
            Kind.CODE,
            (),
            "入场结果",
            "Result",
            required=True,
            closed=True,
            codes={r: r for r in RESULTS},
        ),
        Column("admitted_on", Kind.DATE, (), "入场日期", "Admitted on"),
        Column("go_live_at", Kind.DATETIME, (), "上线时间", "Went live at"),
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
