"""Review chains once more, in plain Python: statuses, completeness and figures by definition.

Written from the meaning of a review chain alone, subject by subject and pair by pair, so that the
SQL has something independent to agree with. The kinds of gaps are in ``review_oracle_gaps``.
No SQL, no data frames and no generation of data belong here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

Row = Mapping[str, Any]
EARLIEST = datetime(1900, 1, 1)
DECIDED = {"通过": "passed", "退回": "returned", "不通过": "rejected"}


def newest(rows: Iterable[Row], scope: str, key: tuple[str, ...]) -> list[Row]:
    """The state of a register: of each `scope` the newest export, of each `key` the last."""
    rows = list(rows)
    latest: dict[Any, date] = {}
    for row in rows:
        latest[row[scope]] = max(latest.get(row[scope], date.min), row["export_date"])
    kept: dict[Any, Row] = {}
    for row in sorted(rows, key=lambda r: (r["received_no"], r["source_row"])):
        if row["export_date"] == latest[row[scope]]:
            kept[tuple(row[k] for k in key)] = row
    return list(kept.values())


def days(since: datetime, until: datetime | date) -> int:
    """Calendar days, whatever the clock says."""
    return ((until.date() if isinstance(until, datetime) else until) - since.date()).days


def midnight(day: date) -> datetime:
    """The first instant of a day."""
    return datetime.combine(day, time())


def order(record: Row) -> tuple[Any, ...]:
    """Of records at one level, the effective one is the greatest by this."""
    decided = record["decided_at"]
    return (
        record["round_no"],
        decided is not None,
        decided or EARLIEST,
        record["submitted_at"],
        record["record_no"],
    )


@dataclass
class Subject:
    """A subject of one chain, with all that is known of it there."""

    chain: Chain
    subject_id: str
    entries: list[Row] = field(default_factory=list)  # each with its campaign under `campaign`
    records: list[Row] = field(default_factory=list)
    initiator: str | None = None
    name: str | None = None
    snapshots: list[Row] = field(default_factory=list)  # of the project, oldest first

    @property
    def admissions(self) -> list[Row]:
        return [e for e in self.entries if e["result"] == "入场"]

    @property
    def admitted_on(self) -> date | None:
        return min((e["admitted_on"] or e["applied_on"] for e in self.admissions), default=None)

    @property
    def leading(self) -> Row | None:
        """The entry that speaks for the subject: an admitted one before others, then the newest."""
        return max(
            self.admissions or self.entries,
            key=lambda e: (e["applied_on"], e["campaign_id"], e["project_no"]),
            default=None,
        )

    @property
    def host(self) -> str | None:
        best = self.leading
        return (best["campaign"]["host_uscc"] if best else None) or self.chain.host

    def supporter_on(self, day: date) -> str | None:
        """As the newest export of the project up to that day names it, or its first one."""
        shown = [p for p in self.snapshots if p["export_date"] <= day] or self.snapshots[:1]
        return shown[-1]["funder_uscc"] if shown else None

    def at(self, level_no: int) -> list[Row]:
        return [r for r in self.records if r["level_no"] == level_no]

    def effective(self, level_no: int) -> Row | None:
        return max(self.at(level_no), key=order, default=None)

    def status(self, level: Row) -> str:
        record = self.effective(level["level_no"])
        if record is not None:
            return DECIDED.get(record["decision"], "pending")
        if level["coverage"] == "sample":
            return "not_sampled"
        registered = {lv["level_no"] for lv in self.chain.levels}
        later = any(
            r["level_no"] > level["level_no"] and r["level_no"] in registered for r in self.records
        )
        return "missing" if self.admissions or later else "not_reached"

    @property
    def through(self) -> bool:
        """Whether samples are drawn from it: it passed the chain's last `all` level."""
        required = self.chain.required
        return not required or self.status(required[-1]) == "passed"

    @property
    def through_at(self) -> datetime:
        """Since when; in a chain that requires no level, since it is in the chain."""
        if self.chain.required:
            passed = self.effective(self.chain.required[-1]["level_no"])
            assert passed is not None
            decided: datetime = passed["decided_at"]
            return decided
        first: list[datetime] = [r["submitted_at"] for r in self.records]
        return min(first + [midnight(e["applied_on"]) for e in self.entries])


@dataclass
class Chain:
    """A registered chain, with its subjects."""

    chain_id: str
    levels: list[Row]
    campaigns: list[Row]
    organizations: Mapping[str, str] = field(default_factory=dict)  # code → present name
    subjects: dict[str, Subject] = field(default_factory=dict)

    @property
    def subject_type(self) -> str:
        return str(self.levels[0]["subject_type"])

    @property
    def required(self) -> list[Row]:
        return [lv for lv in self.levels if lv["coverage"] == "all"]

    @property
    def host(self) -> str | None:
        hosted = [c for c in self.campaigns if c["host_uscc"]]
        best = max(hosted, key=lambda c: (c["starts_on"], c["campaign_id"]), default=None)
        return best["host_uscc"] if best else None

    def subject(self, subject_id: str) -> Subject:
        return self.subjects.setdefault(subject_id, Subject(self, subject_id))

    def eligible(self, level: Row) -> list[Subject]:
        everyone = self.subjects.values()
        if level["coverage"] == "all":
            return [s for s in everyone if s.status(level) != "not_reached"]
        return [s for s in everyone if s.through]

    @property
    def judged(self) -> list[Subject]:
        """Whom it takes to be complete for the chain to be satisfied; no campaign, no admission."""
        everyone = self.subjects.values()
        return [s for s in everyone if (s.admissions if self.campaigns else s.through)]

    def reviewed(self, level: Row) -> list[Subject]:
        return [s for s in self.eligible(level) if s.status(level) in DECIDED.values()]


def read(lake: Mapping[str, Sequence[Row]]) -> dict[str, Chain]:
    """Chains with their subjects, from the rows of the lake."""
    campaigns = {
        c["campaign_id"]: c for c in newest(lake["campaigns"], "campaign_id", ("campaign_id",))
    }
    levels = defaultdict(list)
    for row in newest(lake["review_chains"], "chain_id", ("chain_id", "level_no")):
        levels[row["chain_id"]].append(row)
    names = {o["uscc"]: o["name"] for o in newest(lake["organizations"], "uscc", ("uscc",))}
    chains = {
        chain_id: Chain(
            chain_id,
            sorted(rows, key=lambda r: r["level_no"]),
            [c for c in campaigns.values() if c["chain_id"] == chain_id],
            names,
        )
        for chain_id, rows in levels.items()
    }
    for entry in newest(lake["campaign_entries"], "campaign_id", ("campaign_id", "project_no")):
        campaign = campaigns.get(entry["campaign_id"])
        chain = chains.get(campaign["chain_id"]) if campaign else None
        if chain is None or chain.subject_type == "beneficiary":
            continue
        of = "applicant_uscc" if chain.subject_type == "organization" else "project_no"
        chain.subject(entry[of]).entries.append({**entry, "campaign": campaign})
    for record in newest(lake["review_records"], "chain_id", ("chain_id", "record_no")):
        if record["chain_id"] in chains:
            chains[record["chain_id"]].subject(record["subject_id"]).records.append(record)
    for chain in chains.values():
        for subject in chain.subjects.values():
            _identify(subject, lake)
    return chains


def _identify(subject: Subject, lake: Mapping[str, Sequence[Row]]) -> None:
    if subject.chain.subject_type == "organization":
        subject.initiator = subject.subject_id
        subject.name = subject.chain.organizations.get(subject.subject_id)
    if subject.chain.subject_type != "project":
        return
    subject.snapshots = sorted(
        (p for p in lake["tencent_projects"] if p["project_no"] == subject.subject_id),
        key=lambda p: p["export_date"],
    )
    if subject.snapshots:
        now = subject.snapshots[-1]
        subject.name, subject.initiator = now["name"], now["org_uscc"]
    if subject.initiator is None and subject.leading:
        subject.initiator = subject.leading["applicant_uscc"]
