"""Which received files may be let go: those that count nowhere, and that nothing rests on.

A file is due once it has not counted for as long as `[retention]` says. It is spared where a
release, a person's decision, or another file's standing still rests on it. That the others do not
is not argued but tried: their standing is computed without those that would go, and has to be the
same (`sparing`). Deleting is `letting_go`'s; docs/decisions/retention.md has the reasons.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipelines.publishing.retention import KeepRule, Retention, let_go_by, retention
from pipelines.settings import Settings
from pipelines.stages.retain.sparing import bytes_of, spare_what_must_stay
from pipelines.stages.standing.resolve import resolve
from pipelines.stages.standing.values import Standing
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.let_go import ARCHIVE, LAKE, QUARANTINE, ZONES, let_go_in
from pipelines.stages.store.zones import Places


@dataclass(frozen=True)
class Due:
    """A file to let go: from which zones, by which rule of each, and how many bytes of each."""

    standing: Standing
    rules: Mapping[str, str]
    sizes: Mapping[str, int]


@dataclass(frozen=True)
class Spared:
    """A file that is old enough, and why it stays nevertheless."""

    standing: Standing
    why: str


@dataclass
class DueFiles:
    """What may go, and what is old enough and stays."""

    due: list[Due] = field(default_factory=list)
    spared: list[Spared] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        """What letting go gives back."""
        return sum(sum(one.sizes.values()) for one in self.due)


def due_files(settings: Settings, standings: Sequence[Standing] | None = None) -> DueFiles:
    """What `[retention]` lets go of received files. `standings` of all, if the caller has them.

    Raises SettingsError. Whatever was let go before costs one look at its note.
    """
    rules = retention(settings)
    found = DueFiles()
    if not (rules.lake or rules.quarantine or rules.archive) or not settings.archive.is_dir():
        return found
    if standings is None:
        standings = resolve(settings)
    catalog = Catalog(settings)
    gone = {zone: let_go_in(catalog, zone) for zone in ZONES}
    zones = _by_rule(rules, standings, gone, _worked_on(catalog))
    if not zones:
        return found
    spared: dict[int, str] = {}
    receipts = [r for r in catalog.receipts() if r.received_no not in gone[ARCHIVE]]
    spare_what_must_stay(settings, standings, zones, receipts, spared)
    places = Places(settings)
    for standing in standings:
        number = standing.receipt.received_no
        if number in spared:
            found.spared.append(Spared(standing, spared[number]))
        elif number in zones:
            sizes = {zone: _size(places, standing, zone) for zone in zones[number]}
            found.due.append(Due(standing, zones[number], sizes))
    _bytes_once(found)
    return found


def _worked_on(catalog: Catalog) -> set[str]:
    """Files that a person decided on or corrected: a word may be taken back."""
    corrected = {c.file_id for c in catalog.corrections().values()}
    return {*catalog.file_decisions(), *corrected}


def _by_rule(
    rules: Retention,
    standings: Sequence[Standing],
    gone: Mapping[str, set[int]],
    worked_on: set[str],
) -> dict[int, dict[str, str]]:
    """received_no → zone → the rule by which its bytes are due there."""
    since = _not_counting(standings, worked_on)
    by_source: dict[str, list[tuple[int, datetime]]] = defaultdict(list)
    for standing in standings:
        number = standing.receipt.received_no
        if number in since:
            by_source[standing.receipt.source].append((number, since[number]))
    has = {s.receipt.received_no: _zones_of(s) for s in standings}
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for zone, rule in (
        (LAKE, rules.lake),
        (QUARANTINE, rules.quarantine),
        (ARCHIVE, rules.archive),
    ):
        if rule is None:
            continue
        for files in by_source.values():
            newest_first = sorted(files, key=lambda one: (one[1], one[0]), reverse=True)
            for number in let_go_by(rule, newest_first):
                if zone in has[number] and number not in gone[zone]:
                    found[number][zone] = _words(zone, rule)
    for number, due in found.items():
        if ARCHIVE in due:  # rows that can no longer be read again are not kept by halves
            for zone in (LAKE, QUARANTINE):
                if zone in has[number] and number not in gone[zone]:
                    due.setdefault(zone, due[ARCHIVE])
    return found


def _zones_of(standing: Standing) -> set[str]:
    """Where a file has bytes of its own; a duplicate's rows are those of the file it repeats."""
    outcome, is_own = standing.outcome, standing.status != "duplicate"
    lake = {LAKE} if is_own and outcome.rows_loaded else set()
    refused = {QUARANTINE} if is_own and outcome.rows_quarantined else set()
    return {ARCHIVE, *lake, *refused}


def _words(zone: str, rule: KeepRule) -> str:
    return f"{zone} = {rule.words}"


def _not_counting(standings: Sequence[Standing], worked_on: Iterable[str]) -> dict[int, datetime]:
    """received_no → since when a file does not count, of those that another took the place of.

    Superseded files; refused ones whose place a later file of the same path took; and duplicates of
    either. Never one that a person had to be asked about.
    """
    decided = set(worked_on)
    later: dict[str, Standing] = {}  # the next file of a path, coming from the newest
    since: dict[int, datetime] = {}
    for standing in reversed(standings):
        receipt = standing.receipt
        successor = later.get(receipt.landing_path)
        if receipt.file_id in decided or standing.held is not None:
            pass
        elif standing.status == "superseded" and standing.other is not None:
            since[receipt.received_no] = standing.other.first_seen_at
        elif standing.status == "refused" and successor is not None and not _is_lost(standing):
            since[receipt.received_no] = successor.receipt.first_seen_at
        if (
            standing.status in ("loaded", "superseded", "duplicate")
            and not standing.is_never_let_in
        ):
            later[receipt.landing_path] = standing
    for standing in standings:
        other = standing.other.received_no if standing.other else None
        is_free = standing.receipt.file_id not in decided and standing.held is None
        if standing.status == "duplicate" and other in since and is_free:
            since[standing.receipt.received_no] = since[other]
    return since


def _is_lost(standing: Standing) -> bool:
    """True of a file whose bytes were lost: there is nothing to let go, but something to tell."""
    return (standing.outcome.refusal or "").startswith(("file.lost", "file.given_up"))


def _size(places: Places, standing: Standing, zone: str) -> int:
    receipt, outcome = standing.receipt, standing.outcome
    if zone == ARCHIVE:
        folder = Path(places.archived(receipt))
        return folder.stat().st_size if folder.is_file() else 0
    if zone == LAKE:
        if outcome.partition is None:
            return 0
        folder = Path(places.lake(receipt, outcome.partition))
    else:
        folder = Path(places.quarantine(receipt))
    return sum(part.stat().st_size for part in folder.glob("*.parquet"))


def _bytes_once(found: DueFiles) -> None:
    """Bytes that several receipts share are counted at the first of them."""
    seen: set[tuple[str, str]] = set()
    for at, one in enumerate(found.due):
        if ARCHIVE in one.sizes:
            if bytes_of(one.standing.receipt) in seen:
                found.due[at] = Due(one.standing, one.rules, {**one.sizes, ARCHIVE: 0})
            seen.add(bytes_of(one.standing.receipt))
