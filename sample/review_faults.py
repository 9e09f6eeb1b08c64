"""Plants gaps into sound review histories: each of the eleven types, and nothing else.

Each plant has its own subject: an invented project that was admitted, never returned,
and not sampled unless the plant needs it. dbt defines what a gap is; the
manifest records what was planted where.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sample import review_plants as plants
from sample.chains import HCQY_5, SCSL_6, Chain
from sample.draw import Stream
from sample.manifest import Faults, Planted
from sample.projects import project_number
from sample.review_plants import Case
from sample.reviews import PASS, REJECT, RETURN, Entry, Histories

SOURCE = "review_records"

#: The plants, in rounds: `some` takes the first of each, `many` all of them.
_PLANTS: tuple[tuple[plants.Plant, ...], ...] = (
    (plants.missing(3), plants.missing(1), plants.missing(4)),
    (plants.unpassed(4, REJECT), plants.unpassed(3, RETURN)),
    (plants.disorder(3, 4), plants.disorder(2, 3), plants.passed_again),
    (
        plants.conflict(4, "initiator"),
        plants.conflict(3, "supporter"),
        plants.conflict(4, "previous"),
    ),
    (plants.no_evidence(2), plants.no_evidence(3), plants.no_evidence(4)),
    (plants.after_go_live(4),) * 3,
    (plants.conflicting(3), plants.conflicting(2), plants.conflicting(4)),
    (plants.late(2), plants.late(3), plants.late(4)),
)
_ON_SAMPLED: tuple[plants.Plant, ...] = (plants.unpassed(5, RETURN),)  # many only


def plant_gaps(
    entries: Sequence[Entry], histories: Histories, students: Histories, faults: Faults, seed: int
) -> list[Planted]:
    """Changes the histories in place. `none` changes nothing."""
    if faults == "none":
        return []
    draws = Stream(seed, SCSL_6.chain_id, "gaps")
    many = faults == "many"
    planted: list[Planted] = []
    free = _cases(entries, histories, draws, sampled=())  # some thirty of them for any seed
    for kinds in _PLANTS:
        for plant in kinds if many else kinds[:1]:
            planted += _apply(SCSL_6, next(free), plant)
    if many:
        drawn = _cases(entries, histories, draws, sampled=(5,))
        for plant in _ON_SAMPLED:
            planted += _apply(SCSL_6, next(drawn), plant)
        planted += _among_students(students)
    planted += _stale(entries, histories, 2 if many else 1)
    planted += _unknown(entries, histories, 3 if many else 1)
    planted += _shortfall(histories, 6)
    if many:
        planted += _shortfall(histories, 5)
    return planted


def _cases(
    entries: Sequence[Entry], histories: Histories, draws: Stream, *, sampled: tuple[int, ...]
) -> Iterator[Case]:
    """Subjects fit for a plant: invented, admitted, never returned, sampled just at `sampled`."""
    for entry in draws.child(*sampled, "order").shuffled(entries):
        records = histories[entry.project.project_no]
        drawn = tuple(r.level_no for r in records if SCSL_6.level(r.level_no).is_sample)
        sound = all(r.decision == PASS for r in records)
        apart = entry.project.initiator != entry.project.supporter
        fit = entry.project.is_invented and entry.result == "入场" and sound and apart
        if fit and drawn == sampled:
            yield Case(entry, records)


def _apply(chain: Chain, case: Case, plant: plants.Plant) -> list[Planted]:
    subject = case.entry.project.project_no
    return [_planted(chain, gap, subject, level_no) for level_no, gap in plant(case)]


def _planted(chain: Chain, gap: str, subject: str | None, level_no: int) -> Planted:
    return Planted(
        kind=gap,
        level="review",
        source=SOURCE,
        rule=gap,
        chain_id=chain.chain_id,
        subject_id=subject,
        level_no=level_no,
    )


def _stale(entries: Sequence[Entry], histories: Histories, count: int) -> list[Planted]:
    """Raised targets without a new review: of the last `count` raised projects."""
    raised = [e for e in entries if e.project.raised][-count:]
    planted = []
    for entry in raised:
        subject = entry.project.project_no
        records = histories[subject]
        live = plants.known(
            entry.go_live_at
        )  # reviews from then on are reviews of the raised target
        records[:] = [r for r in records if r.submitted_at < live]
        planted.append(_planted(SCSL_6, "stale_after_goal_raise", subject, SCSL_6.last_all_level))
    return planted


def _unknown(entries: Sequence[Entry], histories: Histories, count: int) -> list[Planted]:
    """Records about projects that never applied."""
    planted = []
    for i in range(count):
        subject = project_number(len(entries) + 40 + i)
        like = histories[entries[i + 10].project.project_no][0]
        histories[subject] = [replace(like, subject_id=subject)]
        planted.append(_planted(SCSL_6, "unknown_subject", subject, 1))
    return planted


def _shortfall(histories: Histories, level_no: int) -> list[Planted]:
    """Removes all but a few of a sampled level's passed records."""
    level = SCSL_6.level(level_no)
    through = [
        s
        for s, records in histories.items()
        if any(r.level_no == SCSL_6.last_all_level and r.decision == PASS for r in records)
    ]
    sampled = [
        s
        for s in through
        if any(r.level_no == level_no for r in histories[s])
        and all(r.decision == PASS for r in histories[s] if r.level_no == level_no)
    ]
    keep = int(len(through) * (level.required_share or 0) * 0.5)
    for subject in sampled[keep:]:
        histories[subject][:] = [r for r in histories[subject] if r.level_no != level_no]
    return [_planted(SCSL_6, "sample_shortfall", None, level_no)]


def _among_students(students: Histories) -> list[Planted]:
    """Gaps in the five-step chain: a missing step, no evidence, one reviewer for two steps."""
    sound = [s for s, r in students.items() if len(r) == len(HCQY_5.levels)]
    left_out, bare, same = sound[7], sound[23], sound[41]
    students[left_out][:] = [r for r in students[left_out] if r.level_no != 3]
    students[bare][1].evidence_count = 0
    students[same][3].reviewer_uscc = students[same][2].reviewer_uscc
    return [
        _planted(HCQY_5, "missing_level", left_out, 3),
        _planted(HCQY_5, "no_evidence", bare, 2),
        _planted(HCQY_5, "conflict_of_interest", same, 4),
    ]
