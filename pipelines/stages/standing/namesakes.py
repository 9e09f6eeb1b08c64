"""Files of one plain name at different paths, and files of equal rows: a repetition, or two files?

Which files are worth comparing is known before the first is taken, so that the lake is asked for
all of them together. Where files lie at the very same path there is nothing to ask: see `resolve`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pipelines.sources import Source
from pipelines.stages.standing.files import File, Name, Stands, Sums, sums_of
from pipelines.stages.standing.likeness import Fingerprint, Likeness, Read
from pipelines.stages.standing.values import Decided, Meets, plain_name, same_plain_name, stem_of
from pipelines.stages.store.receipts import Outcome, Receipt


class Namesakes:
    """What the files of one source have in common."""

    def __init__(
        self,
        source: Source,
        likeness: Likeness,
        receipts: Iterable[Receipt],
        outcomes: Mapping[int, Outcome],
    ) -> None:
        self._source, self._likeness = source, likeness
        names: dict[Name, list[Read]] = defaultdict(list)
        sums: dict[Sums, list[Read]] = defaultdict(list)
        for receipt in receipts:
            outcome = outcomes.get(receipt.received_no)
            if outcome is None or outcome.refusal or outcome.partition is None:
                continue
            if outcome.rows_loaded:
                stem = stem_of(plain_name(receipt.file_name))
                names[outcome.partition, stem].append((receipt, outcome))
                sums[sums_of(source, outcome, outcome.partition)].append((receipt, outcome))
        self._groups = {
            key: some for key, some in names.items() if len({r.landing_path for r, _ in some}) > 1
        }
        self._shared: dict[Name, dict[str, dict[str, int]]] = {}
        alike = [some for some in sums.values() if len(some) > 1]
        if not source.key:  # whether chance can explain what files of one name share
            alike += self._groups.values()
        each = {read[0].file_id: read for some in alike for read in some}
        self.prints: Mapping[str, Fingerprint] = likeness.fingerprints(list(each.values()))

    def replaced_by(self, new: File, stands: Stands) -> list[File]:
        """Files of the same plain name and partition at other paths that give way."""
        key = (new.day, stem_of(new.name))
        if key not in self._groups:
            return []
        shared = self._shared_in(key).get(new.file_id, {})
        replaced: list[File] = []
        apart: list[tuple[int, File]] = []
        for file_id, rows in shared.items():
            old = stands.by_name[key].get(file_id)
            if old is None or not self._is_namesake(old, new):
                continue
            if 2 * rows >= old.outcome.rows_loaded and self._is_no_chance(old, new):
                replaced.append(old)
                new.meets(old, Meets.NAME, Decided.REPLACED, rows)
            else:
                apart.append((rows, old))
        if not apart and not replaced:
            others = reversed(stands.by_name[key].values())
            last = next((old for old in others if self._is_namesake(old, new)), None)
            apart = [(0, last)] if last else []
        if apart:  # of many pages or projects, only the nearest is noted
            rows, old = max(apart, key=lambda pair: (pair[0], pair[1].receipt.received_no))
            new.meets(old, Meets.NAME, Decided.BOTH_STAND, rows)
        return replaced

    def _shared_in(self, key: Name) -> dict[str, dict[str, int]]:
        """Of the files of a name: new file → old file → keys that both hold."""
        if key not in self._shared:
            by_new: dict[str, dict[str, int]] = defaultdict(dict)
            for (old, new), rows in self._likeness.shared(self._groups[key]).items():
                by_new[new][old] = rows
            self._shared[key] = by_new
        return self._shared[key]

    @staticmethod
    def _is_namesake(old: File, new: File) -> bool:
        return (
            old.receipt.landing_path != new.receipt.landing_path
            and old.outcome.rows_loaded > 0
            and same_plain_name(old.name, new.name)
        )

    def _is_no_chance(self, old: File, new: File) -> bool:
        """Rows without a key that two bodies' files share may be equal by chance."""
        if self._source.key or old.folder == new.folder:
            return True
        known = self.prints.get(old.file_id)
        return known is not None and known.is_telling

    def is_mostly_in(self, old: File, new: File) -> bool:
        """Whether `new` holds at least half of what `old` does."""
        shared = self._likeness.shared([old.read, new.read]).get((old.file_id, new.file_id), 0)
        return bool(old.outcome.rows_loaded) and 2 * shared >= old.outcome.rows_loaded

    def repeated_by(self, new: File, stands: Stands) -> File | None:
        """An earlier file that stands with exactly these rows, where that cannot be chance."""
        old = stands.with_rows_of(new)
        if old is None or self.prints[new.file_id].is_telling:
            return old
        new.meets(old, Meets.ROWS, Decided.BOTH_STAND, new.outcome.rows_loaded)
        return None
