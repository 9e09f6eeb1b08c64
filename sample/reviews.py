"""Review histories that follow every rule of the chains: rounds, returns, samples, re-reviews.

`review_faults` plants gaps afterwards; dbt defines what a gap is. Grain of a `ReviewLine`: one
decision of one reviewer on one subject at one level.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sample.campaigns import Campaign
from sample.chains import SCSL_6, Chain
from sample.draw import Stream
from sample.organizations import Organizations
from sample.projects import Project

PASS, RETURN, REJECT = "通过", "退回", "不通过"
_OPINIONS = {
    PASS: ("材料齐全，同意。", "符合要求。", "核实无误，予以通过。"),
    RETURN: ("预算明细不完整，请补充。", "受益人范围表述不清，请修改。", "佐证材料缺页，请补正。"),
    REJECT: ("不符合入场条件。", "与公募备案内容不一致。", "主要材料无法核实。"),
}
_FIRST_DAY, _LAST_DAY = date(2024, 5, 20), date(2024, 6, 16)
_SAMPLED_5, _SAMPLED_6 = 0.42, 0.45  # of those who pass level 4; of those sampled at level 5


@dataclass
class ReviewLine:
    """A line of the register of reviews; `numbered` sets `record_no` when all are known."""

    chain_id: str
    subject_id: str
    round_no: int
    level_no: int
    reviewer_uscc: str
    submitted_at: datetime
    decided_at: datetime | None
    decision: str | None
    opinion: str | None
    evidence_count: int
    reviewer_name: str = ""
    record_no: str = ""


@dataclass
class Entry:
    """An entry of the campaign and what became of it."""

    project: Project
    applied_on: date
    result: str
    admitted_on: date | None = None
    go_live_at: datetime | None = None


@dataclass(frozen=True)
class Script:
    """The course of a history: levels that return the subject first, and where it ends."""

    returned_at: tuple[int, ...] = ()
    ends_at: int | None = None  # the level of the last decision, if not the chain's end
    last: str = PASS
    sampled: tuple[int, ...] = ()


Histories = dict[str, list[ReviewLine]]


def history(
    chain: Chain,
    subject_id: str,
    script: Script,
    reviewers: Mapping[int, str],
    start: date,
    draws: Stream,
) -> list[ReviewLine]:
    """One subject's records in order of time; each step is submitted the day after the last."""
    records: list[ReviewLine] = []
    day, round_no = start, 1
    for level in chain.levels:
        if level.is_sample and level.level_no not in script.sampled:
            continue
        returns = script.returned_at.count(level.level_no)
        ends = script.ends_at == level.level_no
        for attempt in range(returns + 1):
            own = draws.child(level.level_no, attempt)
            decision = RETURN if attempt < returns else script.last if ends else PASS
            decided_on = day + timedelta(days=own.child("days").number(0, level.longest))
            records.append(
                ReviewLine(
                    chain_id=chain.chain_id,
                    subject_id=subject_id,
                    round_no=round_no,
                    level_no=level.level_no,
                    reviewer_uscc=reviewers[level.level_no],
                    submitted_at=datetime.combine(day, time(9, own.child("m").number(0, 59))),
                    decided_at=datetime.combine(
                        decided_on,
                        time(own.child("h").number(10, 17), own.child("min").number(0, 59)),
                    ),
                    decision=decision,
                    opinion=own.child("opinion").one(_OPINIONS[decision]),
                    evidence_count=own.child("evidence").number(1, 8),
                    reviewer_name=f"合成审查员{own.child('name').number(1, 60):02d}",
                )
            )
            day = decided_on + timedelta(days=1)
            if decision == RETURN:
                round_no += 1
                day += timedelta(days=own.child("again").number(0, 2))
        if ends and script.last != PASS:
            break
    return records


def reviewers_of(orgs: Organizations, project: Project, draws: Stream) -> dict[int, str]:
    """Reviewers of a project at the six levels; none is a party to it where that is forbidden."""
    parties = {project.initiator.uscc, project.supporter.uscc}
    free = [o.uscc for o in orgs.joint_hosts if o.uscc not in parties]
    assessor = draws.child(3).one(free)
    cross = [u for u in free if u != assessor]
    return {
        1: project.initiator.uscc,
        2: project.supporter.uscc,
        3: assessor,
        4: draws.child(4).one(orgs.agencies).uscc,
        5: draws.child(5).one(cross),
        6: orgs.host.uscc,
    }


def _scripts(campaign: Campaign, draws: Stream) -> list[Script]:
    """Scripts by project: the admitted pass, and a fixed share is sampled; others end earlier."""
    scripts = []
    order = draws.child("sampled").shuffled(range(campaign.projects))
    five = order[: round(len(order) * _SAMPLED_5)]
    six = set(five[: round(len(five) * _SAMPLED_6)])
    drawn = {i: (5, 6) if i in six else (5,) for i in five}
    for i in range(campaign.entries):
        own = draws.child(i)
        luck = own.child("returns").share()
        returned: tuple[int, ...] = ()
        if luck < 0.22:
            returned = (own.child("where").number(2, 4),)
        if luck < 0.04:
            returned = tuple(sorted((*returned, own.child("second").number(2, 4))))
        if i < campaign.projects:
            scripts.append(Script(returned, sampled=drawn.get(i, ())))
            continue
        kind = (i - campaign.projects) % 22
        if kind == 0:  # passed the four levels, rejected by the sample
            scripts.append(Script(returned, ends_at=5, last=REJECT, sampled=(5,)))
        elif kind < 4:  # returned and never resubmitted
            scripts.append(Script(ends_at=own.child("end").number(2, 4), last=RETURN))
        else:
            ends = 2 + int(own.child("end").weighted(1, (3, 5, 3))[0])
            kept = tuple(v for v in returned if v <= ends)
            scripts.append(Script(kept, ends_at=ends, last=REJECT))
    return scripts


def review_projects(
    campaign: Campaign, orgs: Organizations, projects: Sequence[Project], seed: int
) -> tuple[list[Entry], Histories]:
    """Entries and histories of a campaign under the six-level chain."""
    draws = Stream(seed, campaign.campaign_id, "reviews")
    scripts = _scripts(campaign, draws.child("scripts"))
    entries: list[Entry] = []
    histories: Histories = {}
    for i, (project, script) in enumerate(zip(projects, scripts, strict=True)):
        own = draws.child("subject", i)
        span = (_LAST_DAY - _FIRST_DAY).days
        applied_on = _FIRST_DAY + timedelta(days=own.child("applied").number(0, span))
        who = reviewers_of(orgs, project, own.child("who"))
        records = history(SCSL_6, project.project_no, script, who, applied_on, own)
        entry = Entry(project, applied_on, "入场" if project.admitted else "未入场")
        if script.last == RETURN:
            entry.result = "待定"
        if project.admitted:
            _admit(entry, records, own)
        entries.append(entry)
        if project.raised:
            records += _review_again(campaign, records, script)
        histories[project.project_no] = records
    return entries, histories


def _admit(entry: Entry, records: Sequence[ReviewLine], draws: Stream) -> None:
    last = max(r.decided_at for r in records if r.decided_at)
    entry.admitted_on = last.date() + timedelta(days=1)
    live = date(2024, 7, 28) + timedelta(days=draws.child("live").number(0, 3))
    if entry.admitted_on >= live:
        raise AssertionError(f"{entry.project.project_no}: admitted after it goes live")
    entry.go_live_at = datetime.combine(live, time(10, 0))


def _review_again(
    campaign: Campaign, records: Sequence[ReviewLine], script: Script
) -> list[ReviewLine]:
    """Records after a raised target: the last full level again, then the earlier samples."""
    first, second = campaign.days[1], campaign.days[2]
    round_no = max(r.round_no for r in records) + 1
    again = []
    for hour, level_no in ((10, 4), (13, 5), (16, 6)):
        if level_no == 4 or level_no in script.sampled:
            before = next(r for r in reversed(records) if r.level_no == level_no)
            again.append(
                ReviewLine(
                    chain_id=before.chain_id,
                    subject_id=before.subject_id,
                    round_no=round_no,
                    level_no=level_no,
                    reviewer_uscc=before.reviewer_uscc,
                    submitted_at=datetime.combine(first, time(15, 30)),
                    decided_at=datetime.combine(second, time(hour, 20)),
                    decision=PASS,
                    opinion="提额复核通过。",
                    evidence_count=2,
                    reviewer_name=before.reviewer_name,
                )
            )
    return again


def numbered(histories: Histories, prefix: str) -> list[ReviewLine]:
    """All records in order of submission, with their numbers."""
    records = [r for h in histories.values() for r in h]
    records.sort(
        key=lambda r: (r.submitted_at, r.subject_id, r.level_no, r.round_no, r.decision or "")
    )
    for i, record in enumerate(records, 1):
        record.record_no = f"{prefix}{i:06d}"
    return records
