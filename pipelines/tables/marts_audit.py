"""Marts of audits: what a review chain asks and what was found."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Behind, Holds, Table

_LEVEL = "chain_id = $chain_id and level_no = $level_no"
#: Passed the chain's last `all` level; in a chain of samples alone everyone did.
_THROUGH = (
    "not exists (select 1 from marts.audit_matrix as one where one.chain_id = $chain_id"
    " and one.coverage = 'all') or subject_id in (select one.subject_id from marts.audit_matrix"
    " as one where one.chain_id = $chain_id and one.status = 'passed' and one.level_no = (select"
    " max(last.level_no) from marts.audit_matrix as last where last.chain_id = $chain_id"
    " and last.coverage = 'all'))"
)
_ELIGIBLE = (
    f"{_LEVEL} and case coverage when 'all' then status <> 'not_reached' else ({_THROUGH}) end"
)

AUDIT_COMPLETENESS = Table(
    "marts",
    "audit_completeness",
    zh="审查链完整性：每条链的每一级一行",
    en="A row per chain and level: how far it was reviewed",
    grain="chain_id level_no",
    fields="""
        chain_id level_no level_name coverage required_share subjects_in_chain subjects_admitted
        subjects_judged subjects_eligible subjects_reviewed subjects_passed coverage_share
        blocking_gaps blocking_gaps_judged is_satisfied is_chain_satisfied
    """,
    present="",
    words={
        "blocking_gaps": Words("该级阻断缺口数（含抽查不足）",
            "Blocking gaps at the level, a sample shortfall included"),
    },
    holds=(
        Holds("counts_nest",
            "subjects_passed <= subjects_reviewed and subjects_reviewed <= subjects_eligible and"
            " subjects_eligible <= subjects_in_chain",
            "通过数不大于已审查数，已审查数不大于应审查数，应审查数不大于对象数",
            "No more passed than reviewed, no more reviewed than eligible, no more eligible"
            " than the"
            " chain's subjects"),
    ),
    behind=(
        Behind("star.dim_review_level", _LEVEL, {"required_share": "max(required_share)"}),
        Behind("marts.audit_gaps", f"{_LEVEL} and severity = 'blocking'",
            {"blocking_gaps": "count(*)"}),
        Behind("marts.audit_gaps", f"{_LEVEL} and severity = 'blocking' and subject_id in (select"
            " judged.subject_id from marts.audit_subjects as judged"
            " where judged.chain_id = $chain_id and judged.is_judged)",
            {"blocking_gaps_judged": "count(*)"}),
        Behind("marts.audit_matrix", _LEVEL, {"subjects_in_chain": "count(*)"}),
        Behind("marts.audit_subjects", "chain_id = $chain_id and is_admitted",
            {"subjects_admitted": "count(*)"}),
        Behind("marts.audit_subjects", "chain_id = $chain_id and is_judged",
            {"subjects_judged": "count(*)"}),
        Behind("marts.audit_matrix", _ELIGIBLE, {"subjects_eligible": "count(*)"}),
        Behind("marts.audit_matrix",
            f"{_ELIGIBLE} and status in ('passed', 'returned', 'rejected')",
            {"subjects_reviewed": "count(*)"}),
        Behind("marts.audit_matrix", f"{_ELIGIBLE} and status = 'passed'",
            {"subjects_passed": "count(*)"}),
    ),
    worked={"coverage_share": "subjects_reviewed / subjects_eligible"},
)  # fmt: skip # a declaration

AUDIT_GAPS = Table(
    "marts",
    "audit_gaps",
    zh="审查缺口：每个发现一行",
    en="Review gaps: a row per finding",
    grain="chain_id subject_id level_no gap_type",
    fields="""
        chain_id subject_id level_no gap_type severity detail_zh detail_en responsible_uscc
        responsible_name opened_at days_open as_of
    """,
    nullable="subject_id responsible_uscc responsible_name as_of",
    words={
        "subject_id": Words("对象编号", "Subject", "抽查不足属于整条链，为空",
            "null for a sample shortfall, which belongs to the whole chain"),
    },
    holds=(
        Holds("type_known",
            "coalesce(gap_type, '') in ('missing_level', 'admitted_without_pass',"
            " 'out_of_order', 'conflict_of_interest', 'no_evidence', 'decided_after_go_live',"
            " 'stale_after_goal_raise', 'conflicting_decisions', 'late', 'sample_shortfall',"
            " 'unknown_subject')",
            "缺口类型为约定的十一种之一", "A gap is of one of the eleven types"),
        Holds("only_samples_lack_subject", "(subject_id is null) = (gap_type = 'sample_shortfall')",
            "只有抽查不足不指向具体对象", "Only a sample shortfall names no subject"),
    ),
    worked={"days_open": "max(as_of - opened_at, 0)"},
)  # fmt: skip # a declaration

AUDIT_MATRIX = Table(
    "marts",
    "audit_matrix",
    zh="审查矩阵：每个对象在每一级的状态",
    en="A row per chain, subject and level with its one status",
    grain="chain_id subject_id level_no",
    fields="""
        chain_id subject_id level_no level_name coverage status round_no reviewer_uscc
        reviewer_name_public submitted_at decided_at days_taken evidence_count gap_types
    """,
    present="",
    words={
        "status": Words(
            "状态：passed、returned、rejected、pending、missing、not_reached、not_sampled 之一",
            "Status, exactly one of seven"),
    },
    holds=(
        Holds("status_known",
            "coalesce(status, '') in ('passed', 'returned', 'rejected', 'pending', 'missing',"
            " 'not_reached', 'not_sampled')",
            "每个对象在每一级有且只有七种状态之一",
            "A subject has exactly one of the seven statuses at a level",
            shown="chain_id subject_id level_no status"),
    ),
    behind=(
        Behind("star.fact_review_event", "chain_id = $chain_id and subject_id = $subject_id"
            " and level_no = $level_no and round_no = $round_no and is_effective",
            {"evidence_count": "sum(evidence_count)", "days_taken": "sum(days_taken)"}),
    ),
)  # fmt: skip # a declaration

AUDIT_SUBJECTS = Table(
    "marts",
    "audit_subjects",
    zh="审查对象：是否审查完整",
    en="A row per chain and subject: is its review complete",
    grain="chain_id subject_id",
    fields="""
        chain_id subject_id subject_type subject_name initiator_uscc has_entry is_admitted
        is_judged round_no levels_required levels_passed completeness_share is_complete
        blocking_gaps warnings first_open_level last_decided_at
    """,
    present="",
    words={
        "subject_name": Words("项目或机构名称；受益人不公开姓名",
            "Name of the project or organisation; beneficiaries are not named"),
        "round_no": Words("最大轮次，没有记录则为空", "Greatest round, null without records"),
    },
    loose="initiator_uscc",
    holds=(
        Holds("complete_has_nothing_open",
            "not is_complete or (first_open_level is null and blocking_gaps = 0)",
            "审查完整的对象没有未通过的全覆盖层级，也没有阻断缺口",
            "A complete subject has no open level and no blocking gap",
            shown="chain_id subject_id first_open_level blocking_gaps"),
    ),
    behind=(
        Behind("marts.audit_matrix",
            "chain_id = $chain_id and subject_id = $subject_id and coverage = 'all'",
            {"levels_required": "count(*)"}),
        Behind("marts.audit_matrix", "chain_id = $chain_id and subject_id = $subject_id"
            " and coverage = 'all' and status = 'passed'", {"levels_passed": "count(*)"}),
        Behind("marts.audit_gaps",
            "chain_id = $chain_id and subject_id = $subject_id and severity = 'blocking'",
            {"blocking_gaps": "count(*)"}),
        Behind("marts.audit_gaps",
            "chain_id = $chain_id and subject_id = $subject_id and severity = 'warning'",
            {"warnings": "count(*)"}),
        Behind("marts.audit_matrix", "chain_id = $chain_id and subject_id = $subject_id"
            " and coverage = 'all' and status <> 'passed'",
            {"first_open_level": "min(level_no)"}),
    ),
    worked={"completeness_share": "levels_passed / levels_required"},
)  # fmt: skip # a declaration

TABLES = (
    AUDIT_COMPLETENESS,
    AUDIT_GAPS,
    AUDIT_MATRIX,
    AUDIT_SUBJECTS,
)
