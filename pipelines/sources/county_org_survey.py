"""县域社会组织问卷: what organisations of counties answer about raising funds.

landing/county_org_survey/… → lake/county_org_survey → stg_county_org_survey → fact_survey_answer
→ survey_findings

An export is the whole survey. A question that was not put to somebody is blank there, so each
question has its own base.
"""

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Source

NAME = "county_org_survey"

COUNTY_ORG_SURVEY = Source(
    name=NAME,
    title_zh="县域社会组织问卷",
    title_en="Survey of county organisations",
    cadence="on_event",
    newest_only=True,
    columns=(
        known("response_id", ("答卷编号", "问卷编号"), required=True, key=True),
        known("region_code", zh="行政区划代码"),
        known("is_valid", ("是否有效", "是否有效问卷"), required=True),
        Column("biggest_challenge", Kind.TEXT, ("最大挑战", "面临的最大挑战"),
               "面临的最大挑战", "Biggest challenge", value_words=("无",)),
        Column("has_fulltime_fundraiser", Kind.FLAG, ("有无专职筹款人员", "是否有专职筹款人员"),
               "是否有专职筹款人员", "Whether it has a full-time fundraiser"),
        Column("fundraises_online", Kind.FLAG, ("是否互联网筹款", "是否开展互联网筹款"),
               "是否开展互联网筹款", "Whether it raises funds online"),
    ),
)  # fmt: skip # a declaration
