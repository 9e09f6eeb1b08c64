"""The files of one source that stand at a moment of receiving, found by bytes, name, rows and day.

Every question is answered by an index: another file costs the same however many came before. What
is asked, and what follows, is `resolve`'s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from pipelines.sources import Source
from pipelines.stages.standing.holding import Usual
from pipelines.stages.standing.likeness import Fingerprint, Likeness, Read
from pipelines.stages.standing.values import (
    Decided,
    Held,
    Meeting,
    Meets,
    Standing,
    plain_name,
    stem_of,
)
from pipelines.stages.store.receipts import Outcome, Receipt

#: Earlier days whose keys are looked at where amounts are not of the usual size.
_DAYS_BEFORE = 7

Sums: TypeAlias = tuple[date | None, int, int]
Name: TypeAlias = tuple[date | None, str]
Bytes: TypeAlias = tuple[str, date | None]


@dataclass(eq=False)
class File:
    """A file on its way to its standing. A copy has the `rows` of the file that it repeats."""

    receipt: Receipt
    outcome: Outcome
    day: date | None
    rows: Receipt
    status: str = "loaded"
    other: File | None = None
    held: Held | None = None
    decision: str | None = None
    meetings: list[Meeting] = field(default_factory=list)
    is_gone: bool = False  # other bytes lie at its path now, or took its place

    @property
    def read(self) -> Read:
        """Where its rows lie."""
        return self.rows, self.outcome

    @property
    def file_id(self) -> str:
        """Of the file whose rows these are."""
        return self.rows.file_id

    @property
    def name(self) -> str:
        """Without folder, packing and copy marks."""
        return plain_name(self.receipt.file_name)

    @property
    def folder(self) -> str:
        """In which it lay."""
        return self.receipt.landing_path.rpartition("/")[0]

    def meets(self, earlier: File, alike: Meets, decided: Decided, shared: int) -> None:
        """Notes that it is like an earlier file, and the decision."""
        of = earlier.outcome.rows_loaded
        self.meetings.append(Meeting(earlier.receipt, alike, decided, shared, of))

    def standing(self) -> Standing:
        """As it stands in the end."""
        return Standing(
            self.receipt,
            self.outcome,
            self.status,
            self.other.receipt if self.other else None,
            self.held,
            self.decision,
            tuple(self.meetings),
        )


class Stands:
    """The files that stand; `prints` are those of files whose rows are worth comparing."""

    def __init__(
        self, source: Source, likeness: Likeness, prints: Mapping[str, Fingerprint]
    ) -> None:
        self._source, self.prints = source, prints
        self.usual = Usual(source, likeness)
        self.by_bytes: dict[Bytes, File] = {}
        self.by_name: dict[Name, dict[str, File]] = defaultdict(dict)
        self._by_rows: dict[tuple[Sums, str], dict[str, File]] = defaultdict(dict)
        self._by_day: dict[date | None, dict[str, File]] = defaultdict(dict)

    def add(self, file: File) -> None:
        """From now on its rows count."""
        file.status, file.other, file.rows = "loaded", None, file.receipt
        for index in self._indexes(file):
            index[file.file_id] = file
        self.by_bytes[file.receipt.sha256, file.day] = file
        self.usual.add(file.outcome)

    def remove(self, file: File) -> None:
        """It gives way."""
        for index in self._indexes(file):
            index.pop(file.file_id, None)
        del self.by_bytes[file.receipt.sha256, file.day]
        self.usual.remove(file.outcome)

    def _indexes(self, file: File) -> Iterator[dict[str, File]]:
        yield self._by_day[file.day]
        yield self.by_name[file.day, stem_of(file.name)]
        known = self.prints.get(file.file_id)
        if known is not None:
            yield self._by_rows[sums_of(self._source, file.outcome, file.day), known.digest]

    def with_rows_of(self, file: File) -> File | None:
        """The first that holds exactly the same rows."""
        known = self.prints.get(file.file_id)
        if known is None or not file.outcome.rows_loaded:
            return None
        rows = self._by_rows[sums_of(self._source, file.outcome, file.day), known.digest]
        return next(iter(rows.values()), None)

    def of_days_before(self, new: File, replaced: Sequence[File]) -> list[Read]:
        """Those of the days up to `new`; what it would replace comes last."""
        days = sorted(day for day, files in self._by_day.items() if day and files)
        before = [day for day in days if new.day is None or day <= new.day] or days[-1:]
        near = [f for day in before[-_DAYS_BEFORE - 1 :] for f in self._by_day[day].values()]
        return [f.read for f in (*(f for f in near if f not in replaced), *replaced)]


def sums_of(source: Source, outcome: Outcome, day: date | None) -> Sums:
    """Equal for files with equal rows. Rows with a key count as new on another day."""
    is_by_day = source.dated or bool(source.key)
    return (day if is_by_day else None, outcome.rows_loaded, outcome.fen_loaded)
