"""The night's load, begun while the graph is still being put together.

Importing Dagster and parsing dbt's project take seconds in which the files can be read already.
Step `load` follows what happens here and reports it; how files are read is the load stage's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from threading import Event

from pipelines.settings import Settings
from pipelines.sources import SOURCES, Source
from pipelines.stages.load import Loaded, load_source, pending


class LoadStopped(Exception):  # noqa: N818 - wanted, and heard by nobody
    """Raised within a load whose run is broken off."""


class Loading:
    """A load that runs in `pool`. `total` is the number of files that it began with."""

    def __init__(self, settings: Settings, pool: Executor) -> None:
        self.total = len(pending(settings))
        self._settings = settings
        self._files: SimpleQueue[Loaded | None] = SimpleQueue()
        self._stopped = Event()
        self._loads: Future[list[tuple[Source, list[Loaded]]]] = pool.submit(self._load)

    def _load(self) -> list[tuple[Source, list[Loaded]]]:
        try:
            return [
                (source, load_source(self._settings, source, on_file=self._tell))
                for source in SOURCES.values()
            ]
        finally:
            self._files.put(None)

    def _tell(self, loaded: Loaded) -> None:
        if self._stopped.is_set():
            raise LoadStopped
        self._files.put(loaded)

    def stop(self) -> None:
        """Ends the load after the files in hand, where a run is broken off; else does nothing."""
        self._stopped.set()

    def follow(self, on_file: Callable[[Loaded], None]) -> Iterator[tuple[Source, list[Loaded]]]:
        """Tells of each file as it is loaded, then of each source. Raises what the load raised."""
        while (loaded := self._files.get()) is not None:
            on_file(loaded)
        yield from self._loads.result()
