"""A copy of the archive's catalogue, as lines of text that can be read without it.

Every change of its tables is appended to `archive/receipts.jsonl`, so that receipts and decisions
outlive a damaged catalogue. Triggers write changes to an outbox in the same transaction, whatever
the statement and the table; after the commit they go to the file, and what a crash left in the
outbox goes with the next. A line is a checksum and a JSON object, so that a torn line is noticed.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

JOURNAL = "receipts.jsonl"
_OUTBOX = "journal_outbox"
#: Made again by the next night, or by the next change.
_DERIVED = frozenset({"unread", "unpulled", "archived", "state"})
#: Journal → SQLite's number of the schema that is watched for it: it grows with every table, column
#: and trigger, and a catalogue just made has a smaller one.
_watched: dict[Path, int] = {}


def _tables(db: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    """Every table that is kept, with its columns."""
    names = db.execute("select name from sqlite_master where type = 'table'").fetchall()
    for (name,) in names:
        if name not in _DERIVED and name != _OUTBOX and not name.startswith("sqlite_"):
            yield name, [row[1] for row in db.execute(f'pragma table_info("{name}")')]


def _line(table: str, columns: list[str], row: str) -> str:
    """SQL for the line that says what a row of `table` is now."""
    pairs = ", ".join(f"'{c}', {row}\"{c}\"" for c in columns)
    return f"json_object('table', '{table}', 'rowid', {row}rowid, 'row', json_object({pairs}))"


def watch(db: sqlite3.Connection, file: Path) -> None:
    """Ensures that every change of every table reaches the outbox; of a new table, all rows."""
    (version,) = db.execute("pragma schema_version").fetchone()
    if _watched.get(file) == version and file.exists():
        return
    db.execute(
        f"create table if not exists {_OUTBOX} (number integer primary key, line text not null)"
    )
    found = db.execute("select name, tbl_name from sqlite_master where type = 'trigger'").fetchall()
    has = {name: table for name, table in found if name.startswith("journal_")}
    wanted: dict[str, str] = {}
    fresh: set[str] = set() if file.exists() else {name for name, _ in _tables(db)}
    for table, columns in _tables(db):
        mark = f"{zlib.crc32(','.join(columns).encode()):08x}"
        put = f"insert into {_OUTBOX} (line) values ({_line(table, columns, 'new.')})"
        gone = (
            f"insert into {_OUTBOX} (line) values"
            f" (json_object('table', '{table}', 'rowid', old.rowid, 'row', null))"
        )
        for event, act in (("insert", put), ("update", put), ("delete", gone)):
            name = f"journal_{event}_{table}_{mark}"
            wanted[name] = f'create trigger {name} after {event} on "{table}" begin {act}; end'
            if name not in has:
                fresh.add(table)
    for name in has.keys() - wanted.keys():
        db.execute(f"drop trigger {name}")
    for name in wanted.keys() - has.keys():
        db.execute(wanted[name])
    for table, columns in _tables(db):
        if table in fresh:
            row = _line(table, columns, f'"{table}".')
            db.execute(f'insert into {_OUTBOX} (line) select {row} from "{table}" order by rowid')
    (_watched[file],) = db.execute("pragma schema_version").fetchone()


def drain(db: sqlite3.Connection, file: Path) -> None:
    """Appends what waits in the outbox to the journal, onto the disk. Raises OSError.

    Nobody else writes meanwhile: two at a time would mix up the order of a row's states, and take
    out of the outbox what the other had just put there.
    """
    if db.execute(f"select 1 from {_OUTBOX} limit 1").fetchone() is None:
        return
    db.execute("begin immediate")
    try:
        waiting = db.execute(f"select line from {_OUTBOX} order by number").fetchall()
        with file.open("a+b") as journal:
            if journal.seek(0, os.SEEK_END) and not _ends_whole(journal):
                journal.write(b"\n")
            journal.write(b"".join(_sealed(line) for (line,) in waiting))
            journal.flush()
            os.fsync(journal.fileno())
        db.execute(f"delete from {_OUTBOX}")
        db.commit()
    except BaseException:
        db.rollback()
        raise


def lacking(db: sqlite3.Connection, journal: JournalRows) -> int:
    """How many rows of the catalogue the journal does not know."""
    return sum(
        len({rowid for (rowid,) in db.execute(f'select rowid from "{table}"')}
            - journal.rows.get(table, {}).keys())
        for table, _ in _tables(db)
    )  # fmt: skip # a sum


def _ends_whole(journal: Any) -> bool:
    journal.seek(-1, os.SEEK_END)
    return bool(journal.read(1) == b"\n")


def _sealed(line: str) -> bytes:
    data = line.encode()
    return f"{zlib.crc32(data):08x} ".encode() + data + b"\n"


@dataclass
class JournalRows:
    """What a journal holds: the latest rows of each table, and the number of unreadable lines."""

    rows: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    damaged: int = 0


def read_journal(file: Path) -> JournalRows:
    """The rows that the lines lead to. Raises OSError."""
    journal = JournalRows()
    for sealed in file.read_bytes().split(b"\n"):
        if not sealed:
            continue
        checksum, _, data = sealed.partition(b" ")
        try:
            is_whole = int(checksum, 16) == zlib.crc32(data)
            change = json.loads(data) if is_whole else None
        except ValueError:
            change = None
        if change is None:
            journal.damaged += 1
            continue
        rows = journal.rows.setdefault(change["table"], {})
        rows.pop(change["rowid"], None)
        if change["row"] is not None:
            rows[change["rowid"]] = change["row"]
    return journal


def restore(db: sqlite3.Connection, journal: JournalRows) -> int:
    """Fills the empty tables of `db` with a journal's rows, without columns that no longer exist.

    Returns the number of rows.
    """
    count = 0
    for table, columns in list(_tables(db)):
        for rowid, row in journal.rows.get(table, {}).items():
            known = {c: v for c, v in row.items() if c in columns}
            names = ", ".join(f'"{c}"' for c in known)
            marks = ", ".join("?" * len(known))
            # a row that replaced another came later, and does so again
            db.execute(
                f'insert or replace into "{table}" (rowid, {names}) values (?, {marks})',
                (rowid, *known.values()),
            )
            count += 1
    return count
