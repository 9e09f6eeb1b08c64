"""Archive → lake and quarantine: what is due is handed out, and what came of it is noted.

The catalogue is written here alone, in the order in which files were received, whoever read them
and whoever was done first: nothing that is kept depends on that. A file's rows are parts under
`lake/<source>/export_date=D/<file id>/` and count only once its outcome is in the lake's catalogue,
so a crash leaves nothing half loaded. One file is read in `read_file`; `standing.resolve` decides
which files stand in the end.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import date

from pipelines.settings import Settings
from pipelines.sources import SOURCES, Source
from pipelines.stages.load.due import pending
from pipelines.stages.load.keys import held_key
from pipelines.stages.load.memory import return_large_blocks
from pipelines.stages.load.read_file import Handed, LinesDecided
from pipelines.stages.load.sharing import Sharing
from pipelines.stages.load.unnaming import those_of
from pipelines.stages.standing.resolve import resolve
from pipelines.stages.store.bytes_kept import stamps, written_parts
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.forgotten import entries
from pipelines.stages.store.healing import instead_of_reading
from pipelines.stages.store.receipts import Correction, Outcome, Part, Receipt
from pipelines.stages.store.zones import TRY_AGAIN, code_version

#: Seconds of which all outcomes are noted at once.
_MOMENT = 0.2


@dataclass(frozen=True)
class Loaded:
    """A receipt and what reading it gave."""

    receipt: Receipt
    outcome: Outcome


def load_source(
    settings: Settings,
    source: Source,
    partitions: Collection[date] | None = None,
    on_file: Callable[[Loaded], None] | None = None,
    *,
    again: bool = False,
    due: Callable[[Settings, Source], Sequence[Receipt]] = pending,
    sharing: Sharing | None = None,
) -> list[Loaded]:
    """Reads what is `due` of `source` (of these partitions only, if given), oldest first.

    `again` re-reads the files that stand in these partitions, when a person asks for it. `sharing`:
    with whom, if the caller has more than one source to read.
    """
    return_large_blocks()
    key = held_key(settings)
    catalog = Catalog(settings)
    if again:
        for standing in resolve(settings, source):
            receipt = standing.receipt
            wanted = partitions is None or standing.partition in partitions
            if standing.status != "duplicate" and wanted:
                catalog.forget(receipt.received_no)
    settings.build.mkdir(parents=True, exist_ok=True)
    results: list[Loaded] = []
    read: set[int] = set()
    with ExitStack() as own:
        shared = sharing or own.enter_context(Sharing(settings))
        while todo := [
            r
            for r in due(settings, source)
            if r.received_no not in read and (partitions is None or r.partition in partitions)
        ]:
            with closing(_read_all(settings, source, key, todo, shared)) as loads:
                for loaded in loads:
                    read.add(loaded.receipt.received_no)
                    results.append(loaded)
                    if on_file:
                        on_file(loaded)
    return results


def _read_all(
    settings: Settings, source: Source, key: str, todo: Sequence[Receipt], sharing: Sharing
) -> Generator[Loaded, None, None]:
    """Each receipt with its outcome, in this order, once it is noted.

    If a file's bytes are lost, its outcome is of what the lake still holds. What is noted beside it
    is the entry up to which people were forgotten in reading; nothing where nothing was read.
    """
    catalog = Catalog(settings)
    corrections = defaultdict[str, list[Correction]](list)
    for correction in catalog.corrections(source.name).values():
        corrections[correction.file_id].append(correction)
    everybody = those_of(entries(catalog), key)
    own = {n: marks for n, marks in everybody.marks.items() if n == source.namespace}
    forgotten = replace(everybody, marks=own)
    known = stamps(catalog, todo)
    lost = {r.received_no: instead_of_reading(catalog, r, known) for r in todo}
    ended_readers = catalog.noted_under(TRY_AGAIN)
    handed = [
        Handed(
            settings,
            r,
            key,
            LinesDecided(tuple(corrections[r.file_id]), forgotten),
            has_ended_readers=r.received_no in ended_readers,
        )
        for r in todo
        if lost[r.received_no] is None
    ]
    with closing(sharing.read(handed)) as reads, _Books(catalog) as books:
        for receipt in todo:
            outcome, up_to, is_final = lost[receipt.received_no], None, True
            if outcome is None:
                outcome, parts, is_final = next(reads)
                up_to = forgotten.up_to
            else:
                parts = written_parts(settings, receipt, outcome)
            version = code_version() if is_final else TRY_AGAIN
            yield from books.note(Loaded(receipt, outcome), version, parts, up_to)
        yield from books.write()


class _Books:
    """Notes outcomes in the catalogue, those of a moment in one transaction, the last of them when
    it is left, however that is.

    Each transaction waits for the disk, longer than a small file takes to be read. Where a process
    is killed what was read and not noted yet is read again.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._waiting: list[tuple[Loaded, str, Sequence[Part], int | None]] = []
        self._written = time.monotonic()

    def __enter__(self) -> _Books:
        return self

    def __exit__(self, *_: object) -> None:
        self.write()

    def note(
        self, loaded: Loaded, version: str, parts: Sequence[Part], up_to: int | None
    ) -> list[Loaded]:
        """Takes a file that this version of the code read; those that are noted by now."""
        self._waiting.append((loaded, version, parts, up_to))
        return self.write() if time.monotonic() - self._written >= _MOMENT else []

    def write(self) -> list[Loaded]:
        """Notes all that waits."""
        waiting = self._waiting
        if waiting:
            self._catalog.record(
                (one.receipt.received_no, version, one.outcome, parts, up_to)
                for one, version, parts, up_to in waiting
            )
        self._waiting, self._written = [], time.monotonic()
        return [one for one, *_ in waiting]


def load_all(settings: Settings, on_file: Callable[[Loaded], None] | None = None) -> list[Loaded]:
    """Reads everything pending, source by source."""
    with Sharing(settings) as sharing:
        return [
            done
            for source in SOURCES.values()
            for done in load_source(settings, source, None, on_file, sharing=sharing)
        ]
