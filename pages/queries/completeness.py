"""Review completeness: chains, their levels, and the subjects that a URL asks for.

Figures are those of the audit marts; what is filtered here is which subjects are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pages.data import Reader, Row
from pages.listings import TABLES
from pages.queries.wanted import RANK, SORTS, STATUSES, Wanted, level_sorted
from pipelines.tables.declaration import TableField

PAGE_SUBJECTS = 400


def _declared(table: str, name: str) -> TableField:
    return next(column for column in TABLES[table].columns if column.name == name)


#: The columns that a subject is shown with, before its levels and after them.
BEFORE = (
    _declared("marts.audit_subjects", "subject_name"),
    _declared("marts.audit_subjects", "subject_id"),
    _declared("star.fact_campaign_entry", "domain"),
    _declared("star.dim_region", "prefecture_name"),
    _declared("marts.audit_subjects", "is_admitted"),
)
AFTER = (
    _declared("marts.audit_subjects", "levels_passed"),
    _declared("marts.audit_subjects", "is_complete"),
    _declared("marts.audit_subjects", "blocking_gaps"),
    _declared("marts.audit_subjects", "warnings"),
    _declared("marts.audit_gaps", "days_open"),
    _declared("marts.audit_subjects", "last_decided_at"),
)


def chains(reader: Reader) -> list[Row]:
    """Every registered chain: its campaigns, subjects, and whether it is satisfied."""
    return reader.kept("""
        SELECT c.chain_id, any_value(l.chain_name) AS chain_name,
            any_value(l.subject_type) AS subject_type,
            count(*) AS levels,
            -- null where campaigns of others use the chain too: its own subjects are then counted
            max(c.subjects_in_chain) IS NULL AS is_shared,
            coalesce(max(c.subjects_in_chain), (SELECT count(*) FROM marts.audit_subjects s
                WHERE s.chain_id = c.chain_id)) AS subjects_in_chain,
            max(c.subjects_admitted) AS subjects_admitted,
            any_value(c.is_chain_satisfied) AS is_chain_satisfied,
            sum(c.blocking_gaps) AS blocking_gaps,
            (SELECT count(*) FROM marts.audit_subjects s
                WHERE s.chain_id = c.chain_id AND s.is_complete) AS complete,
            (SELECT count(*) FROM marts.audit_subjects s
                WHERE s.chain_id = c.chain_id AND s.is_judged) AS judged,
            (SELECT count(*) FROM marts.audit_subjects s
                WHERE s.chain_id = c.chain_id AND s.is_judged AND s.is_complete) AS judged_complete,
            (SELECT list(struct_pack(d.campaign_id, d.name_zh) ORDER BY d.starts_on)
                FROM star.dim_campaign d
                WHERE d.chain_id = c.chain_id) AS campaigns
        FROM marts.audit_completeness c
        LEFT JOIN star.dim_review_level l ON l.chain_id = c.chain_id AND l.level_no = c.level_no
        GROUP BY c.chain_id
        ORDER BY max(c.subjects_admitted) DESC, c.chain_id""")


def told_before(chain: Row, choices: Mapping[str, object], rows: list[Row]) -> Sequence[TableField]:
    """Of the columns before the levels, those that the chain has anything for.

    Beneficiaries have no name, and a chain of no campaign neither entries nor admissions: a column
    of dashes, or of "no", would say something of them.
    """
    has_names = any(row["subject_name"] for row in rows)
    kept = {
        "subject_name": has_names or not rows,
        "domain": choices["domain"],
        "prefecture_name": choices["prefecture"],
        "is_admitted": chain["campaigns"],
    }
    return tuple(column for column in BEFORE if kept.get(column.name, True))


def levels(reader: Reader, chain: str) -> list[Row]:
    """The mart's row of every level, with how many subjects have which status there."""
    found = reader.kept(
        "SELECT * FROM marts.audit_completeness WHERE chain_id = ? ORDER BY level_no", [chain]
    )
    counts = reader.kept(
        "SELECT level_no, status, count(*) AS n FROM marts.audit_matrix WHERE chain_id = ?"
        " GROUP BY ALL", [chain],
    )  # fmt: skip # a short query
    for level in found:
        of = {row["status"]: row["n"] for row in counts if row["level_no"] == level["level_no"]}
        level["by_status"] = [(status, of[status]) for status in STATUSES if status in of]
    return found


def choices(reader: Reader, chain: str) -> dict[str, list[tuple[str, str]]]:
    """What each filter of the chain can be set to: (value, what it is called or empty)."""
    entries = """FROM star.fact_campaign_entry e
        JOIN star.dim_campaign c ON c.campaign_id = e.registered_campaign_id
        LEFT JOIN star.dim_region r ON r.region_code = e.region_code AND r.is_latest_of_code
        WHERE c.chain_id = $chain"""
    asked = {
        "campaign": f"SELECT DISTINCT c.campaign_id AS value, c.name_zh AS text {entries}",
        "domain": f"SELECT DISTINCT e.domain AS value, '' AS text {entries}",
        "prefecture": f"SELECT DISTINCT r.prefecture_name AS value, '' AS text {entries}",
        "body": "SELECT responsible_uscc AS value, any_value(coalesce(responsible_name,"
        " responsible_uscc)) AS text FROM marts.audit_gaps WHERE chain_id = $chain GROUP BY 1",
        "gap": "SELECT DISTINCT gap_type AS value, '' AS text FROM marts.audit_gaps"
        " WHERE chain_id = $chain",
    }
    found = {
        name: reader.kept(f"{sql} ORDER BY text, value", {"chain": chain})
        for name, sql in asked.items()
    }
    return {
        name: [(row["value"], row["text"]) for row in rows if row["value"] is not None]
        for name, rows in found.items()
    }


def subjects(reader: Reader, wanted: Wanted, limit: int | None = PAGE_SUBJECTS) -> list[Row]:
    """Subjects with `levels`, a list by level number; `total` says how many match in all."""
    number = level_sorted(wanted.sort, 99)
    by = SORTS.get(wanted.sort) or (
        RANK.format(f"levels.levels[{number}].status") if number else ""
    )
    way = "DESC" if wanted.descending else "ASC"
    order = f"{by} {way} NULLS LAST, " if by else "s.blocking_gaps DESC, s.is_admitted DESC, "
    campaign = "AND e.registered_campaign_id = $campaign" if "campaign" in wanted.values else ""
    page = "" if limit is None else f"LIMIT {limit} OFFSET {(wanted.page - 1) * limit}"
    where = "".join(f" AND ({condition})" for condition in wanted.conditions)
    return reader.rows(
        f"""
        WITH entry AS (
            SELECT e.project_no AS subject_id, arg_max(e.domain, e.applied_on) AS domain,
                arg_max(r.prefecture_name, e.applied_on) AS prefecture_name
            FROM star.fact_campaign_entry e
            JOIN star.dim_campaign c ON c.campaign_id = e.registered_campaign_id
            LEFT JOIN star.dim_region r ON r.region_code = e.region_code AND r.is_latest_of_code
            WHERE c.chain_id = $chain {campaign}
            GROUP BY e.project_no
        ), open_gaps AS (
            SELECT subject_id, max(days_open) AS days_open FROM marts.audit_gaps
            WHERE chain_id = $chain GROUP BY subject_id
        ), levels AS (
            SELECT subject_id, list(struct_pack(level_no, status, days_taken, gap_types, round_no)
                ORDER BY level_no) AS levels
            FROM marts.audit_matrix WHERE chain_id = $chain GROUP BY subject_id
        )
        SELECT s.*, entry.domain, entry.prefecture_name, open_gaps.days_open, levels.levels,
            count(*) OVER () AS total
        FROM marts.audit_subjects s
        JOIN levels ON levels.subject_id = s.subject_id
        LEFT JOIN entry ON entry.subject_id = s.subject_id
        LEFT JOIN open_gaps ON open_gaps.subject_id = s.subject_id
        WHERE s.chain_id = $chain {where}
        ORDER BY {order} s.subject_id {page}""",
        wanted.values,
    )
