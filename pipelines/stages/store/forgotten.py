"""Who asked to be forgotten, as entries that name nobody: in the archive's catalogue and journal.

An entry holds a keyed mark of a pseudonym (`load.forgotten`), a case number and counts. Entries are
only ever added. Beside each load the lake's catalogue notes up to which entry its rows were held
against them, so that a night looks through a part once for each new entry, and never otherwise.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.settings import Settings
from pipelines.stages.store.catalog import Catalog

_COLUMNS = (
    "mark, namespace, case_no, ground, decided_by, decided_at, under_key, lines, fen, release_no,"
    " lets_releases_go"
)


@dataclass(frozen=True)
class ForgottenEntry:
    """One pseudonym of one person. `lines` and `fen` are what was found under it when it was kept.

    `under_key` is the mark of the pseudonym key, `release_no` the newest release there was: it and
    all before it hold the person. An entry without a mark says that a case of an earlier key can no
    longer be named.
    """

    mark: str
    namespace: str
    case_no: str
    ground: str
    decided_by: str
    decided_at: str
    under_key: str
    lines: int = 0
    fen: int = 0
    release_no: int = 0
    lets_releases_go: bool = False
    entry_no: int = 0


def entries(catalog: Catalog) -> list[ForgottenEntry]:
    """All that were kept, oldest first."""
    with catalog.archive() as db:
        return _read(db)


def entries_unwritten(settings: Settings) -> list[ForgottenEntry] | None:
    """The same for who only reads; None where it cannot be told."""
    path = Catalog(settings).archive_file
    if not path.exists():
        return None
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=60)
        try:
            has_table = "select 1 from sqlite_master where type = 'table' and name = 'forgotten'"
            return _read(db) if db.execute(has_table).fetchone() else []
        finally:
            db.close()
    except sqlite3.Error:
        return None


def _read(db: sqlite3.Connection) -> list[ForgottenEntry]:
    rows = db.execute(f"select {_COLUMNS}, entry_no from forgotten order by entry_no").fetchall()
    return [
        ForgottenEntry(
            mark, namespace, case_no, ground, by, at, key, lines, fen, release_no, bool(goes), no
        )
        for (mark, namespace, case_no, ground, by, at, key, lines, fen, release_no, goes, no)
        in rows
    ]  # fmt: skip # a row


def keep(catalog: Catalog, new: Sequence[ForgottenEntry]) -> None:
    """Adds entries, all or none. Raises sqlite3.IntegrityError for a mark that is there already."""
    with catalog.archive() as db:
        db.executemany(
            f"insert into forgotten ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    e.mark, e.namespace, e.case_no, e.ground, e.decided_by, e.decided_at,
                    e.under_key, e.lines, e.fen, e.release_no, int(e.lets_releases_go),
                )
                for e in new
            ],
        )  # fmt: skip # a row


def last_entry(catalog: Catalog) -> int:
    """The number of the last entry; 0 if there is none."""
    with catalog.archive() as db:
        (last,) = db.execute("select coalesce(max(entry_no), 0) from forgotten").fetchone()
    return int(last)


def not_looked_through(catalog: Catalog, up_to: int) -> dict[int, int]:
    """received_no → the last entry that its load was held against, of those that lack later ones
    up to this one."""
    with catalog.lake() as db:
        rows = db.execute(
            "select received_no, coalesce(looked_through.entry_no, 0) as seen"
            " from loads left join looked_through using (received_no) where seen < ?",
            (up_to,),
        ).fetchall()
    return dict(rows)


def note_looked_through(catalog: Catalog, numbers: Iterable[int], up_to: int) -> None:
    """Notes that these loads hold nobody of the entries up to this one."""
    with catalog.lake() as db:
        db.executemany(
            "insert or replace into looked_through values (?, ?)", [(n, up_to) for n in numbers]
        )
