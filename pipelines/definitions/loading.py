"""The night's pull and load, begun while the graph is still being put together.

Receiving files waits for the disk, reading them for the processor, and importing Dagster and
parsing dbt's project take seconds: all go side by side, a file being read once it is received.
Steps `archive` and `load` follow what happens here and report it; how files are received and
read is those stages' own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, wait
from queue import SimpleQueue
from threading import Event

from pipelines.settings import Settings
from pipelines.sources import SOURCES, Source
from pipelines.stages.fetch.night import FetchReport, fetch_declared
from pipelines.stages.load.due import news, pending
from pipelines.stages.load.load import Loaded, load_source
from pipelines.stages.load.sharing import Sharing
from pipelines.stages.receive.pull import PullReport, pull
from pipelines.stages.store.receipts import Receipt

DueOf = Callable[[Settings, Source], Sequence[Receipt]]

_LOOK_AGAIN = 0.1  # seconds, while all that was received has been read


class Pulling:
    """A pull that runs in `pool`: what is new elsewhere, unless not `is_to_fetch`; then landing."""

    def __init__(self, settings: Settings, pool: Executor, *, is_to_fetch: bool = False) -> None:
        self._settings, self._is_to_fetch = settings, is_to_fetch
        self._fetched = FetchReport()
        self._told = Event()
        self._has_new = False
        self.report: Future[PullReport] = pool.submit(self._pull)

    def _pull(self) -> PullReport:
        try:
            if self._is_to_fetch:
                self._fetched = fetch_declared(self._settings)
            return pull(self._settings, on_new=self._tell)
        finally:
            self._told.set()

    def _tell(self, _: Receipt) -> None:
        self._has_new = True
        self._told.set()

    def fetched(self) -> FetchReport:
        """What was fetched before landing was looked at; waits for the end of the pull."""
        self.report.result()
        return self._fetched

    def brings_news(self) -> bool:
        """Waits for the first new file, or for the end of a pull that found none.

        Raises what a pull raised before its first new file.
        """
        self._told.wait()
        return self._has_new or bool(self.report.result().new)


class LoadStopped(Exception):  # noqa: N818 - ends a thread; nobody catches it as an error
    """Raised within a load whose run is broken off."""


class Loading:
    """A load that runs in `pool`, of what is there and of all that `pulling` brings."""

    def __init__(self, settings: Settings, pool: Executor, pulling: Pulling) -> None:
        self._settings = settings
        self._pulled = pulling.report
        self._read: set[int] = set()
        self._files: SimpleQueue[Loaded | None] = SimpleQueue()
        self._stopped = Event()
        self._loads: Future[dict[str, list[Loaded]]] = pool.submit(self._load)

    @property
    def total(self) -> int:
        """Files read and to be read, of those received so far."""
        return len({receipt.received_no for receipt in news(self._settings)} | self._read)

    def _load(self) -> dict[str, list[Loaded]]:
        loads: dict[str, list[Loaded]] = defaultdict(list)
        try:
            is_all_here = False
            with Sharing(self._settings) as sharing:
                while not is_all_here:
                    is_all_here = self._pulled in wait({self._pulled}, timeout=_LOOK_AGAIN).done
                    # which copies have to be read is asked once all is here: it takes what stands
                    due = self._not_read_yet(pending if is_all_here else news)
                    for source in SOURCES.values():
                        loads[source.name] += load_source(
                            self._settings, source, on_file=self._tell, due=due, sharing=sharing
                        )
            return loads
        finally:
            self._files.put(None)

    def _not_read_yet(self, due: DueOf) -> DueOf:
        """`due` without what this load has read: a file that is to be tried again another night is
        still pending."""
        return lambda settings, source: [
            r for r in due(settings, source) if r.received_no not in self._read
        ]

    def _tell(self, loaded: Loaded) -> None:
        if self._stopped.is_set():
            raise LoadStopped
        self._read.add(loaded.receipt.received_no)
        self._files.put(loaded)

    def stop(self) -> None:
        """Ends the load after the files in hand, where a run is broken off; else does nothing."""
        self._stopped.set()

    def follow(self, on_file: Callable[[Loaded], None]) -> Iterator[tuple[Source, list[Loaded]]]:
        """Tells of each file as it is loaded, then of each source. Raises what the load raised."""
        while (loaded := self._files.get()) is not None:
            on_file(loaded)
        loads = self._loads.result()
        for source in SOURCES.values():
            yield source, loads[source.name]
