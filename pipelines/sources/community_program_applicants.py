"""蜀慈善邻报名: who applies to a community programme, and the funds that each plans.

landing/community_program_applicants/… → lake/community_program_applicants
→ stg_community_program_applicants → fact_program_application → marts.community_funds
"""

from pipelines.sources.columns import known
from pipelines.sources.contract import Source
from pipelines.sources.rules import not_negative

NAME = "community_program_applicants"

KINDS = ("市州慈善会", "单位会员")

COMMUNITY_PROGRAM_APPLICANTS = Source(
    name=NAME,
    title_zh="蜀慈善邻报名",
    title_en="Applicants of a community programme",
    cadence="on_event",
    newest_only=True,
    columns=(
        known("applicant_uscc", ("统一社会信用代码",)),
        known("applicant_name", ("申报单位", "报名单位"), required=True, key=True),
        known("kind", ("单位类别", "申报单位类别"), required=True, codes=KINDS),
        known("region_code"),
        known("online_projects", ("互联网募捐项目数",), required=True),
        known("brand_projects", ("品牌项目数",), required=True),
        known("funds_planned", ("拟新建社区基金数",), required=True),
        known("funds_cultivated", ("培育社区基金数",), required=True),
    ),
    rules=tuple(
        not_negative(NAME, *column)
        for column in (
            ("online_projects", "互联网募捐项目数", "The number of online projects"),
            ("brand_projects", "品牌项目数", "The number of brand projects"),
            ("funds_planned", "拟新建社区基金数", "The number of funds planned"),
            ("funds_cultivated", "培育社区基金数", "The number of funds cultivated"),
        )
    ),
)
