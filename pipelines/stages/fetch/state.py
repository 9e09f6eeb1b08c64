"""What was pulled before: a small SQLite file beside the zones that may be lost without harm.

Without it files are fetched once more, and found to be the same. What could not be pulled is in
the archive's catalogue (`faults`), because releases tell it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple, TypeVar

from pipelines.settings import Settings
from pipelines.stages.store.catalog import Catalog

T = TypeVar("T")

_TABLES = """
create table if not exists fetched (
    pull text not null, name text not null, version text, sha256 text not null,
    bytes integer not null, primary key (pull, name)
);
create table if not exists good (pull text primary key, at text not null);
"""


class Fetched(NamedTuple):
    """A file as it was when it was fetched; an answer without rows has no bytes."""

    version: str | None
    sha256: str
    bytes: int


def received_paths(settings: Settings) -> frozenset[str]:
    """Every path below landing from which a file was received."""
    with Catalog(settings).archive() as db:
        rows = db.execute("select distinct landing_path from receipts").fetchall()
    return frozenset(path for (path,) in rows)


class PullState:
    """The state of one pull. Whatever is wrong with the file, a new one does.

    `received`: every path from which a file was received.
    """

    def __init__(
        self, settings: Settings, pull: str, source: str, received: Collection[str] = ()
    ) -> None:
        self._settings, self._pull, self._source = settings, pull, source
        self._received = received
        self.known: dict[str, Fetched] = self._tried(self._read)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        path = self._settings.pull_state
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=60)) as db, db:
            db.executescript(_TABLES)
            yield db

    def _tried(self, act: Callable[[sqlite3.Connection], T]) -> T:
        try:
            with self._open() as db:
                return act(db)
        except sqlite3.OperationalError:
            raise  # the disk's or another process's fault, not the file's
        except sqlite3.DatabaseError:
            self._settings.pull_state.unlink(missing_ok=True)
            with self._open() as db:
                return act(db)

    def _read(self, db: sqlite3.Connection) -> dict[str, Fetched]:
        rows = db.execute(
            "select name, version, sha256, bytes from fetched where pull = ?", (self._pull,)
        )
        return {name: Fetched(*rest) for name, *rest in rows}

    def has(self, name: str, version: str | None) -> bool:
        """Whether a file was fetched as it is offered; False where its version is not known."""
        return version is not None and name in self.known and self.known[name].version == version

    def remember(self, name: str, fetched: Fetched) -> None:
        """Keeps what a file was."""
        self.known[name] = fetched
        self._tried(
            lambda db: db.execute(
                "insert or replace into fetched values (?, ?, ?, ?, ?)",
                (self._pull, name, *fetched),
            )
        )

    def well(self, at: str) -> None:
        """Keeps when all of the pull was well."""
        self._tried(
            lambda db: db.execute("insert or replace into good values (?, ?)", (self._pull, at))
        )

    @property
    def last_well(self) -> str | None:
        """When all of it was well last."""
        row = self._tried(
            lambda db: db.execute("select at from good where pull = ?", (self._pull,)).fetchone()
        )
        return str(row[0]) if row else None

    def names(self) -> frozenset[str]:
        """Names that are in landing, were received from it, or are known to be empty answers."""
        above = f"{self._source}/{self._pull}/"
        folder = self._settings.landing / self._source / self._pull
        here = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
        received = {p.removeprefix(above) for p in self._received if p.startswith(above)}
        empty = {name for name, fetched in self.known.items() if not fetched.bytes}
        return frozenset(here | received | empty)

    def is_kept(self, name: str) -> bool:
        """Whether the bytes of that name are still there: in landing, or received from it."""
        fetched = self.known[name]
        if not fetched.bytes:
            return True
        landing = self._settings.landing / self._source / self._pull / name
        archived = self._settings.archive / self._source / fetched.sha256
        return any(p.is_file() and p.stat().st_size == fetched.bytes for p in (landing, archived))
