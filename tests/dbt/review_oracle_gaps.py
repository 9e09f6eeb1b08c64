"""The eleven kinds of gaps once more, in plain Python, one function each.

Every function takes a subject and a level (or a chain and a level) and answers None or when the
gap opened and who has to act. Built on ``review_oracle``; nothing here knows of SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from tests.dbt.review_oracle import DECIDED, Chain, Row, Subject, days, midnight, order

Finding = tuple[datetime, str | None] | None


@dataclass(frozen=True)
class Gap:
    """A gap as `marts.audit_gaps` has to hold it, but for its wording."""

    chain_id: str
    subject_id: str | None
    level_no: int
    gap_type: str
    severity: str
    responsible_uscc: str | None
    opened_at: datetime
    days_open: int


def missing_level(s: Subject, level: Row, _as_of: date) -> Finding:
    if s.status(level) != "missing":
        return None
    registered = {lv["level_no"]: lv for lv in s.chain.levels}
    later = [s.effective(n) for n in registered if n > level["level_no"]]
    since = [r["submitted_at"] for r in later if r]
    if s.admitted_on:
        since.append(midnight(s.admitted_on))
    return min(since), s.host


def admitted_without_pass(s: Subject, level: Row, _as_of: date) -> Finding:
    record, admitted = s.effective(level["level_no"]), s.admitted_on
    status = s.status(level)
    bad = {"returned", "rejected"} | ({"pending"} if level["coverage"] == "all" else set())
    if record is None or admitted is None or status not in bad:
        return None
    who = {"returned": s.initiator, "rejected": s.host, "pending": record["reviewer_uscc"]}[status]
    return max(midnight(admitted), record["decided_at"] or record["submitted_at"]), who


def out_of_order(s: Subject, level: Row, _as_of: date) -> Finding:
    record = s.effective(level["level_no"])
    if record is None or record["decided_at"] is None:
        return None
    after: list[datetime] = []
    for earlier in s.chain.required:
        if earlier["level_no"] < level["level_no"]:
            other = s.effective(earlier["level_no"])
            if other and other["decided_at"] and record["decided_at"] < other["decided_at"]:
                after.append(other["decided_at"])
    return (max(after), record["reviewer_uscc"]) if after else None


def conflict_of_interest(s: Subject, level: Row, _as_of: date) -> Finding:
    record = s.effective(level["level_no"])
    if record is None:
        return None
    before = s.effective(level["level_no"] - 1)
    bodies = {
        "initiator": s.initiator,
        "supporter": s.supporter_on((record["decided_at"] or record["submitted_at"]).date()),
        "previous_reviewer": before["reviewer_uscc"] if before else None,
    }
    words = [w.strip() for w in (level["must_differ_from"] or "").replace("；", ";").split(";")]
    if any(bodies[w] == record["reviewer_uscc"] for w in words if w):
        return record["decided_at"] or record["submitted_at"], s.host
    return None


def no_evidence(s: Subject, level: Row, _as_of: date) -> Finding:
    record = s.effective(level["level_no"])
    if record is None or not level["evidence_required"] or record["decision"] != "通过":
        return None
    if record["evidence_count"] > 0:
        return None
    return record["decided_at"], record["reviewer_uscc"]


def decided_after_go_live(s: Subject, level: Row, _as_of: date) -> Finding:
    record = s.effective(level["level_no"])
    if level["coverage"] != "all" or record is None or record["decided_at"] is None:
        return None
    for entry in sorted(
        (e for e in s.entries if e["go_live_at"]),
        key=lambda e: (e["go_live_at"], e["campaign_id"], e["project_no"]),
    ):
        live = entry["go_live_at"]
        in_time = any(
            r["decision"] == "通过" and r["decided_at"] <= live for r in s.at(level["level_no"])
        )
        if not in_time and record["decided_at"] > live:
            return live, entry["campaign"]["host_uscc"]
    return None


def stale_after_goal_raise(s: Subject, level: Row, _as_of: date) -> Finding:
    if not s.chain.required or level is not s.chain.required[-1] or s.status(level) != "passed":
        return None
    record = s.effective(level["level_no"])
    assert record is not None
    stale = []
    for before, now in pairwise(s.snapshots):
        old, new, raised = before["target_fen"], now["target_fen"], midnight(now["export_date"])
        is_raise = old != 0 and (new > old or new == 0)  # 0 is open-ended
        since = [r for r in s.records if r["decided_at"] and r["decided_at"] >= raised]
        if is_raise and record["decided_at"] < raised and not since:
            stale.append(raised)
    return (min(stale), s.initiator) if stale else None


def conflicting_decisions(s: Subject, level: Row, _as_of: date) -> Finding:
    opened = []
    for one in s.at(level["level_no"]):
        for other in s.at(level["level_no"]):
            decisions = {one["decision"], other["decision"]} - {None}
            if one["round_no"] == other["round_no"] and len(decisions) == 2:
                opened.append(max(one["decided_at"], other["decided_at"]))
    record = s.effective(level["level_no"])
    return (min(opened), record["reviewer_uscc"]) if opened and record else None


def late(s: Subject, level: Row, as_of: date) -> Finding:
    record, allowed = s.effective(level["level_no"]), level["sla_days"]
    if record is None or allowed is None:
        return None
    if days(record["submitted_at"], record["decided_at"] or as_of) <= allowed:
        return None
    first_late = record["submitted_at"].date() + timedelta(days=allowed + 1)
    return midnight(first_late), record["reviewer_uscc"]


OF_LEVELS: dict[str, Callable[[Subject, Row, date], Finding]] = {
    f.__name__: f
    for f in (
        missing_level,
        admitted_without_pass,
        out_of_order,
        conflict_of_interest,
        no_evidence,
        decided_after_go_live,
        stale_after_goal_raise,
        conflicting_decisions,
        late,
    )
}
WARNINGS = {"late", "unknown_subject"}
GAP_TYPES = {*OF_LEVELS, "sample_shortfall", "unknown_subject"}
STATUSES = {*DECIDED.values(), "pending", "missing", "not_reached", "not_sampled"}


def unknown_subject(s: Subject) -> Iterator[tuple[int, datetime, str]]:
    """Levels with records, of a subject that no entry names though campaigns use its chain."""
    if s.entries or not s.chain.campaigns or s.chain.subject_type == "beneficiary":
        return
    for level_no in {r["level_no"] for r in s.records}:
        there = s.at(level_no)
        since = min(r["submitted_at"] for r in there)
        yield level_no, since, max(there, key=order)["reviewer_uscc"]


def is_short(chain: Chain, level: Row) -> bool:
    """Whether a sampled level reviewed too few of those that are through."""
    if level["coverage"] != "sample" or level["required_share"] is None:
        return False
    eligible = len(chain.eligible(level))
    return eligible > 0 and len(chain.reviewed(level)) < level["required_share"] * eligible


def gaps(chain: Chain, as_of: date) -> set[Gap]:
    """All gaps of a chain."""
    found: set[Gap] = set()

    def add(who: str | None, level_no: int, kind: str, opened: datetime, body: str | None) -> None:
        severity = "warning" if kind in WARNINGS else "blocking"
        open_days = max(days(opened, as_of), 0)
        found.add(Gap(chain.chain_id, who, level_no, kind, severity, body, opened, open_days))

    for s in chain.subjects.values():
        for level in chain.levels:
            for kind, finds in OF_LEVELS.items():
                if (finding := finds(s, level, as_of)) is not None:
                    add(s.subject_id, level["level_no"], kind, *finding)
        for level_no, opened, reviewer in unknown_subject(s):
            add(s.subject_id, level_no, "unknown_subject", opened, reviewer)
    for level in chain.levels:
        if is_short(chain, level):
            since = max(s.through_at for s in chain.eligible(level))
            add(None, level["level_no"], "sample_shortfall", since, chain.host)
    return found
