"""The catalogues, from one version of the code to the next: in place, receipts kept.

A catalogue says its version in SQLite's `user_version`. One of another version is refused
(`check_version`), for older code would misread what newer code wrote, and only the archive's is
ever changed: the lake's is made again. `migrating` does it for a whole warehouse, under the lock.
What the tables mean is `catalog`'s.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pipelines.settings import SettingsError

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


class OtherStore(SettingsError):  # noqa: N818 - a state of the store, not a mistake
    """A catalogue that another version of the code wrote; the message says which."""

    def __init__(self, path: Path, version: int) -> None:
        self.version = version
        if version > VERSION:
            zh, en = "较新", "newer"
            remedy_zh, remedy_en = (
                "请安装写它的版本或更新的版本；它未被改动",
                "install the version that wrote it or a newer one; nothing was changed",
            )
        else:
            zh, en = "较旧", "older"
            remedy_zh, remedy_en = (
                "请运行 juandi migrate（先看：--dry-run）",
                "run `juandi migrate` (`--dry-run` says first what it would do)",
            )
        super().__init__(
            f"{path} 由{zh}的 juandi 写成（版本 {version}，本程序为 {VERSION}）；{remedy_zh} / "
            f"{path} was written by {en} code (version {version}, this is {VERSION}): {remedy_en}"
        )


def version_of(db: sqlite3.Connection) -> int | None:
    """The version of a catalogue; None of one that has no table yet."""
    if db.execute("select 1 from sqlite_master where type = 'table'").fetchone() is None:
        return None
    return int(db.execute("pragma user_version").fetchone()[0])


def check_version(db: sqlite3.Connection, path: Path, *, is_derived: bool) -> None:
    """Raises OtherStore for a catalogue of another version, before anything is written to it.

    One that `is_derived` may be older: since version 0 no table of it has changed its columns, and
    what it holds of a load says by which code it was read. It and a new one become this version's.
    """
    version = version_of(db)
    if version == VERSION:
        return
    if version is not None and (version > VERSION or not is_derived):
        raise OtherStore(path, version)
    db.execute(f"pragma user_version = {VERSION}")  # a new one has it before it has tables


def upgrade(db: sqlite3.Connection) -> None:
    """Brings a catalogue of any earlier version to this one, whole or not at all."""
    before = version_of(db) or 0
    if before >= VERSION:
        return
    db.execute("begin immediate")
    try:
        if before < 1:
            _receipts_become_events(db)
        _decisions_name_who_decided(db)
        db.execute(f"pragma user_version = {VERSION}")
        db.execute("commit")
    except BaseException:  # also when it is interrupted: whole or not at all
        db.execute("rollback")
        raise


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
