"""The tables of both catalogues, and how each shows that its contents have changed.

A catalogue's `state` is a word that is drawn again at every change of what decides which files
stand. It is random and not a count, so that a catalogue restored from a backup never gets a word
that it had with other contents: the same word, the same contents. What is asked of the tables is
`catalog`'s.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from pipelines.stages.store.migration import RECEIPTS

ARCHIVE = f"""
{RECEIPTS};
create index if not exists receipts_by_path on receipts (landing_path);
create index if not exists receipts_by_bytes on receipts (source, sha256);
create table if not exists seen (
    landing_path text primary key, bytes integer not null, mtime_ns integer not null
);
create table if not exists unread (
    landing_path text primary key, reason text not null, is_passing integer not null,
    first_seen_at text not null
);
create table if not exists unpulled (
    pull text not null, name text not null, source text not null, place text not null,
    rule_id text not null, detail text not null, since text not null, last_well text,
    primary key (pull, name)
);
create table if not exists archived (
    source text not null, sha256 text not null, bytes integer not null, mtime_ns integer not null,
    ctime_ns integer not null, primary key (source, sha256)
);
create table if not exists marks (name text primary key, value text not null);
create table if not exists decisions (
    quarantine_id text primary key, state text not null, reason text not null,
    decided_at text not null, decided_by text not null default ''
);
create table if not exists corrections (
    quarantine_id text primary key, source text not null, file_id text not null,
    changes text not null, reason text not null, decided_by text not null,
    decided_at text not null, handed_in text not null
);
create table if not exists file_decisions (
    file_id text primary key, state text not null, reason text not null,
    decided_by text not null, decided_at text not null
);
create table if not exists forgotten (
    entry_no integer primary key autoincrement, mark text not null unique,
    namespace text not null, case_no text not null, ground text not null,
    decided_by text not null, decided_at text not null, under_key text not null,
    lines integer not null, fen integer not null, release_no integer not null,
    lets_releases_go integer not null
);
create table if not exists verdicts (
    received_no integer primary key, source text not null, file_id text not null,
    status text not null, other_no integer, outcome text not null
);
create table if not exists let_go (
    received_no integer not null, zone text not null, bytes integer not null,
    let_go_at text not null, rule text not null, is_done integer not null,
    primary key (received_no, zone)
);
create index if not exists let_go_under_way on let_go (received_no) where is_done = 0;
create table if not exists state (word text not null);
"""
LAKE = """
create table if not exists loads (
    received_no integer primary key, code_version text not null, outcome text not null
);
create index if not exists loads_by_code on loads (code_version);
create table if not exists answers (
    source text not null, question text not null, answer text not null,
    primary key (source, question)
);
create table if not exists parts (
    received_no integer not null, zone text not null, name text not null, bytes integer not null,
    mtime_ns integer not null, ctime_ns integer not null, sha256 text not null,
    primary key (received_no, zone, name)
);
create table if not exists looked_through (
    received_no integer primary key, entry_no integer not null
);
create table if not exists archive_faults (
    received_no integer primary key, fault text not null, found_at text not null
);
create table if not exists state (word text not null);
create table if not exists settled (state text primary key, inputs_hash text not null);
"""
#: Tables whose changes may let other files stand, or lead to another release.
ARCHIVE_INPUTS = (
    *("receipts", "decisions", "corrections", "file_decisions", "unread", "unpulled", "forgotten"),
    "verdicts",
)
LAKE_INPUTS = ("loads", "archive_faults")

_WORD = "hex(randomblob(16))"


def tell_changes(db: sqlite3.Connection, tables: Iterable[str]) -> None:
    """Ensures that every change of `tables`, by whatever statement, draws another word."""
    if db.execute("select count(*) from state").fetchone() != (1,):
        db.execute("delete from state")
        db.execute(f"insert into state values ({_WORD})")
        db.commit()
    for table in tables:
        for event in ("insert", "update", "delete"):
            db.execute(
                f"create trigger if not exists state_{event}_{table} after {event} on {table}"
                f" begin update state set word = {_WORD}; end"
            )


def draw(db: sqlite3.Connection) -> None:
    """Another word, whatever has changed."""
    db.execute(f"update state set word = {_WORD}")


def state_of(db: sqlite3.Connection) -> str:
    """The word for what the catalogue holds."""
    (word,) = db.execute("select word from state").fetchone()
    return str(word)
