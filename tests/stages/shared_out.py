"""What tests of loading that is shared out have in common: a copy, what is kept, who counts."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Generator, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from pipelines.sources import source
from pipelines.stages.load.executor import Executor, Lost
from pipelines.stages.load.load import load_source
from pipelines.stages.load.read_file import FileRead, Handed
from pipelines.stages.load.sharing import (
    Sharing,
)
from pipelines.stages.store.bytes_kept import hash_of
from pipelines.stages.store.catalog import Catalog
from tests.stages.landings import Landing

GIFTS, TEAMS = "tencent_donations", "tencent_teams"
T = TypeVar("T")
R = TypeVar("R")


def copy(received: Path, root: Path, **changed: Any) -> Landing:
    """A warehouse of one's own of what was received."""
    shutil.copytree(received, root)
    return Landing(root, pseudonym_key="k" * 32, **changed)


def kept(landing: Landing) -> dict[str, Any]:
    """All that a load leaves behind but the times: books, and bytes of every part."""
    outcomes = {
        number: (version, asdict(outcome) | {"loaded_at": ""})
        for number, (version, outcome) in Catalog(landing.settings).outcomes().items()
    }
    files = {
        str(path.relative_to(landing.settings.warehouse)): hash_of(path)
        for zone in (landing.settings.lake, landing.settings.quarantine)
        for path in zone.rglob("*.parquet")
    }
    with Catalog(landing.settings).lake() as db:
        parts = db.execute("select received_no, zone, name, bytes, sha256 from parts").fetchall()
    return {"outcomes": outcomes, "files": files, "parts": sorted(parts)}


def load_source_of(landing: Landing, name: str, shared: Sharing) -> list[Any]:
    """Everything pending of a source."""
    return load_source(landing.settings, source(name), sharing=shared)


class Counted:
    """Hands everything on, and counts what is handed out."""

    def __init__(self, to: Executor, instead: Callable[[Handed], FileRead] | None = None) -> None:
        self.files: Counter[int] = Counter()
        self.items = 0
        self._to, self._instead = to, instead

    def map(self, work: Callable[[T], R], items: Iterable[T], /) -> Generator[R | Lost, None, None]:
        """As `Executor.map`."""
        every = list(items)
        self.items += len(every)
        self.files.update(i.receipt.received_no for i in every if isinstance(i, Handed))
        work = self._instead or work  # type: ignore[assignment]
        yield from self._to.map(work, every)
