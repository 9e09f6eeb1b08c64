"""What the command line begins before Dagster is there to run its steps.

Importing Dagster, receiving files, reading them and copying the last release go side by side; so
does dbt, where its project is no longer what set-up has prepared. Only when a step's work begins
differs from a run that Dagster starts: which steps there are, and in what order, is the job's.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.definitions.loading import Loading, Pulling
from pipelines.settings import Settings
from pipelines.stages.build.copies import copy_ahead, forget_copies
from pipelines.stages.build.project import prepared


@dataclass(frozen=True)
class Ahead:
    """The work that is under way: of steps `archive`, `load` and `build`, and dbt's project."""

    pulling: Pulling
    loading: Loading
    copying: Future[None]
    prepared: Future[Path]


@contextmanager
def pulled_ahead(settings: Settings, *, is_to_fetch: bool = False) -> Iterator[Pulling]:
    """A pull that is under way; waits for its end."""
    with ThreadPoolExecutor(1, "pull") as pool:
        yield Pulling(settings, pool, is_to_fetch=is_to_fetch)


@contextmanager
def begun_ahead(settings: Settings, pulling: Pulling) -> Iterator[Ahead]:
    """All the rest too; where the run is broken off it ends with the files in hand."""
    with _short_turns(), ThreadPoolExecutor(3, "ahead") as pool:
        folder = pool.submit(prepared, settings)
        copying = pool.submit(copy_ahead, settings)
        ahead = Ahead(pulling, Loading(settings, pool, pulling), copying, folder)
        try:
            yield ahead
        finally:
            ahead.loading.stop()
            copying.result()
            forget_copies(settings)


@contextmanager
def _short_turns() -> Iterator[None]:
    """Python's threads take turns ten times as often.

    Importing Dagster is all Python; who reads files needs Python for a moment between two blocks,
    and would wait for it longer than the block took.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
