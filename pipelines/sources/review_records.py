"""审查记录: one decision (or pending submission) of one reviewer on one subject at one level.

    landing/review_records/… → lake/review_records → stg_review_records → fact_review_event
    → fact_review_status, audit_*

A blank decision is pending. Charities number each register from 1, so a record is known by its
chain and number together. Which record of several is effective is decided in dbt. A subject may be
a project, an organisation by its credit code, or a number: the code is written as all codes are.
"""

import polars as pl

from pipelines.cleaning.identifiers import code_among_ids
from pipelines.cleaning.identities import PREFIX
from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, RowRule, Source
from pipelines.sources.rules import ordered, within

NAME = "review_records"

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
        known("record_no", required=True, key=True),
        known("chain_id", required=True, key=True),
        known("subject_id", required=True),
        known("round_no", required=True),
        known("level_no", required=True),
        known("reviewer_uscc", required=True),
        known("reviewer_name"),
        known("submitted_at", required=True),
        known("decided_at"),
        known("decision", closed=True, codes=DECISIONS),
        Column("opinion", Kind.TEXT, (), "意见", "Opinion"),
        known("evidence_count", required=True),
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
            ~pl.col("subject_id").str.contains(PREFIX, literal=True),  # the pseudonym it has become
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
