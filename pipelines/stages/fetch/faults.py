"""What could not be pulled, and since when: kept in the archive's catalogue, told by releases.

A pull that fails night after night keeps the day on which it began to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.cleaning.identities import mask_text
from pipelines.settings import BEIJING, Settings
from pipelines.stages.fetch.rules import PULL_RULES, PullFailed
from pipelines.stages.fetch.state import PullState
from pipelines.stages.store.catalog import Catalog

_COLUMNS = "pull, name, source, place, rule_id, detail, since, last_well"


@dataclass
class PullOutcome:
    """What came of one pull: files offered, new in landing, unchanged, and what failed."""

    pull: str
    source: str
    place: str
    offered: int = 0
    new: list[str] = field(default_factory=list)
    unchanged: int = 0
    empty: int = 0
    bytes: int = 0
    tries: int = 0
    failed: list[PullFailed] = field(default_factory=list)


@dataclass(frozen=True)
class PullFault:
    """Something that cannot be pulled: a row of `ops.pull_faults`. `file_name` is "" for the whole
    of a pull. Instants are Beijing wall clock."""

    pull: str
    file_name: str
    source: str
    place: str
    rule_id: str
    detail: str
    failing_since: datetime
    last_well_at: datetime | None

    @property
    def description_zh(self) -> str:
        """What is wrong and what to do."""
        rule = PULL_RULES[self.rule_id]
        return f"{rule.zh}{rule.remedy_zh}"

    @property
    def description_en(self) -> str:
        """The same in English."""
        rule = PULL_RULES[self.rule_id]
        return f"{rule.en} {rule.remedy_en}"

    @property
    def sentence(self) -> str:
        """One line for a person."""
        what = f"{self.source}/{self.pull}" + (f": {self.file_name}" if self.file_name else "")
        rule, detail = PULL_RULES[self.rule_id], f" [{self.detail}]" if self.detail else ""
        since = f"自 {self.failing_since:%Y-%m-%d %H:%M} / since then"
        return (
            f"{what}: {self.rule_id}: {rule.zh} / {rule.en}{detail} → "
            f"{rule.remedy_zh} / {rule.remedy_en} ({since})"
        )


def remember_faults(
    settings: Settings, outcomes: Sequence[PullOutcome], now: datetime
) -> list[PullFault]:
    """Records what this pull could not fetch, since when; what is well again goes."""
    catalog = Catalog(settings)
    if not catalog.archive_file.exists() and not any(outcome.failed for outcome in outcomes):
        return []
    moment = now.astimezone(BEIJING).replace(tzinfo=None).isoformat(timespec="seconds")
    found: dict[tuple[str, str], tuple[str | None, ...]] = {}
    for outcome in (one for one in outcomes if one.failed):
        last = PullState(settings, outcome.pull, outcome.source).last_well
        for failed in outcome.failed:
            name = mask_text((failed.name or "").encode("utf-8", "replace").decode("utf-8"))
            found.setdefault(
                (outcome.pull, name),
                (outcome.source, outcome.place, failed.rule.rule_id, failed.detail, last),
            )
    with catalog.archive() as db:
        known = {(f[0], f[1]): f for f in db.execute(f"select {_COLUMNS} from unpulled")}
        for key in known.keys() - found.keys():
            db.execute("delete from unpulled where pull = ? and name = ?", key)
        for key, (source, place, rule_id, detail, last) in found.items():
            before = known.get(key)
            is_same = before is not None and before[4] == rule_id
            row = (*key, source, place, rule_id, detail, before[6] if before else moment, last)
            if not is_same:
                db.execute(f"insert or replace into unpulled ({_COLUMNS}) values"
                           " (?, ?, ?, ?, ?, ?, ?, ?)", row)  # fmt: skip # a statement
    return pull_faults(settings)


def pull_faults(settings: Settings) -> list[PullFault]:
    """What the last pull could not fetch, as rows of `ops.pull_faults`."""
    catalog = Catalog(settings)
    if not catalog.archive_file.exists():
        return []
    with catalog.archive() as db:
        rows = db.execute(f"select {_COLUMNS} from unpulled order by pull, name").fetchall()
    return [
        PullFault(
            pull=pull,
            file_name=name,
            source=source,
            place=place,
            rule_id=rule_id,
            detail=detail,
            failing_since=datetime.fromisoformat(since),
            last_well_at=_naive(last),
        )
        for pull, name, source, place, rule_id, detail, since, last in rows
    ]


def _naive(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=None) if text else None


def failing(settings: Settings) -> list[str]:
    """What cannot be pulled and by which rule. A change of this list is worth a new release."""
    return [f"{f.pull} {f.file_name} {f.rule_id}" for f in pull_faults(settings)]
