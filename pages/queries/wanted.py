"""Which subjects of a chain a URL asks for: its parameters as conditions, every value bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pages.listings import BadParameter, typed
from pipelines.dictionary import Kind

STATUSES = ("passed", "returned", "rejected", "pending", "missing", "not_reached", "not_sampled")
#: Which of a level's subjects a figure counts (int_review_coverage says it in dbt).
COUNTED = ("eligible", "reviewed", "passed", "judged")

#: Passed the last `all` level; in a chain of samples alone everyone did.
_THROUGH = """(NOT EXISTS (SELECT 1 FROM marts.audit_completeness o WHERE o.chain_id = $chain
    AND o.coverage = 'all') OR EXISTS (SELECT 1 FROM marts.audit_matrix t
    WHERE t.chain_id = s.chain_id AND t.subject_id = s.subject_id AND t.status = 'passed'
    AND t.level_no = (SELECT max(a.level_no) FROM marts.audit_completeness a
        WHERE a.chain_id = $chain AND a.coverage = 'all')))"""
_AT_LEVEL = """EXISTS (SELECT 1 FROM marts.audit_matrix m WHERE m.chain_id = s.chain_id
    AND m.subject_id = s.subject_id AND m.level_no = $level AND {condition})"""
_ELIGIBLE = f"(CASE WHEN m.coverage = 'all' THEN m.status <> 'not_reached' ELSE {_THROUGH} END)"
_COUNTED = {
    "eligible": _ELIGIBLE,
    "reviewed": f"{_ELIGIBLE} AND m.status IN ('passed', 'returned', 'rejected')",
    "passed": f"{_ELIGIBLE} AND m.status = 'passed'",
    "judged": "s.is_judged",
}
SORTS = {
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
RANK = (
    "list_position(['missing', 'rejected', 'returned', 'pending', 'not_reached', 'not_sampled',"
    " 'passed'], {})"
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
    if sort and sort not in SORTS and not level_sorted(sort, levels):
        raise BadParameter("sort", sort, [*SORTS, *(f"level_{n + 1}" for n in range(levels))])
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


def level_sorted(sort: str, levels: int) -> int | None:
    """The level that a matrix is sorted by."""
    name, _, number = sort.partition("_")
    is_one = name == "level" and number.isascii() and number.isdigit()
    return int(number) if is_one and 0 < int(number) <= levels else None
