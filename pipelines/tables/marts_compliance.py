"""The mart of disclosure: what was due, and when it came."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Holds, Table

DISCLOSURE_COMPLIANCE = Table(
    "marts",
    "disclosure_compliance",
    zh=(
        "信息公开：每活动、项目或机构、每项义务一行，及财务披露期间的缺口、重叠与改动（慈善法第79"
        "条，活动与项目两个时钟；2026年起第81号令）"
    ),
    en=(
        "Publication: a row per campaign, project or organisation and duty, and the gaps,"
        " overlaps and changes of 财务披露 periods (Charity Law 79, two clocks; Order 81 from"
        " 2026)"
    ),
    grain="subject_type subject_id duty duty_no",
    fields="""
        subject_type subject_id duty duty_no subject_name rule window_from window_to due_on
        done_on days_late status days as_of
    """,
    nullable="subject_name due_on done_on days_late days",
    words={
        "subject_type": Words("时钟：campaign 募捐活动、project 慈善项目，或 organization 机构",
            "The clock: campaign or project; or an organization"),
        "subject_id": Words("活动编号、项目编号或统一社会信用代码",
            "Campaign id, project number or USCC"),
        "status": Words(
            "done 按期、late 逾期、overdue 逾期未公开、not_due 未到期、no_source 无来源、gap 缺"
            "口、overlap 重叠、corrected 已作更正公开、silent 默改（公开时间未动）",
            "Verdict; corrected: published as a correction; silent: changed under the old time of"
            " publication"),
    },
    holds=(
        Holds("days_of_their_kind",
            "(days_late is null) = (status in ('no_source', 'gap', 'overlap', 'corrected',"
            " 'silent')) and (days is not null) = (status in ('gap', 'overlap')) and"
            " coalesce(days_late >= 0, true) and coalesce(days > 0, true)",
            "逾期天数只属义务，缺口与重叠天数只属期间，均不为负",
            "Only duties have days late, only gaps and overlaps have days, and none is negative"),
    ),
    worked={
        "days_late": "max(coalesce(done_on, as_of) - due_on, 0)",
        "days": "window_to - window_from + 1",
    },
)  # fmt: skip # a declaration

TABLES = (DISCLOSURE_COMPLIANCE,)
