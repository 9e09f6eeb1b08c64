"""The archive's catalogue, from one version of the code to the next: in place, receipts kept.

A catalogue says its version in SQLite's `user_version`. What its tables mean is `catalog`'s.
"""

from __future__ import annotations

import sqlite3

#: 1: a receipt is an event; before, the same bytes were received once at a path.
#: 2: a decision on a row says who took it.
VERSION = 2

RECEIPTS = """
create table if not exists receipts (
    received_no integer primary key autoincrement,
    source text not null, file_name text not null, landing_path text not null,
    sha256 text not null, bytes integer not null, modified_at text not null,
    first_seen_at text not null, partition text
)
"""
_COLUMNS = (
    "received_no, source, file_name, landing_path, sha256, bytes, modified_at, first_seen_at,"
    " partition"
)


def upgrade(db: sqlite3.Connection) -> None:
    """Brings a catalogue of any earlier version to this one, whole or not at all."""
    if _version(db) >= VERSION:
        return
    db.execute("begin immediate")
    try:
        if _version(db) < 1:  # another process may have been quicker
            _receipts_become_events(db)
        if _version(db) < VERSION:
            _decisions_name_who_decided(db)
            db.execute(f"pragma user_version = {VERSION}")
        db.execute("commit")
    except BaseException:  # also when it is interrupted: whole or not at all
        db.execute("rollback")
        raise


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("pragma user_version").fetchone()[0])


def _receipts_become_events(db: sqlite3.Connection) -> None:
    db.execute("alter table receipts rename to receipts_before")
    db.execute(RECEIPTS)
    db.execute(
        f"insert into receipts ({_COLUMNS})"
        f" select {_COLUMNS} from receipts_before order by received_no"
    )
    db.execute("drop table receipts_before")
    db.execute("create index if not exists receipts_by_path on receipts (landing_path)")
    # Bytes that came back at a path were taken for a file that was only touched: where several
    # files came at one path, what lies there now is looked at again.
    db.execute(
        "delete from seen where landing_path in"
        " (select landing_path from receipts group by landing_path having count(*) > 1)"
    )


def _decisions_name_who_decided(db: sqlite3.Connection) -> None:
    columns = {row[1] for row in db.execute("pragma table_info(decisions)")}
    if "decided_by" not in columns:  # one just made has it
        db.execute("alter table decisions add column decided_by text not null default ''")
