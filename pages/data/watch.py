"""Stops queries whose time is up. How much time a query has is its reader's business.

One thread for all of a release's readers. With a timer a query, a page would start dozens of them,
and with twenty viewers each of them waits some milliseconds for its turn.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_EVERY_S = 0.05


class Watch:
    """Looks twenty times a second whether one of the running queries is past its time."""

    def __init__(self) -> None:
        self._running: dict[object, tuple[float, Callable[[], None]]] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()
        threading.Thread(target=self._look, name="query-watch", daemon=True).start()

    @contextmanager
    def within(self, seconds: float, stop: Callable[[], None]) -> Iterator[None]:
        """Calls `stop` from another thread if what is done within takes longer; never after it."""
        key = object()
        with self._lock:
            self._running[key] = (time.monotonic() + seconds, stop)
        try:
            yield
        finally:
            with self._lock:
                self._running.pop(key, None)

    def close(self) -> None:
        """Ends its thread."""
        self._closed.set()

    def _look(self) -> None:
        while not self._closed.wait(_EVERY_S):
            now = time.monotonic()
            with self._lock:  # held while stopping: what has ended is not stopped
                late = [key for key, (until, _) in self._running.items() if until <= now]
                for key in late:
                    self._running.pop(key)[1]()
