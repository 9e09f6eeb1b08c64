"""Review completeness: chains, their levels, and the subjects that a URL asks for.

Figures are those of the audit marts; what is filtered here is which subjects are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pages.data import Reader, Row
from pages.listings import TABLES, BadParameter, typed
from pipelines.dictionary import Kind
from pipelines.tables.declaration import TableField

STATUSES = ("passed", "returned", "rejected", "pending", "missing", "not_reached", "not_sampled")
PAGE_SUBJECTS = 400
#: Which of a level's subjects a figure counts (int_review_coverage says it in dbt).
COUNTED = ("eligible", "reviewed", "passed", "judged")

_THROUGH = """EXISTS (SELECT 1 FROM marts.audit_matrix t WHERE t.chain_id = s.chain_id
    AND t.subject_id = s.subject_id AND t.status = 'passed' AND t.level_no = (SELECT max(a.level_no)
    FROM marts.audit_completeness a WHERE a.chain_id = $chain AND a.coverage = 'all'))"""
_AT_LEVEL = """EXISTS (SELECT 1 FROM marts.audit_matrix m WHERE m.chain_id = s.chain_id
    AND m.subject_id = s.subject_id AND m.level_no = $level AND {condition})"""
_ELIGIBLE = f"(CASE WHEN m.coverage = 'all' THEN m.status <> 'not_reached' ELSE {_THROUGH} END)"
_COUNTED = {
    "eligible": _ELIGIBLE,
    "reviewed": f"{_ELIGIBLE} AND m.status IN ('passed', 'returned', 'rejected')",
    "passed": f"{_ELIGIBLE} AND m.status = 'passed'",
    "judged": "s.is_judged",
}
_SORTS = {
    "subject_id": "s.subject_id",
    "subject_name": "s.subject_name",
    "domain": "entry.domain",
    "prefecture_name": "entry.prefecture_name",
    "is_admitted": "s.is_admitted",
    "round_no": "s.round_no",
    "levels_passed": "s.levels_passed",
    "is_complete": "s.is_complete",
    "blocking_gaps": "s.blocking_gaps",
    "warnings": "s.warnings",
    "days_open": "open_gaps.days_open",
    "last_decided_at": "s.last_decided_at",
}
#: What is worst comes first.
_RANK = (
    "list_position(['missing', 'rejected', 'returned', 'pending', 'not_reached', 'not_sampled',"
    " 'passed'], {})"
)


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


@dataclass(frozen=True)
class Wanted:
    """Which subjects of a chain a URL asks for, and in what order."""

    chain: str
    conditions: tuple[str, ...] = ()
    values: dict[str, object] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False
    page: int = 1

    @classmethod
    def all_of(cls, chain: str) -> Wanted:
        """Every subject of a chain."""
        return cls(chain, values={"chain": chain})


#: Parameter → (kind of its value, condition). Those on gaps hold for one and the same gap.
_FILTERS = {
    "campaign": (Kind.ID, "entry.subject_id IS NOT NULL"),
    "domain": (Kind.TEXT, "entry.domain = $domain"),
    "prefecture": (Kind.TEXT, "entry.prefecture_name = $prefecture"),
    "admitted": (Kind.FLAG, "s.is_admitted = $admitted"),
    "complete": (Kind.FLAG, "s.is_complete = $complete"),
    "name": (Kind.TEXT, "contains(lower(s.subject_id || ' ' || coalesce(s.subject_name, '')),"
                        " lower($name))"),
}  # fmt: skip # a table
_ON_GAPS = {
    "body": (Kind.USCC, "g.responsible_uscc = $body"),
    "gap": (Kind.CODE, "g.gap_type = $gap"),
    "severity": (Kind.CODE, "g.severity = $severity"),
    "days_open": (Kind.INTEGER, "g.days_open >= $days_open"),
}
PARAMETERS = ("chain", *_FILTERS, *_ON_GAPS, "status", "level", "counted", "sort", "desc", "page",
              "view")  # fmt: skip # a list


def wanted(chain: str, levels: int, parameters: Sequence[tuple[str, str]]) -> Wanted:
    """What the parameters of a URL ask. Raises BadParameter for any that is not known."""
    given = {name: value for name, value in parameters if value != ""}
    for name, value in given.items():
        if name not in PARAMETERS:
            raise BadParameter(name, value, PARAMETERS)
    values: dict[str, object] = {"chain": chain}
    conditions: list[str] = []
    on_gaps: list[str] = []
    for known, into in ((_FILTERS, conditions), (_ON_GAPS, on_gaps)):
        for name, (kind, condition) in known.items():
            if name in given:
                values[name] = typed(name, kind, given[name])
                into.append(condition)
    if on_gaps:
        conditions.append(
            "EXISTS (SELECT 1 FROM marts.audit_gaps g WHERE g.chain_id = s.chain_id"
            f" AND g.subject_id = s.subject_id AND {' AND '.join(on_gaps)})"
        )
    if condition := _at_level(given, levels, values):
        conditions.append(condition)
    sort = given.get("sort", "")
    if sort and sort not in _SORTS and not _level_sorted(sort, levels):
        raise BadParameter("sort", sort, [*_SORTS, *(f"level_{n + 1}" for n in range(levels))])
    page = given.get("page", "1")
    if not page.isascii() or not page.isdigit() or not 0 < int(page) < 10**6:
        raise BadParameter("page", page)
    return Wanted(chain, tuple(conditions), values, sort, given.get("desc") == "1", int(page))


def _at_level(given: dict[str, str], levels: int, values: dict[str, object]) -> str:
    """The condition on one level: by status, or by what a figure of the level counts."""
    status, counted = given.get("status"), given.get("counted")
    if status is not None and status not in STATUSES:
        raise BadParameter("status", status, STATUSES)
    if counted is not None and counted not in COUNTED:
        raise BadParameter("counted", counted, COUNTED)
    if "level" in given:
        level = typed("level", Kind.SMALL, given["level"])
        if not isinstance(level, int) or not 0 < level <= levels:
            raise BadParameter("level", given["level"], [str(n + 1) for n in range(levels)])
        values["level"] = level
    elif counted not in (None, "judged"):
        raise BadParameter("counted", str(counted), ["level"])
    parts = [_COUNTED[counted]] if counted else []
    if status:
        values["status"] = status
        parts.append("m.status = $status")
    if not parts:
        values.pop("level", None)
        return ""
    if "level" in values:
        return _AT_LEVEL.format(condition=" AND ".join(parts))
    return _AT_LEVEL.replace("AND m.level_no = $level ", "").format(condition=" AND ".join(parts))


def _level_sorted(sort: str, levels: int) -> int | None:
    """The level that a matrix is sorted by."""
    name, _, number = sort.partition("_")
    is_one = name == "level" and number.isascii() and number.isdigit()
    return int(number) if is_one and 0 < int(number) <= levels else None


def chains(reader: Reader) -> list[Row]:
    """Every registered chain: its campaigns, subjects, and whether it is satisfied."""
    return reader.kept("""
        SELECT c.chain_id, any_value(l.chain_name) AS chain_name,
            any_value(l.subject_type) AS subject_type,
            count(*) AS levels,
            max(c.subjects_in_chain) AS subjects_in_chain,
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
    number = _level_sorted(wanted.sort, 99)
    by = _SORTS.get(wanted.sort) or (
        _RANK.format(f"levels.levels[{number}].status") if number else ""
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
