"""Which of the received files stand: duplicates, re-issues, replaced files, files held back.

Derived from receipts, outcomes and people's decisions, in the order of receipt and in one pass, so
that a rebuilt lake gives the same answer. Keys that two files of a partition share
are settled in dbt: the one received last stands. The rules: docs/decisions/standing-of-files.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from pipelines.settings import Settings
from pipelines.sources import SOURCES, Source
from pipelines.stages.standing.files import Bytes, File, Stands
from pipelines.stages.standing.holding import mostly_refused, shrinks
from pipelines.stages.standing.likeness import Likeness
from pipelines.stages.standing.namesakes import Namesakes
from pipelines.stages.standing.values import (
    Decided,
    Held,
    Meets,
    Reading,
    Standing,
    plain_name,
    same_plain_name,
)
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.let_go import Verdict, verdicts
from pipelines.stages.store.receipts import FileDecision, Outcome, Receipt

__all__ = ["Reading", "Standing", "plain_name", "resolve"]


def resolve(
    settings: Settings, source: Source | None = None, without: Collection[int] = ()
) -> list[Standing]:
    """Every received file that was read (of `source`), in order of receipt, with its standing.

    What was let go stands as was noted then, and the others as they do without it. `without`: as
    they would if these receipts, by number, were let go as well.
    """
    catalog = Catalog(settings)
    receipts: dict[str, list[Receipt]] = defaultdict(list)
    every = catalog.receipts(source.name if source else None)
    if not every:
        return []
    let_go = verdicts(catalog, source.name if source else None)
    for receipt in every:
        is_out = receipt.received_no in let_go or receipt.received_no in without
        if receipt.source in SOURCES and not is_out:
            receipts[receipt.source].append(receipt)
    wanted = {r.received_no for some in receipts.values() for r in some}
    outcomes = {n: outcome for n, (_, outcome) in catalog.outcomes(wanted).items()}
    decisions = catalog.file_decisions()
    standings = [
        standing
        for name, some in receipts.items()
        for standing in _Files(settings, SOURCES[name], some, outcomes, decisions).standings()
    ]
    standings += _noted(every, let_go)
    return sorted(standings, key=lambda standing: standing.receipt.received_no)


def _noted(receipts: Iterable[Receipt], let_go: Mapping[int, Verdict]) -> Iterator[Standing]:
    by_number = {r.received_no: r for r in receipts} if let_go else {}
    for number, verdict in let_go.items():
        receipt = by_number.get(number)
        if receipt is not None and receipt.source in SOURCES:
            other = by_number.get(verdict.other_no) if verdict.other_no is not None else None
            yield Standing(receipt, verdict.outcome, verdict.status, other, is_let_go=True)


class _Files:
    """The files of one source, taken one by one, each by the rules."""

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
        self._namesakes = Namesakes(source, self._likeness, receipts, outcomes)
        self._stands = Stands(source, self._likeness, self._namesakes.prints)
        self._all: list[File] = []
        self._at_path: dict[str, list[File]] = defaultdict(list)
        self._copies: dict[Bytes, list[File]] = defaultdict(list)  # of files that stand
        self._cell_days = {
            r.sha256: outcome.partition
            for r in receipts
            if r.partition is None
            and (outcome := outcomes.get(r.received_no)) is not None
            and outcome.is_day_stated
            and outcome.partition
        }

    def _day(self, receipt: Receipt) -> date | None:
        """The partition that reading gives, known of equal bytes before they are read."""
        outcome = self._outcomes.get(receipt.received_no)
        if receipt.partition or (outcome and outcome.partition):
            return receipt.partition or (outcome.partition if outcome else None)
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
        day, own = self._day(receipt), self._outcomes.get(receipt.received_no)
        twin = self._stands.by_bytes.get((receipt.sha256, day))
        if twin is None and own is None:
            return  # received, not read yet
        outcome = twin.outcome if twin else own or Outcome()
        file = File(receipt, outcome, day, twin.receipt if twin else receipt)
        decided = self._decisions.get(receipt.file_id)
        file.decision = decided.state if decided else None
        self._all.append(file)
        if twin is None and file.outcome.refusal:
            file.status = "refused"  # and replaces nothing
            return
        here = self._at_path[receipt.landing_path]
        replaced = [old for old in here if self._is_replaced_here(old, file)]
        if twin is None:
            replaced += self._namesakes.replaced_by(file, self._stands)
        file.held = self._held(file, twin, here, replaced)
        if file.decision == "rejected" or (file.held and file.decision != "accepted"):
            self._set_aside(file, here)
            return
        self._let_in(file, twin, here, replaced)

    def _is_replaced_here(self, old: File, new: File) -> bool:
        """Whether a file that stands at the very same path gives way."""
        if old.status != "loaded":
            return False
        if old.day == new.day:
            return True
        if old.outcome.is_day_stated or new.outcome.is_day_stated:
            return False
        # a file's own date is no business day: it may go back, or be all that is new
        went_back = old.day is not None and new.day is not None and new.day < old.day
        return went_back or (not self._source.key and self._namesakes.is_mostly_in(old, new))

    def _held(
        self, new: File, twin: File | None, here: Iterable[File], replaced: Sequence[File]
    ) -> Held | None:
        before = [old.read for old in replaced]
        if self._source.key and not new.outcome.is_day_stated:
            # a register dated by its own date follows what lay there, whatever the day
            before += [old.read for old in here if old.status == "loaded" and old not in replaced]
        held = shrinks(new.receipt, new.outcome, before)
        if held or twin:
            return held
        if held := mostly_refused(self._source, new.outcome):
            return held
        return self._stands.usual.differs(
            new.read, lambda: self._stands.of_days_before(new, replaced)
        )

    def _set_aside(self, file: File, here: list[File]) -> None:
        file.status = "rejected" if file.decision == "rejected" else "held"
        for old in [o for o in here if o.status == "held"]:
            old.status, old.other = "superseded", file  # only the newest asks for a decision
            here.remove(old)
        here.append(file)

    def _let_in(
        self, file: File, twin: File | None, here: list[File], replaced: Sequence[File]
    ) -> None:
        for old in here:
            old.is_gone = old is not twin
            if old.status == "held":
                old.status, old.other = "superseded", file
        here[:] = [twin, file] if twin in here else [file]
        if twin is not None:
            file.status, file.other = "duplicate", twin
            self._copies[file.receipt.sha256, file.day].append(file)
        elif not replaced and (again := self._namesakes.repeated_by(file, self._stands)):
            file.status, file.other = "reissue", again
        for old in replaced:
            if old is not twin:
                self._give_way(old, twin or file)
        if file.status == "loaded":
            self._stands.add(file)

    def _give_way(self, old: File, new: File) -> None:
        self._stands.remove(old)
        old.status, old.other, old.is_gone = "superseded", new, True
        self._let_copy_stand(old, new)

    def _let_copy_stand(self, old: File, new: File) -> None:
        """A copy of a file that gave way stands in its own right, if it still lies at its path."""
        left = [
            copy for copy in self._copies.pop((old.receipt.sha256, old.day), ()) if not copy.is_gone
        ]
        if left and self._namesakes.is_mostly_in(old, new):
            # what replaced the one replaces its namesakes
            left = [copy for copy in left if not same_plain_name(copy.name, new.name)]
        if not left:
            return
        heir, outcome = left[0], self._outcomes.get(left[0].receipt.received_no)
        if outcome is None:
            heir.status = "unread"
            return
        heir.outcome = outcome
        self._stands.add(heir)
        if not self._source.key:
            heir.meets(new, Meets.ROWS, Decided.BOTH_STAND, 0)
        for copy in left[1:]:
            copy.other, copy.rows = heir, heir.receipt
        self._copies[heir.receipt.sha256, heir.day] = left[1:]
