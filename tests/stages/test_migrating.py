"""A catalogue of another version is refused, and an older one brought up by `juandi migrate`."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.cli.console import Exit
from pipelines.publishing.lock import refresh_lock
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.healing import heal
from pipelines.stages.store.migrating import migrate, steps
from pipelines.stages.store.migration import VERSION, OtherStore
from tests.cli.conftest import Juandi, juandi
from tests.stages.landings import Landing, row, table

__all__ = ["juandi"]
GIFTS = "tencent_donations"
#: The catalogue as the first version that published had it.
FIRST = """
create table receipts (
    received_no integer primary key autoincrement,
    source text not null, file_name text not null, landing_path text not null,
    sha256 text not null, bytes integer not null, modified_at text not null,
    first_seen_at text not null, partition text,
    unique (source, landing_path, sha256)
);
create table seen (
    landing_path text primary key, bytes integer not null, mtime_ns integer not null
);
create table decisions (
    quarantine_id text primary key, state text not null, reason text not null,
    decided_at text not null
);
insert into decisions values ('q1', 'waived', 'as tried', '2024-08-03T00:00:00+08:00');
"""


@pytest.fixture
def first(tmp_path: Path) -> Landing:
    """A warehouse with one file, whose archive has the first catalogue and no journal."""
    landing = Landing(tmp_path)
    landing.put(f"{GIFTS}/a_20240801.csv", table([row(GIFTS)]))
    landing.load()
    catalog = Catalog(landing.settings)
    columns = "received_no, source, file_name, landing_path, sha256, bytes, modified_at,"
    columns += " first_seen_at, partition"
    with closing(sqlite3.connect(catalog.archive_file)) as now:
        rows = now.execute(f"select {columns} from receipts").fetchall()
    catalog.archive_file.unlink()
    catalog.journal.unlink()
    with closing(sqlite3.connect(catalog.archive_file)) as old, old:
        old.executescript(FIRST)
        old.executemany(f"insert into receipts values ({','.join('?' * 9)})", rows)
    return landing


def _bytes(landing: Landing) -> dict[str, bytes]:
    home = landing.settings.warehouse
    return {p.name: p.read_bytes() for p in (home / "archive").iterdir() if p.is_file()}


@pytest.mark.parametrize(
    "arguments",
    [("refresh",), ("files", "list"), ("doctor",), ("doctor", "--repair")],
    ids=" ".join,
)
def test_an_older_store_is_refused(
    first: Landing, juandi: Juandi, arguments: tuple[str, ...]
) -> None:
    """With status 2 and what to do; nothing of it is touched."""
    before = _bytes(first)
    done = juandi(*arguments, JUANDI_WAREHOUSE=str(first.settings.warehouse),
                  JUANDI_LANDING=str(first.settings.landing))  # fmt: skip # one call
    assert done.returncode == Exit.USAGE, done.stderr
    said = done.stdout + done.stderr
    # however the table of doctor wraps it, which depends on the length of the paths in it
    assert f"version0,thisis{VERSION}" in re.sub(r"[\s│]", "", said)
    assert "juandi migrate" in said
    assert "Traceback" not in said
    assert _bytes(first) == before


def test_migrate(first: Landing, juandi: Juandi) -> None:
    """Said first, done once, and nothing is left to do; receipts and decisions stay."""
    home = str(first.settings.warehouse)
    before = _bytes(first)
    dry = json.loads(juandi("migrate", "--dry-run", "--json", JUANDI_WAREHOUSE=home).stdout)
    assert {s["part"]: s["by"] for s in dry["steps"]}["archive/catalog.sqlite"] == "migrate"
    assert _bytes(first) == before
    done = juandi("migrate", JUANDI_WAREHOUSE=home)
    assert done.returncode == 0, done.stderr
    assert "nothing to do" in juandi("migrate", JUANDI_WAREHOUSE=home).stderr
    catalog = Catalog(first.settings)
    assert [r.file_name for r in catalog.receipts()] == ["a_20240801.csv"]
    assert catalog.row_decisions()["q1"].state == "waived"
    assert catalog.journal.exists()
    copy = catalog.archive_file.with_name("catalog.sqlite.version-0")
    with closing(sqlite3.connect(copy)) as old:
        assert old.execute("pragma user_version").fetchone() == (0,)
        assert old.execute("select count(*) from receipts").fetchone() == (1,)
    first.put(f"{GIFTS}/b_20240802.csv", table([row(GIFTS, 订单号="10000000000000000002")]))
    assert [a.status for a in first.load()] == ["loaded", "loaded"]


def test_killed_at_any_statement(first: Landing) -> None:
    """It is as it was or as it is to be, and running it again ends well."""
    program = (
        "import os, signal, sqlite3, sys\n"
        "from pathlib import Path\n"
        "from pipelines.settings import load_settings\n"
        "from pipelines.stages.store import migrating, migration\n"
        "name, plain = sys.argv[2], getattr(migration, sys.argv[2])\n"
        "def die(*given):\n"
        "    plain(*given)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "setattr(migration, name, die)\n"
        "if name == 'upgrade': migrating.upgrade = die\n"
        "migrating.migrate(load_settings(sys.argv[1]), print)\n"
    )
    for name in ("_receipts_become_events", "_decisions_name_who_decided", "upgrade"):
        killed = subprocess.run(
            [sys.executable, "-c", program, str(first.settings.warehouse), name],
            env={k: v for k, v in os.environ.items() if not k.startswith("JUANDI_")},
            check=False, timeout=60, capture_output=True,
        )  # fmt: skip # one call
        assert killed.returncode == -9, killed.stderr
        with closing(sqlite3.connect(Catalog(first.settings).archive_file)) as db:
            (version,) = db.execute("pragma user_version").fetchone()
            assert version == (VERSION if name == "upgrade" else 0)
            assert db.execute("select count(*) from receipts").fetchone() == (1,)
    migrate(first.settings, lambda step: None)
    assert not [step for step in steps(first.settings) if step.by]
    assert len(Catalog(first.settings).receipts()) == 1
    assert Catalog(first.settings).journal.exists()  # whoever opens it next writes a missing one


def test_a_newer_store_is_refused(first: Landing, juandi: Juandi) -> None:
    """By every command, migrate too."""
    file = Catalog(first.settings).archive_file
    with closing(sqlite3.connect(file)) as db, db:
        db.execute(f"pragma user_version = {VERSION + 1}")
    with pytest.raises(OtherStore, match="newer"):
        Catalog(first.settings).receipts()
    done = juandi("migrate", JUANDI_WAREHOUSE=str(first.settings.warehouse))
    assert done.returncode == Exit.USAGE
    assert "written by newer code" in done.stderr


def test_migrate_waits_for_no_refresh(first: Landing, juandi: Juandi) -> None:
    """One at a time: status 3."""
    with refresh_lock(first.settings):
        done = juandi("migrate", JUANDI_WAREHOUSE=str(first.settings.warehouse))
    assert done.returncode == Exit.RUNNING


def test_a_lake_of_before_parts_were_noted(first: Landing) -> None:
    """It is read again, and told in one sentence as what it is: older, not damaged."""
    migrate(first.settings, lambda step: None)
    with closing(sqlite3.connect(Catalog(first.settings).lake_file)) as db, db:
        db.execute("delete from parts")
    healed = heal(first.settings)
    (sentence,) = healed.sentences()
    assert "1 files in the lake were written by older code" in sentence
    assert [a.status for a in first.load()] == ["loaded"]
    assert heal(first.settings).sentences() == []
