"""活动: campaigns of a programme, with their windows and the review chain they use.

landing/campaigns/… → lake/campaigns → stg_campaigns → dim_campaign
"""

from pipelines.sources.contract import Column, Kind, Source
from pipelines.sources.rules import ordered

NAME = "campaigns"

CAMPAIGNS = Source(
    name=NAME,
    title_zh="活动",
    title_en="Campaigns",
    cadence="on_event",
    snapshot_scope=("campaign_id",),
    columns=(
        Column("campaign_id", Kind.ID, (), "活动编号", "Campaign id", required=True, key=True),
        Column("name", Kind.TEXT, ("活动名称",), "活动名称", "Campaign name", required=True),
        Column("program_id", Kind.ID, (), "项目计划编号", "Programme id", required=True),
        Column("starts_on", Kind.DATE, (), "开始日期", "First day", required=True),
        Column("ends_on", Kind.DATE, (), "结束日期", "Last day", required=True),
        Column(
            "host_uscc",
            Kind.USCC,
            ("主办单位统一社会信用代码",),
            "主办单位统一社会信用代码",
            "Host's unified social credit code",
        ),
        Column("host_name", Kind.TEXT, (), "主办单位", "Host", required=True),
        Column("chain_id", Kind.ID, (), "审查链编号", "Review chain"),
        Column("platform", Kind.TEXT, ("平台", "募捐平台"), "平台", "Platform"),
    ),
    rules=(
        ordered(
            NAME,
            "starts_on",
            "ends_on",
            "活动的开始日期不得晚于结束日期。",
            "A campaign does not end before it starts.",
        ),
    ),
)
