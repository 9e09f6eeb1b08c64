"""审查记录: one decision (or pending submission) of one reviewer on one subject at one level.

    landing/review_records/… → lake/review_records → stg_review_records → fact_review_event
    → fact_review_status, audit_*

A blank decision is pending. Which record of several is effective is decided in dbt. A subject may
be an organisation, known by its credit code: that is written as all codes are.
"""

import polars as pl

from pipelines.cleaning.identifiers import code_among_ids
from pipelines.sources.contract import Column, Kind, RowRule, Source
from pipelines.sources.rules import ordered, within

NAME = "review_records"

#: GB 11643: region, day of birth, serial, check character.
IDENTITY_NUMBER = r"^[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[\dXx]$"
DECISIONS = ("通过", "退回", "不通过")


def _with_plain_codes(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(code_among_ids(pl.col("subject_id")))


REVIEW_RECORDS = Source(
    name=NAME,
    title_zh="审查记录",
    title_en="Review records",
    cadence="on_event",
    snapshot_scope=("chain_id",),
    derive=_with_plain_codes,
    columns=(
        Column("record_no", Kind.ID, (), "记录编号", "Record number", required=True, key=True),
        Column("chain_id", Kind.ID, (), "审查链编号", "Chain id", required=True),
        Column("subject_id", Kind.ID, (), "对象编号", "Subject id", required=True),
        Column("round_no", Kind.INTEGER, (), "轮次", "Round", required=True),
        Column("level_no", Kind.INTEGER, (), "层级", "Level", required=True),
        Column(
            "reviewer_uscc",
            Kind.USCC,
            (),
            "审查单位统一社会信用代码",
            "Reviewer's unified social credit code",
            required=True,
        ),
        Column("reviewer_name", Kind.TEXT, (), "审查人", "Person who reviewed", personal=True),
        Column("submitted_at", Kind.DATETIME, (), "提交时间", "Submitted at", required=True),
        Column("decided_at", Kind.DATETIME, (), "决定时间", "Decided at"),
        Column(
            "decision",
            Kind.CODE,
            (),
            "决定",
            "Decision; null is pending",
            closed=True,
            codes={d: d for d in DECISIONS},
        ),
        Column("opinion", Kind.TEXT, (), "意见", "Opinion"),
        Column("evidence_count", Kind.INTEGER, (), "佐证数量", "Pieces of evidence", required=True),
    ),
    rules=(
        within(
            NAME,
            "round_no",
            1,
            None,
            "轮次从1开始。",
            "Rounds are numbered from 1.",
            rule="round_no_range",
        ),
        within(
            NAME,
            "level_no",
            1,
            99,
            "层级从1开始编号。",
            "Levels are numbered from 1.",
            rule="level_no_range",
        ),
        within(
            NAME,
            "evidence_count",
            0,
            None,
            "佐证数量不得为负。",
            "A count of evidence is not negative.",
            rule="evidence_not_negative",
        ),
        ordered(
            NAME,
            "submitted_at",
            "decided_at",
            "决定时间不得早于提交时间。",
            "A decision is not made before the submission.",
        ),
        RowRule(
            f"{NAME}.subject_is_no_identity_number",
            ("subject_id",),
            ~pl.col("subject_id").str.contains(IDENTITY_NUMBER),
            "对象编号不得是居民身份证号码。",
            "A subject's id is not a resident identity number.",
            "改用内部编号；身份证号码不得离开登记系统。",
            "Use an id of your own; identity numbers must not leave the register.",
        ),
        RowRule(
            f"{NAME}.decision_with_time",
            ("decision", "decided_at"),
            pl.col("decision").is_null() == pl.col("decided_at").is_null(),
            "有决定必有决定时间，待定则两者皆空。",
            "A decision has its time, and a pending record has neither.",
            "补齐决定或决定时间。",
            "Fill in the decision or its time.",
        ),
    ),
)
