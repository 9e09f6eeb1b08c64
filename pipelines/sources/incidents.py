"""舆情与投诉: incidents of public opinion and complaints, as one register lists them.

landing/incidents/… → lake/incidents → stg_incidents → fact_incident

Every export is the whole register, from its first entry to the export's day: also one without an
entry says something, that there was none.
"""

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Source
from pipelines.sources.rules import moment_in_range, ordered

NAME = "incidents"

KINDS = ("舆情", "投诉")
SEVERITIES = ("一般", "较大", "重大", "特别重大")

INCIDENTS = Source(
    name=NAME,
    title_zh="舆情与投诉",
    title_en="Incidents and complaints",
    cadence="on_event",
    newest_only=True,
    columns=(
        known("incident_id", ("事件编号",), required=True, key=True),
        known("campaign_id"),
        known("project_no", ("项目ID",)),
        Column(
            "kind",
            Kind.CODE,
            ("事件类型", "类型"),
            "事件类型",
            "Kind",
            required=True,
            closed=True,
            codes={kind: kind for kind in KINDS},
        ),
        known("reported_at", ("登记时间", "接报时间", "发现时间"), required=True),
        known("closed_at", ("办结时间",)),
        Column(
            "severity",
            Kind.CODE,
            ("严重程度",),
            "严重程度",
            "Severity",
            codes={word: word for word in SEVERITIES},
        ),
    ),
    rules=(
        ordered(
            NAME,
            "reported_at",
            "closed_at",
            "办结时间不得早于登记时间。",
            "An incident is not closed before it is reported.",
        ),
        moment_in_range(
            NAME,
            "reported_at",
            "登记时间须在2007年之后且不晚于导出次日。",
            "An incident is reported after 2007 and no later than the day after the export.",
        ),
    ),
)
