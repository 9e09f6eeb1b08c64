"""What was let go of received files: how each stood by then, and which of its bytes are gone.

The one thing about a file's standing that is stored and not derived: without its rows nothing could
derive it again. In the archive's catalogue, so in its journal too, and kept for ever. Whether a
file may be let go is `retain`'s.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.receipts import Outcome

LAKE, QUARANTINE, ARCHIVE = "lake", "quarantine", "archive"
ZONES = (LAKE, QUARANTINE, ARCHIVE)


@dataclass(frozen=True)
class Verdict:
    """How a file stood when the first of its bytes went; `other_no` replaced or repeats it."""

    received_no: int
    source: str
    file_id: str
    status: str
    other_no: int | None
    outcome: Outcome


@dataclass(frozen=True)
class LetGo:
    """A file's bytes in a zone: how many, since when they are gone, and by which rule."""

    received_no: int
    zone: str
    bytes: int
    let_go_at: datetime  # Beijing
    rule: str


def verdicts(catalog: Catalog, source: str | None = None) -> dict[int, Verdict]:
    """received_no → how the file (of a source) stood when it was let go."""
    where, values = ("where source = ?", (source,)) if source else ("", ())
    with catalog.archive() as db:
        rows = db.execute(
            "select received_no, source, file_id, status, other_no, outcome from verdicts"
            f" {where} order by received_no",
            values,
        ).fetchall()
    return {
        number: Verdict(number, of, file_id, status, other_no, Outcome.from_json(outcome))
        for number, of, file_id, status, other_no, outcome in rows
    }


def let_go_in(catalog: Catalog, zone: str) -> set[int]:
    """received_no of the files whose bytes in a zone are gone."""
    with catalog.archive() as db:
        return {n for (n,) in db.execute("select received_no from let_go where zone = ?", (zone,))}


def all_let_go(catalog: Catalog) -> list[LetGo]:
    """Everything that was let go, in order of receipt."""
    with catalog.archive() as db:
        return list(_let_go(db, "order by received_no, zone"))


def let_go_of(catalog: Catalog, file_id: str) -> list[LetGo]:
    """What was let go of one file."""
    with catalog.archive() as db:
        which = "where received_no in (select received_no from verdicts where file_id = ?)"
        return list(_let_go(db, f"{which} order by zone", (file_id,)))


def _let_go(db: sqlite3.Connection, where: str, values: tuple[object, ...] = ()) -> Iterator[LetGo]:
    for number, zone, size, at, rule in db.execute(
        f"select received_no, zone, bytes, let_go_at, rule from let_go {where}", values
    ):
        yield LetGo(number, zone, size, datetime.fromisoformat(at), rule)


def keep_verdicts(catalog: Catalog, files: Iterable[Verdict], gone: Iterable[LetGo]) -> None:
    """Notes all of it, or nothing; until `done` the bytes may still be there."""
    with catalog.archive() as db:
        db.executemany(
            "insert or ignore into verdicts values (?, ?, ?, ?, ?, ?)",
            [
                (f.received_no, f.source, f.file_id, f.status, f.other_no, f.outcome.to_json())
                for f in files
            ],
        )
        db.executemany(
            "insert or ignore into let_go values (?, ?, ?, ?, ?, 0)",
            [
                (g.received_no, g.zone, g.bytes, g.let_go_at.isoformat(timespec="seconds"), g.rule)
                for g in gone
            ],
        )


def unfinished(catalog: Catalog) -> list[tuple[int, str]]:
    """(received_no, zone) of what was noted, and may not have been deleted yet."""
    with catalog.archive() as db:
        return db.execute(
            "select received_no, zone from let_go where is_done = 0 order by received_no, zone"
        ).fetchall()


def done(catalog: Catalog, gone: Iterable[tuple[int, str]]) -> None:
    """Notes that these are deleted, and that their archived bytes need no look any more."""
    with catalog.archive() as db:
        db.executemany("update let_go set is_done = 1 where received_no = ? and zone = ?", gone)
