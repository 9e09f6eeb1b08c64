"""What the review marts have to hold, row by row, from the oracle in plain Python.

One generator per published table; only the columns it yields are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.dbt.review_oracle import Chain, days
from tests.dbt.review_oracle_gaps import Gap, is_short

Rows = Iterator[dict[str, Any]]


def _share(part: int, whole: int) -> Decimal | None:
    if whole == 0:
        return None
    return (Decimal(part) / whole).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def is_complete(chain: Chain, gaps: set[Gap], subject_id: str) -> bool:
    """Every `all` level passed and no blocking gap."""
    subject = chain.subjects[subject_id]
    blocking = [g for g in gaps if g.subject_id == subject_id and g.severity == "blocking"]
    return not blocking and all(subject.status(level) == "passed" for level in chain.required)


def is_satisfied(chain: Chain, gaps: set[Gap]) -> bool | None:
    """Every judged subject complete and no sample short; None with nobody to judge."""
    if not chain.judged:
        return None
    short = any(is_short(chain, level) for level in chain.levels)
    return not short and all(is_complete(chain, gaps, s.subject_id) for s in chain.judged)


def matrix(chain: Chain, gaps: set[Gap]) -> Rows:
    """marts.audit_matrix; the first three columns are its key."""
    for subject in chain.subjects.values():
        for level in chain.levels:
            level_no = level["level_no"]
            record = subject.effective(level_no) or {}
            decided = record.get("decided_at")
            here = {
                g.gap_type
                for g in gaps
                if (g.subject_id, g.level_no) == (subject.subject_id, level_no)
            }
            yield {
                "chain_id": chain.chain_id,
                "subject_id": subject.subject_id,
                "level_no": level_no,
                "level_name": level["level_name"],
                "status": subject.status(level),
                "round_no": record.get("round_no"),
                "reviewer_name_public": chain.organizations.get(
                    record.get("reviewer_uscc", ""), record.get("reviewer_uscc")
                ),
                "submitted_at": record.get("submitted_at"),
                "decided_at": decided,
                "days_taken": days(record["submitted_at"], decided) if decided else None,
                "evidence_count": record.get("evidence_count"),
                "gap_types": ";".join(sorted(here)) or None,
            }


def subjects(chain: Chain, gaps: set[Gap]) -> Rows:
    """marts.audit_subjects; the first two columns are its key."""
    for subject in chain.subjects.values():
        found = Counter(g.severity for g in gaps if g.subject_id == subject.subject_id)
        passed = [lv for lv in chain.required if subject.status(lv) == "passed"]
        opened = [lv["level_no"] for lv in chain.required if lv not in passed]
        decided = [r["decided_at"] for r in subject.records if r["decided_at"]]
        yield {
            "chain_id": chain.chain_id,
            "subject_id": subject.subject_id,
            "subject_type": chain.subject_type,
            "subject_name": subject.name,
            "is_admitted": bool(subject.admissions),
            "is_judged": subject in chain.judged,
            "round_no": max((r["round_no"] for r in subject.records), default=None),
            "levels_required": len(chain.required),
            "levels_passed": len(passed),
            "completeness_share": _share(len(passed), len(chain.required)),
            "is_complete": is_complete(chain, gaps, subject.subject_id),
            "blocking_gaps": found["blocking"],
            "warnings": found["warning"],
            "first_open_level": min(opened, default=None),
            "last_decided_at": max(decided, default=None),
        }


def completeness(chain: Chain, gaps: set[Gap]) -> Rows:
    """marts.audit_completeness; the first two columns are its key."""
    judged = {s.subject_id: s for s in chain.judged}
    for level in chain.levels:
        blocking = [g for g in gaps if g.level_no == level["level_no"] and g.severity == "blocking"]
        passed_by_all = level["coverage"] == "sample" or all(
            s.status(level) == "passed" for s in judged.values()
        )
        reviewed, eligible = chain.reviewed(level), chain.eligible(level)
        yield {
            "chain_id": chain.chain_id,
            "level_no": level["level_no"],
            "coverage": level["coverage"],
            "subjects_eligible": len(eligible),
            "subjects_reviewed": len(reviewed),
            "subjects_passed": sum(s.status(level) == "passed" for s in reviewed),
            "coverage_share": _share(len(reviewed), len(eligible)),
            "subjects_judged": len(judged),
            "blocking_gaps": len(blocking),
            "blocking_gaps_judged": sum(g.subject_id in judged for g in blocking),
            "is_satisfied": None
            if not judged
            else passed_by_all
            and not is_short(chain, level)
            and not any(g.subject_id in judged for g in blocking),
            "is_chain_satisfied": is_satisfied(chain, gaps),
        }


def events(chain: Chain) -> Rows:
    """star.fact_review_event of a registered chain; the first two columns are its key."""
    for subject in chain.subjects.values():
        for record in subject.records:
            level_no = record["level_no"]
            known = level_no in {lv["level_no"] for lv in chain.levels}
            yield {
                "chain_id": chain.chain_id,
                "record_no": record["record_no"],
                "review_level_key": f"{chain.chain_id}#{level_no}" if known else "-1",
                "decision": record["decision"],
                "has_opinion": record["opinion"] is not None,
                "is_effective": record is subject.effective(level_no),
                "source_row": record["source_row"],
            }


def status_times(chain: Chain) -> Rows:
    """star.fact_review_status; the first two columns are its key."""
    at = {lv["level_no"]: lv for lv in chain.levels}
    for subject in chain.subjects.values():
        row: dict[str, Any] = {"chain_id": chain.chain_id, "subject_id": subject.subject_id}
        for no in range(1, 13):
            record = (subject.effective(no) if no in at else None) or {}
            row[f"level_{no}_status"] = subject.status(at[no]) if no in at else None
            row[f"level_{no}_submitted_at"] = record.get("submitted_at")
            row[f"level_{no}_decided_at"] = record.get("decided_at")
        passed = [no for no in at if row[f"level_{no}_status"] == "passed"]
        yield row | {"levels_passed": len(passed)}
