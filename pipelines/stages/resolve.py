"""Which of the received files stand: duplicates, re-issues, replaced files, files held back.

Derived afresh from receipts, outcomes and people's decisions, in the order of receipt and in one
pass, so that a rebuilt lake comes to the same answer. Keys that two files of a partition share
are settled in dbt: the one received last stands. The rules: docs/decisions/standing-of-files.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from pipelines.settings import Settings
from pipelines.sources import SOURCES, Source
from pipelines.stages.catalog import Catalog, FileDecision, Outcome, Receipt
from pipelines.stages.holding import Usual, shrinks
from pipelines.stages.likeness import Fingerprint, Likeness, Read
from pipelines.stages.standing import (
    Decided,
    Held,
    Meeting,
    Meets,
    Reading,
    Standing,
    plain_name,
    same_plain_name,
    stem_of,
)

__all__ = ["Reading", "Standing", "plain_name", "resolve"]

#: Earlier days whose keys are looked at where amounts are of another size than usual.
_DAYS_BEFORE = 7

_Sums: TypeAlias = tuple[date | None, int, int]
_Name: TypeAlias = tuple[date | None, str]
_Bytes: TypeAlias = tuple[str, date | None]


def resolve(settings: Settings, source: Source | None = None) -> list[Standing]:
    """Every received file that was read (of `source`), in order of receipt, with its standing."""
    catalog = Catalog(settings)
    receipts: dict[str, list[Receipt]] = defaultdict(list)
    for receipt in catalog.receipts(source.name if source else None):
        if receipt.source in SOURCES:
            receipts[receipt.source].append(receipt)
    if not receipts:
        return []
    wanted = {r.received_no for some in receipts.values() for r in some}
    outcomes = {n: told for n, (_, told) in catalog.outcomes(wanted).items()}
    decisions = catalog.file_decisions()
    standings = [
        standing
        for name, some in receipts.items()
        for standing in _Files(settings, SOURCES[name], some, outcomes, decisions).standings()
    ]
    return sorted(standings, key=lambda standing: standing.receipt.received_no)


@dataclass(eq=False)
class _File:
    """A file on its way to its standing. A copy has the `rows` of the file that it repeats."""

    receipt: Receipt
    outcome: Outcome
    day: date | None
    rows: Receipt
    status: str = "loaded"
    other: _File | None = None
    held: Held | None = None
    decision: str | None = None
    meetings: list[Meeting] = field(default_factory=list)
    is_gone: bool = False  # other bytes lie at its path now, or took its place

    @property
    def read(self) -> Read:
        return self.rows, self.outcome

    @property
    def file_id(self) -> str:
        return self.rows.file_id

    @property
    def name(self) -> str:
        return plain_name(self.receipt.file_name)

    @property
    def folder(self) -> str:
        return self.receipt.landing_path.rpartition("/")[0]

    def standing(self) -> Standing:
        return Standing(
            self.receipt, self.outcome, self.status, self.other.receipt if self.other else None,
            self.held, self.decision, tuple(self.meetings),
        )  # fmt: skip


class _Files:
    """The files of one source, taken one by one; each step asks an index, never all files."""

    def __init__(
        self,
        settings: Settings,
        source: Source,
        receipts: Sequence[Receipt],
        outcomes: Mapping[int, Outcome],
        decisions: Mapping[str, FileDecision],
    ) -> None:
        self._source, self._receipts = source, receipts
        self._outcomes, self._decisions = outcomes, decisions
        self._likeness = Likeness(settings, source)
        self._usual = Usual(source, self._likeness)
        self._all: list[_File] = []
        self._at_path: dict[str, list[_File]] = defaultdict(list)
        # of the files that stand; of copies, those that would in their place
        self._by_bytes: dict[_Bytes, _File] = {}
        self._copies: dict[_Bytes, list[_File]] = defaultdict(list)
        self._by_name: dict[_Name, dict[str, _File]] = defaultdict(dict)
        self._by_rows: dict[tuple[_Sums, str], dict[str, _File]] = defaultdict(dict)
        self._by_day: dict[date | None, dict[str, _File]] = defaultdict(dict)
        self._look_ahead()

    def _look_ahead(self) -> None:
        """What all files together say: days in cells, and which files are worth comparing."""
        self._cell_days: dict[str, date] = {}
        names: dict[_Name, list[Read]] = defaultdict(list)
        sums: dict[_Sums, list[Read]] = defaultdict(list)
        for receipt in self._receipts:
            told = self._outcomes.get(receipt.received_no)
            if told is None or told.refusal or told.partition is None:
                continue
            if told.is_day_stated and receipt.partition is None:
                self._cell_days[receipt.sha256] = told.partition
            if told.rows_loaded:
                stem = stem_of(plain_name(receipt.file_name))
                names[told.partition, stem].append((receipt, told))
                sums[self._sums(told, told.partition)].append((receipt, told))
        self._groups = {
            key: some for key, some in names.items() if len({r.landing_path for r, _ in some}) > 1
        }
        self._shared: dict[_Name, dict[str, dict[str, int]]] = {}
        alike = [some for some in sums.values() if len(some) > 1]
        if not self._source.key:  # whether chance can explain what files of one name share
            alike += self._groups.values()
        each = {read[0].file_id: read for some in alike for read in some}
        self._prints: Mapping[str, Fingerprint] = self._likeness.fingerprints(list(each.values()))

    def _sums(self, told: Outcome, day: date | None) -> _Sums:
        """Of files with equal rows it is equal. Rows with a key are news on another day."""
        return (day if self._is_by_day else None, told.rows_loaded, told.fen_loaded)

    @property
    def _is_by_day(self) -> bool:
        return self._source.dated or bool(self._source.key)

    def _day(self, receipt: Receipt) -> date | None:
        """The partition that reading gives, known of equal bytes before they are read."""
        told = self._outcomes.get(receipt.received_no)
        if receipt.partition or (told and told.partition):
            return receipt.partition or (told.partition if told else None)
        if self._source.dated:
            return None
        return self._cell_days.get(receipt.sha256, receipt.modified_at.date())

    def standings(self) -> list[Standing]:
        """In order of receipt; files that have yet to be read are not among them."""
        for receipt in self._receipts:
            self._take(receipt)
        self._likeness.keep()
        return [file.standing() for file in self._all if file.status != "unread"]

    def _take(self, receipt: Receipt) -> None:
        day, told = self._day(receipt), self._outcomes.get(receipt.received_no)
        twin = self._by_bytes.get((receipt.sha256, day))
        if twin is None and told is None:
            return  # received, not read yet
        outcome = twin.outcome if twin else told or Outcome()
        file = _File(receipt, outcome, day, twin.receipt if twin else receipt)
        decided = self._decisions.get(receipt.file_id)
        file.decision = decided.state if decided else None
        self._all.append(file)
        if twin is None and file.outcome.refusal:
            file.status = "refused"  # and replaces nothing
            return
        here = self._at_path[receipt.landing_path]
        replaced = [old for old in here if self._is_replaced_here(old, file)]
        if twin is None:
            replaced += self._replaced_elsewhere(file)
        file.held = self._held(file, twin, here, replaced)
        if file.decision == "rejected" or (file.held and file.decision != "accepted"):
            self._set_aside(file, here)
            return
        self._let_in(file, twin, here, replaced)

    def _is_replaced_here(self, old: _File, new: _File) -> bool:
        """Whether a file that stands at the very same path gives way."""
        if old.status != "loaded":
            return False
        if old.day == new.day:
            return True
        if old.outcome.is_day_stated or new.outcome.is_day_stated:
            return False
        # a file's own date is no business day: it may go back, or be all that is new
        went_back = old.day is not None and new.day is not None and new.day < old.day
        return went_back or (not self._source.key and self._is_mostly_in(old, new))

    def _is_mostly_in(self, old: _File, new: _File) -> bool:
        shared = self._likeness.shared([old.read, new.read]).get((old.file_id, new.file_id), 0)
        return bool(old.outcome.rows_loaded) and 2 * shared >= old.outcome.rows_loaded

    def _replaced_elsewhere(self, new: _File) -> list[_File]:
        """Files of the same plain name and partition at other paths that give way."""
        key = (new.day, stem_of(new.name))
        if key not in self._groups:
            return []
        shared = self._shared_in(key).get(new.file_id, {})
        replaced: list[_File] = []
        apart: list[tuple[int, _File]] = []
        for file_id, rows in shared.items():
            old = self._by_name[key].get(file_id)
            if old is None or not self._is_namesake(old, new):
                continue
            if 2 * rows >= old.outcome.rows_loaded and self._is_no_chance(old, new):
                replaced.append(old)
                self._meet(new, old, Meets.NAME, Decided.REPLACED, rows)
            else:
                apart.append((rows, old))
        if not apart and not replaced:
            others = reversed(self._by_name[key].values())
            last = next((old for old in others if self._is_namesake(old, new)), None)
            apart = [(0, last)] if last else []
        if apart:  # of many pages or projects the nearest speaks for all
            rows, old = max(apart, key=lambda pair: (pair[0], pair[1].receipt.received_no))
            self._meet(new, old, Meets.NAME, Decided.BOTH_STAND, rows)
        return replaced

    def _shared_in(self, key: _Name) -> dict[str, dict[str, int]]:
        """Of the files of a name: new file → old file → keys that both hold."""
        if key not in self._shared:
            told: dict[str, dict[str, int]] = defaultdict(dict)
            for (old, new), rows in self._likeness.shared(self._groups[key]).items():
                told[new][old] = rows
            self._shared[key] = told
        return self._shared[key]

    @staticmethod
    def _is_namesake(old: _File, new: _File) -> bool:
        return (
            old.receipt.landing_path != new.receipt.landing_path
            and old.outcome.rows_loaded > 0
            and same_plain_name(old.name, new.name)
        )

    def _is_no_chance(self, old: _File, new: _File) -> bool:
        """Rows without a key that two bodies' files share may be equal by chance."""
        if self._source.key or old.folder == new.folder:
            return True
        known = self._prints.get(old.file_id)
        return known is not None and known.is_telling

    def _meet(self, new: _File, old: _File, alike: Meets, decided: Decided, shared: int) -> None:
        new.meetings.append(Meeting(old.receipt, alike, decided, shared, old.outcome.rows_loaded))

    def _held(
        self, new: _File, twin: _File | None, here: Iterable[_File], replaced: Sequence[_File]
    ) -> Held | None:
        before = [old.read for old in replaced]
        if self._source.key and not new.outcome.is_day_stated:
            # a register dated by its own date follows what lay there, whatever the day
            before += [old.read for old in here if old.status == "loaded" and old not in replaced]
        held = shrinks(new.receipt, new.outcome, before)
        if held or twin:
            return held
        return self._usual.differs(new.read, lambda: self._days_before(new, replaced))

    def _days_before(self, new: _File, replaced: Sequence[_File]) -> list[Read]:
        """What stands of the days up to `new`, what it would replace last."""
        days = sorted(day for day, files in self._by_day.items() if day and files)
        before = [day for day in days if new.day is None or day <= new.day] or days[-1:]
        near = [f for day in before[-_DAYS_BEFORE - 1 :] for f in self._by_day[day].values()]
        return [f.read for f in (*(f for f in near if f not in replaced), *replaced)]

    def _set_aside(self, file: _File, here: list[_File]) -> None:
        file.status = "rejected" if file.decision == "rejected" else "held"
        for old in [o for o in here if o.status == "held"]:
            old.status, old.other = "superseded", file  # only the newest asks for a decision
            here.remove(old)
        here.append(file)

    def _let_in(
        self, file: _File, twin: _File | None, here: list[_File], replaced: Sequence[_File]
    ) -> None:
        for old in here:
            old.is_gone = True
            if old.status == "held":
                old.status, old.other = "superseded", file
        here[:] = [file]
        if twin is not None:
            file.status, file.other = "duplicate", twin
            self._copies[file.receipt.sha256, file.day].append(file)
        elif not replaced and (again := self._equal_rows(file)) is not None:
            file.status, file.other = "reissue", again
        for old in replaced:
            if old is not twin:
                self._give_way(old, twin or file)
        if file.status == "loaded":
            self._stand(file)

    def _stand(self, file: _File) -> None:
        file.status, file.other, file.rows = "loaded", None, file.receipt
        for index in self._indexes(file):
            index[file.file_id] = file
        self._by_bytes[file.receipt.sha256, file.day] = file
        self._usual.add(file.outcome)

    def _indexes(self, file: _File) -> Iterator[dict[str, _File]]:
        yield self._by_day[file.day]
        yield self._by_name[file.day, stem_of(file.name)]
        known = self._prints.get(file.file_id)
        if known is not None:
            yield self._by_rows[self._sums(file.outcome, file.day), known.digest]

    def _equal_rows(self, new: _File) -> _File | None:
        """An earlier file that stands with exactly these rows, where that cannot be chance."""
        known = self._prints.get(new.file_id)
        if known is None or not new.outcome.rows_loaded:
            return None
        rows = self._by_rows[self._sums(new.outcome, new.day), known.digest]
        old = next(iter(rows.values()), None)
        if old is None or known.is_telling:
            return old
        self._meet(new, old, Meets.ROWS, Decided.BOTH_STAND, new.outcome.rows_loaded)
        return None

    def _give_way(self, old: _File, new: _File) -> None:
        for index in self._indexes(old):
            index.pop(old.file_id, None)
        del self._by_bytes[old.receipt.sha256, old.day]
        self._usual.remove(old.outcome)
        old.status, old.other, old.is_gone = "superseded", new, True
        self._let_copy_stand(old, new)

    def _let_copy_stand(self, old: _File, new: _File) -> None:
        """A copy of a file that gave way stands in its own right, if it still lies at its path."""
        left = [copy for copy in self._copies.pop((old.receipt.sha256, old.day), ())
                if not copy.is_gone]  # fmt: skip
        if left and self._is_mostly_in(old, new):  # what replaced the one replaces its namesakes
            left = [copy for copy in left if not same_plain_name(copy.name, new.name)]
        if not left:
            return
        heir, told = left[0], self._outcomes.get(left[0].receipt.received_no)
        if told is None:
            heir.status = "unread"
            return
        heir.outcome = told
        self._stand(heir)
        if not self._source.key:
            self._meet(heir, new, Meets.ROWS, Decided.BOTH_STAND, 0)
        for copy in left[1:]:
            copy.other, copy.rows = heir, heir.receipt
        self._copies[heir.receipt.sha256, heir.day] = left[1:]
