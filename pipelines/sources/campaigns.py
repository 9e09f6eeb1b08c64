"""活动: campaigns of a programme, with their windows and the review chain they use.

landing/campaigns/… → lake/campaigns → stg_campaigns → dim_campaign
"""

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Source
from pipelines.sources.rules import ordered

NAME = "campaigns"

CAMPAIGNS = Source(
    name=NAME,
    title_zh="活动",
    title_en="Campaigns",
    cadence="on_event",
    snapshot_scope=("campaign_id",),
    newest_only=True,
    columns=(
        known("campaign_id", required=True, key=True),
        known("name", ("活动名称",), zh="活动名称", en="Campaign name", required=True),
        known("program_id", required=True),
        known("starts_on", required=True),
        known("ends_on", required=True),
        known("host_uscc", ("主办单位统一社会信用代码",)),
        known("host_name", required=True),
        known("chain_id"),
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
