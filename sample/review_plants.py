"""Gaps in one review history: plants, each of which changes as little as needed for its gap.

`review_faults` chooses the subjects and writes the manifest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sample.chains import SCSL_6
from sample.reviews import REJECT, Entry, ReviewLine


def known(moment: datetime | None) -> datetime:
    """A moment that a sound history has. Raises ValueError if it is missing."""
    if moment is None:
        raise ValueError("a plant needs a decided record of a project that went live")
    return moment


@dataclass
class Case:
    """One subject under a plant."""

    entry: Entry
    records: list[ReviewLine]

    def at(self, level_no: int) -> ReviewLine:
        """The effective record at a level."""
        return next(r for r in reversed(self.records) if r.level_no == level_no)

    def drop(self, level_no: int) -> None:
        """Removes all records at that level."""
        self.records[:] = [r for r in self.records if r.level_no != level_no]

    def shift(self, record: ReviewLine, to: datetime) -> None:
        """Moves submission and decision to the later day of `to`."""
        record.submitted_at = datetime.combine(to.date(), time(9, 5))
        record.decided_at = to


Plant = Callable[[Case], list[tuple[int, str]]]  # changes the case; (level, gap type) to be found


def missing(level_no: int) -> Plant:
    """No record at the level."""

    def plant(case: Case) -> list[tuple[int, str]]:
        case.drop(level_no)
        return [(level_no, "missing_level")]

    return plant


def unpassed(level_no: int, decision: str) -> Plant:
    """Admitted although the level was not passed."""

    def plant(case: Case) -> list[tuple[int, str]]:
        case.at(level_no).decision = decision
        case.at(level_no).opinion = "（合成）此项未通过，仍被列入入场名单。"
        return [(level_no, "admitted_without_pass")]

    return plant


def disorder(earlier: int, later: int) -> Plant:
    """The earlier level is decided an hour after the later one and before the next."""

    def plant(case: Case) -> list[tuple[int, str]]:
        case.shift(case.at(earlier), known(case.at(later).decided_at) + timedelta(hours=1))
        return [(n, "out_of_order") for n in range(earlier + 1, later + 1)]

    return plant


def passed_again(case: Case) -> list[tuple[int, str]]:
    """Level 2 is passed again after all others: 3 and 4 are out of order until repeated."""
    last = case.records[-1]
    again = replace(case.at(2), round_no=last.round_no + 1)
    case.shift(again, known(last.decided_at) + timedelta(days=2))
    case.records.append(again)
    return [(3, "out_of_order"), (4, "out_of_order")]


def conflict(level_no: int, who: str) -> Plant:
    """The reviewer is a party, or reviewed the level before."""

    def plant(case: Case) -> list[tuple[int, str]]:
        project = case.entry.project
        uscc = {
            "initiator": project.initiator.uscc,
            "supporter": project.supporter.uscc,
            "previous": case.at(level_no - 1).reviewer_uscc,
        }[who]
        for record in case.records:
            if record.level_no == level_no:
                record.reviewer_uscc = uscc
        return [(level_no, "conflict_of_interest")]

    return plant


def no_evidence(level_no: int) -> Plant:
    """Passed without evidence."""

    def plant(case: Case) -> list[tuple[int, str]]:
        case.at(level_no).evidence_count = 0
        return [(level_no, "no_evidence")]

    return plant


def after_go_live(level_no: int) -> Plant:
    """Every pass of the level comes only after the project went live."""

    def plant(case: Case) -> list[tuple[int, str]]:
        live = known(case.entry.go_live_at)
        case.shift(case.at(level_no), live + timedelta(days=1, hours=4))
        return [(level_no, "decided_after_go_live")]

    return plant


def conflicting(level_no: int) -> Plant:
    """One round has two decisions: first against, later for."""

    def plant(case: Case) -> list[tuple[int, str]]:
        record = case.at(level_no)
        taken = known(record.decided_at) - record.submitted_at
        first = replace(record, decision=REJECT, decided_at=record.submitted_at + taken / 2)
        first.opinion = "（合成）同一轮的另一结论。"
        case.records.insert(case.records.index(record), first)
        return [(level_no, "conflicting_decisions")]

    return plant


def late(level_no: int) -> Plant:
    """Submission, and everything before it, is moved so far back that the limit is exceeded."""

    def plant(case: Case) -> list[tuple[int, str]]:
        back = timedelta(days=SCSL_6.level(level_no).sla_days + 6)
        record = case.at(level_no)
        for other in case.records:
            if other.level_no < level_no or (other.level_no == level_no and other is not record):
                other.submitted_at -= back
                other.decided_at = other.decided_at and other.decided_at - back
        record.submitted_at -= back
        case.entry.applied_on -= back
        return [(level_no, "late")]

    return plant
