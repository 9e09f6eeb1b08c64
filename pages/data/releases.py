"""Which release a request reads: the published one, from its first query to its last.

Between two requests the published file may have been replaced; the next request opens the new one.
A request that is under way keeps the release that it began with.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from pages.access.seen import EVERYTHING, Scope
from pages.data.open_release import Limits, OpenRelease, Reader
from pipelines.publishing.releases import previous_file
from pipelines.publishing.switching import older_shown
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
        self._held: OpenRelease | None = None
        self._out: dict[OpenRelease, int] = {}

    @contextmanager
    def reader(self, scope: Scope = EVERYTHING) -> Iterator[Reader]:
        """A reader of the release that is published now. Raises NoRelease and Busy."""
        held = self._lend()
        try:
            with held.reader(scope) as reader:
                yield reader
        finally:
            self._give_back(held)

    def close(self) -> None:
        """Lets go of the file once nobody reads it."""
        with self._lock:
            held, self._held, self._stamp = self._held, None, None
            if held is not None and held not in self._out:
                held.close()

    def _lend(self) -> OpenRelease:
        with self._lock:
            held = self._current()
            self._out[held] = self._out.get(held, 0) + 1
            return held

    def _give_back(self, held: OpenRelease) -> None:
        with self._lock:
            self._out[held] -= 1
            if not self._out[held]:
                del self._out[held]
                if held is not self._held:
                    held.close()

    def _current(self) -> OpenRelease:
        """The held of the file that is published now; the caller holds the lock."""
        try:
            seen = self._settings.published.stat()
        except OSError:
            raise NoRelease(self._settings.published) from None
        stamp = (seen.st_dev, seen.st_ino, seen.st_mtime_ns, seen.st_size)
        if self._held is not None and stamp == self._stamp:
            return self._held
        # a program that has the published file open for writing locks it; the kept one is the same
        file = previous_file(self._settings) or self._settings.published
        try:
            opened = OpenRelease(file, self._limits)
        except duckdb.Error as error:
            raise NoRelease(f"{file}: {error}") from error
        opened.older_shown = older_shown(self._settings, opened.release)
        old, self._held, self._stamp = self._held, opened, stamp
        if old is not None and old not in self._out:
            old.close()
        return opened
