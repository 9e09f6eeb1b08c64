"""Which release a request reads: the published one, from its first query to its last.

Between two requests the published file may have been replaced; the next request opens the new one.
A request that is under way keeps the release that it began with.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from pages.data.engine import Engine, Limits, Reader
from pipelines.publishing.releases import previous_file
from pipelines.settings import Settings

_Stamp = tuple[int, int, int, int]


class NoRelease(LookupError):  # noqa: N818 - reads as what it says
    """Nothing is published yet, or what is there cannot be read."""


class Releases:
    """The published release of a warehouse, followed while it changes. Safe to use by threads."""

    def __init__(self, settings: Settings, limits: Limits | None = None) -> None:
        self._settings = settings
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._stamp: _Stamp | None = None
        self._engine: Engine | None = None
        self._out: dict[Engine, int] = {}

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """A reader of the release that is published now. Raises NoRelease and Busy."""
        engine = self._lend()
        try:
            with engine.reader() as reader:
                yield reader
        finally:
            self._give_back(engine)

    def close(self) -> None:
        """Lets go of the file once nobody reads it."""
        with self._lock:
            engine, self._engine, self._stamp = self._engine, None, None
            if engine is not None and engine not in self._out:
                engine.close()

    def _lend(self) -> Engine:
        with self._lock:
            engine = self._current()
            self._out[engine] = self._out.get(engine, 0) + 1
            return engine

    def _give_back(self, engine: Engine) -> None:
        with self._lock:
            self._out[engine] -= 1
            if not self._out[engine]:
                del self._out[engine]
                if engine is not self._engine:
                    engine.close()

    def _current(self) -> Engine:
        """The engine of the file that is published now; the caller holds the lock."""
        try:
            seen = self._settings.published.stat()
        except OSError:
            raise NoRelease(self._settings.published) from None
        stamp = (seen.st_dev, seen.st_ino, seen.st_mtime_ns, seen.st_size)
        if self._engine is not None and stamp == self._stamp:
            return self._engine
        # a program that has the published file open for writing locks it; the kept one is the same
        file = previous_file(self._settings) or self._settings.published
        try:
            opened = Engine(file, self._limits)
        except duckdb.Error as error:
            raise NoRelease(f"{file}: {error}") from error
        old, self._engine, self._stamp = self._engine, opened, stamp
        if old is not None and old not in self._out:
            old.close()
        return opened
