"""Levels of review chains, and facts of reviews."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Behind, Holds, Table

DIM_REVIEW_LEVEL = Table(
    "star",
    "dim_review_level",
    zh="审查层级：每条审查链的每一级一行，另有 -1 代表未登记的层级",
    en="Levels of every review chain, and -1 for a level that no chain has",
    grain="review_level_key",
    fields="""
        review_level_key chain_id chain_name subject_type level_no level_code level_name coverage
        required_share forbids_initiator forbids_supporter forbids_previous_reviewer sla_days
        evidence_required export_date source_file_id source_row
    """,
    present="",
)  # fmt: skip # a declaration

FACT_REVIEW_EVENT = Table(
    "star",
    "fact_review_event",
    zh="审查记录：每条记录一行，含全部轮次",
    en="Review records: a row per record, all rounds",
    grain="chain_id record_no",
    fields="""
        record_no review_level_key chain_id subject_id level_no round_no project_key
        reviewer_organization_key reviewer_uscc reviewer_name_public submitted_date_key
        decided_date_key submitted_at decided_at days_taken decision evidence_count has_opinion
        is_effective export_date source_file_id source_row
    """,
    present="record_no review_level_key chain_id subject_id level_no round_no submitted_at",
    words={
        "review_level_key": Words("层级主键，未登记的层级为 -1",
            "Key of the level, -1 where no chain has it"),
        "project_key": Words("项目的当前版本；对象不是项目或导出中没有则为 -1",
            "Current version of the project; -1 if the subject is not a project or in no export"),
    },
    holds=(
        Holds("level_registered", "review_level_key <> '-1'", "审查记录的审查链与层级都应已登记",
            "A record names a chain and a level that are registered",
            shown="record_no chain_id level_no source_file_id source_row", severity="warn"),
        Holds("decision_with_time", "(decision is null) = (decided_at is null)",
            "有决定必有决定时间", "A decision has its time",
            shown="chain_id record_no decision decided_at"),
    ),
)  # fmt: skip # a declaration

FACT_REVIEW_STATUS = Table(
    "star",
    "fact_review_status",
    zh="审查进程（累积快照）：每条审查链的每个对象一行，列出各级有效记录的时间",
    en=(
        "Accumulating snapshot: a row per subject and chain with the times of each level's"
        " effective record"
    ),
    grain="chain_id subject_id",
    fields="""
        chain_id subject_id is_admitted admitted_on in_chain_since round_no levels_in_chain
        levels_passed last_all_passed_at last_decided_at level_1_status level_1_submitted_at
        level_1_decided_at level_2_status level_2_submitted_at level_2_decided_at level_3_status
        level_3_submitted_at level_3_decided_at level_4_status level_4_submitted_at
        level_4_decided_at level_5_status level_5_submitted_at level_5_decided_at level_6_status
        level_6_submitted_at level_6_decided_at level_7_status level_7_submitted_at
        level_7_decided_at level_8_status level_8_submitted_at level_8_decided_at level_9_status
        level_9_submitted_at level_9_decided_at level_10_status level_10_submitted_at
        level_10_decided_at level_11_status level_11_submitted_at level_11_decided_at
        level_12_status level_12_submitted_at level_12_decided_at
    """,
    present="",
    words={
        "admitted_on": Words("入场日期；未填则为报名日期",
            "Admitted on; the date of application where none is given"),
        "round_no": Words("有效记录的最大轮次", "Greatest round of the effective records"),
        "levels_passed": Words("已通过的层级数（含抽查）", "Levels passed, samples included"),
    },
    holds=(
        Holds("levels_fit", "levels_in_chain <= 12",
            "审查链超过十二级时，其后的层级只在 audit_matrix 中",
            "In a chain of more than twelve levels, the later ones are in audit_matrix only",
            shown="chain_id subject_id levels_in_chain", severity="warn"),
    ),
    behind=(
        Behind("marts.audit_matrix", "chain_id = $chain_id and subject_id = $subject_id",
            {"levels_in_chain": "count(*)"}),
        Behind("marts.audit_matrix",
            "chain_id = $chain_id and subject_id = $subject_id and status = 'passed'",
            {"levels_passed": "count(*)"}),
    ),
)  # fmt: skip # a declaration

TABLES = (
    DIM_REVIEW_LEVEL,
    FACT_REVIEW_EVENT,
    FACT_REVIEW_STATUS,
)
