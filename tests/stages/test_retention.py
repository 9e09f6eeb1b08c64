"""What may be let go of received files: old, counting nowhere, and nothing resting on it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publishing.releases import kept_file
from pipelines.settings import BEIJING, PROJECT_ROOT, Settings
from pipelines.stages.build.inputs import inputs_of
from pipelines.stages.build.ops import let_go_records
from pipelines.stages.build.restatements import compare
from pipelines.stages.load.due import pending
from pipelines.stages.receive.pull import archived
from pipelines.stages.retain.retain import apply, plan
from pipelines.stages.standing.resolve import resolve
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.healing import heal
from pipelines.stages.store.let_go import all_let_go, unfinished
from pipelines.stages.store.receipts import Outcome
from pipelines.stages.store.restoring import archive_troubles, journal_trouble, lake_troubles
from pipelines.stages.store.zones import code_version, lake_folder, quarantine_folder
from pipelines.tracing.archive import KeptBytes, kept
from pipelines.tracing.lines import trace_lines
from tests.publishing.releases_by_hand import release, write_release
from tests.stages.landings import Landing
from tests.stages.retained import (
    ARCHIVE,
    DAY,
    GIFTS,
    aged,
    gifts,
    going,
    landing,
    made_once,
    rules,
    state,
)

__all__ = ["landing", "made_once"]


def test_nothing_goes_without_a_rule(landing: Landing) -> None:
    """Bytes of files are kept for ever until somebody says otherwise, in so many words."""
    assert going(landing.settings) == []
    rules(landing.settings, "releases = { keep = 1 }", "runs = { keep = 1 }")
    assert going(landing.settings) == []


def test_by_age_and_by_count(landing: Landing) -> None:
    """Older than the days since it stopped counting, and not among the newest that stay."""
    settings = landing.settings
    rules(settings, "archive = { days = 401 }")
    assert going(settings) == []
    rules(settings, ARCHIVE)
    assert going(settings) == [DAY, DAY, f"{GIFTS}/gifts_20240803.csv"]
    rules(settings, "archive = { keep = 2 }")
    assert going(settings) == [DAY]
    rules(settings, "archive = { days = 401, keep = 1 }")
    assert going(settings) == []
    rules(settings, "archive = { days = 365, keep = 5 }")
    assert going(settings) == []


def test_what_is_shown_changes_nothing(landing: Landing) -> None:
    """A plan says what would go, with its bytes, and leaves every byte and every note."""
    settings = landing.settings
    rules(settings, ARCHIVE)
    files = {p: p.read_bytes() for p in settings.warehouse.rglob("*.parquet")}
    before = state(settings)
    told = plan(settings)
    sizes = [archived(settings, one.standing.receipt).stat().st_size for one in told.files.due]
    assert [one.sizes["archive"] for one in told.files.due] == sizes
    assert told.bytes > sum(sizes)  # the rows in the lake and in quarantine too
    assert {p: p.read_bytes() for p in settings.warehouse.rglob("*.parquet")} == files
    assert state(settings) == before
    assert all_let_go(Catalog(settings)) == []


def test_letting_go(landing: Landing) -> None:
    """The bytes go, the account stays, and nothing takes it for a fault or reads it again."""
    settings = landing.settings
    rules(settings, ARCHIVE)
    before, hashed, accounts = state(settings), inputs_of(settings).hash, landing.accounts()
    gone = [one.standing.receipt for one in apply(settings).files.due]
    assert len(gone) == 3
    assert not any(archived(settings, receipt).exists() for receipt in gone)
    assert not any(quarantine_folder(settings, receipt).exists() for receipt in gone)
    assert len(list(settings.archive.glob(f"{GIFTS}/[0-9a-f]*"))) == 3
    assert state(settings) == before
    assert landing.accounts() == accounts
    assert inputs_of(settings).hash == hashed  # the next night makes no release of it
    assert pending(settings) == []
    assert heal(settings).sentences() == []
    assert archive_troubles(settings) == []
    assert lake_troubles(settings) == []
    assert journal_trouble(settings) is None
    assert unfinished(Catalog(settings)) == []
    assert apply(settings).files.due == []  # and that is all


def test_a_deleted_lake_is_rebuilt_to_the_same(landing: Landing) -> None:
    """Law 3 with what is left of the archive: the same files stand, with the same rows."""
    settings = landing.settings
    rules(settings, ARCHIVE)
    rows = landing.lake(GIFTS).select("order_no", "amount_fen").sort("order_no").rows()
    apply(settings)
    before = state(settings)
    for zone in (settings.lake, settings.quarantine):
        shutil.rmtree(zone)
    heal(settings)
    landing.load()
    assert state(settings) == before
    assert landing.lake(GIFTS).select("order_no", "amount_fen").sort("order_no").rows() == rows
    assert pending(settings) == []


def test_a_restored_catalogue_knows(landing: Landing) -> None:
    """What was let go is in the journal as well."""
    from pipelines.stages.store.restoring import repair

    settings = landing.settings
    rules(settings, ARCHIVE)
    apply(settings)
    catalog = Catalog(settings)
    before, told = state(settings), all_let_go(catalog)
    catalog.archive_file.write_bytes(b"damaged")
    repair(settings)
    assert all_let_go(catalog) == told
    assert state(settings) == before
    assert heal(settings).archive == []


def test_the_lake_first_and_the_archive_later(landing: Landing) -> None:
    """Rows that can be read again may go sooner; the bytes follow by their own rule."""
    settings = landing.settings
    before = state(settings)
    rules(settings, "lake = { days = 90 }", "archive = { days = 700 }")
    first = apply(settings).files.due
    assert {zone for one in first for zone in one.sizes} == {"lake"}
    assert all(archived(settings, one.standing.receipt).exists() for one in first)
    assert apply(settings).files.due == []
    aged(settings, 400)
    second = apply(settings).files.due
    assert [dict(one.rules)["archive"] for one in second] == ["archive = { days = 700 }"] * 3
    assert not any(archived(settings, one.standing.receipt).exists() for one in second)
    assert state(settings) == before
    told = let_go_records(Catalog(settings), resolve(settings))
    assert {(t.zone, t.retention_rule) for t in told} == {
        ("lake", "lake = { days = 90 }"),
        ("quarantine", "archive = { days = 700 }"),
        ("archive", "archive = { days = 700 }"),
    }


def test_trace_says_when_and_by_which_rule(landing: Landing) -> None:
    """No line is missing without a word, and no line is invented."""
    settings = landing.settings
    account = vars(landing.accounts()[0])
    assert kept(settings, account) is KeptBytes.WHOLE
    rules(settings, ARCHIVE)
    apply(settings)
    assert kept(settings, account) is KeptBytes.LET_GO
    (line,) = trace_lines(settings, None, account, 2, accounts={account["source_file_id"]: account})
    assert line.fate == "superseded"
    assert line.archived is None
    assert line.let_go is not None
    assert line.let_go.rule == ARCHIVE
    assert line.let_go.let_go_at.date() == datetime.now(BEIJING).date()


def test_bytes_that_come_back_are_a_new_receipt(landing: Landing) -> None:
    """The first receipt stays let go; the new one is read, and its bytes are kept."""
    settings = landing.settings
    rules(settings, ARCHIVE)
    apply(settings)
    landing.put(DAY, gifts(1, 2, 3))
    accounts = landing.load()
    assert accounts[0].status == "superseded"
    assert accounts[-1].status == "loaded"
    assert accounts[-1].rows_loaded == 3
    assert archived(settings, Catalog(settings).receipts()[-1]).exists()
    aged(settings, 400)
    apply(settings)
    assert archived(settings, Catalog(settings).receipts()[-1]).exists()
    assert heal(settings).archive == []


def test_what_a_replaced_file_changed_is_still_told(landing: Landing) -> None:
    """Its rows are gone: what the last release told of it is taken over, and not made up."""
    settings = landing.settings
    rules(settings, ARCHIVE)
    first, second = Catalog(settings).receipts()[:2]
    told = {
        "source": GIFTS, "partition": date(2024, 8, 1), "key": "7", "change": "added",
        "old_file_id": first.file_id, "new_file_id": second.file_id,
    }  # fmt: skip # a row
    apply(settings)
    for tables, expected in (({"restatements": [told]}, [("7", "added")]), ({}, [])):
        write_release(settings, release(1), tables)
        with duckdb.connect() as db:
            compare(db, settings, resolve(settings))
            rows = db.execute("select key, change from restated.rows").fetchall()
        assert rows == expected
        kept_file(settings, release(1).release_id).unlink()


def test_killed_between_steps(landing: Landing, tmp_path: Path) -> None:
    """Wherever the process dies: every file stands as it did, nothing is a fault, and the next
    time completes it."""
    settings = landing.settings
    rules(settings, ARCHIVE)
    whole = tmp_path / "whole"
    shutil.copytree(settings.warehouse, whole)
    before = state(settings)
    command = [sys.executable, "-m", "tests.stages.retain_and_die", str(settings.warehouse)]
    with subprocess.Popen(
        command, cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        codes = []
        for step in range(60):
            server.stdin.write(f"{step}\n")
            server.stdin.flush()
            codes.append(int(server.stdout.readline()))
            assert state(settings) == before, step
            assert heal(settings).sentences() == [], step
            assert pending(settings) == [], step
            apply(settings)
            assert unfinished(Catalog(settings)) == []
            assert len(list(settings.archive.glob(f"{GIFTS}/[0-9a-f]*"))) == 3, step
            assert state(settings) == before, step
            assert heal(settings).sentences() == [], step
            if codes[-1] == 0:
                break
            shutil.rmtree(settings.warehouse)
            shutil.copytree(whole, settings.warehouse)
        server.stdin.close()
    assert codes[-1] == 0
    assert len(codes) > 12, "it has fewer steps than it needs"
    assert set(codes[:-1]) == {-9}


def _written(settings: Settings, files: Iterable[tuple[int, str, int, str]]) -> None:
    """Receipts and loads of (number, path, rows, first seen), without any bytes."""
    catalog = Catalog(settings)
    with catalog.archive(create=True) as archive, catalog.lake() as lake:
        for number, path, rows, at in files:
            archive.execute(
                "insert into receipts values (?, ?, ?, ?, ?, 10, ?, ?, '2024-08-01')",
                (number, GIFTS, path.rpartition("/")[2], path, f"{number:064x}", at, at),
            )
            outcome = Outcome(
                date(2024, 8, 1), is_day_stated=True, rows_read=rows, rows_loaded=rows,
                fen_read=number, fen_loaded=number, loaded_at=at,
            )  # fmt: skip # a record
            lake.execute(
                "insert into loads values (?, ?, ?)", (number, code_version(), outcome.to_json())
            )


def test_twenty_thousand_receipts(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Files let go before are not looked at again: a night adds a listing. Seconds are printed."""
    settings = Landing(tmp_path).settings
    rules(settings, ARCHIVE)
    old, new = "2020-01-01T00:00:00+08:00", "2021-01-01T00:00:00+08:00"
    files = [
        (n + 1, f"{GIFTS}/f{n // 2}_20240801.csv", 20, (old, new)[n % 2]) for n in range(20_000)
    ]
    _written(settings, files)
    seconds: dict[str, float] = {}

    def timed(name: str, function: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        found = function()
        seconds[name] = round(time.perf_counter() - began, 2)
        return found

    standings = timed("resolve", lambda: resolve(settings))
    first = timed("first night, 10,000 files go", lambda: apply(settings, standings))
    assert len(first.files.due) == 10_000
    again = timed("resolve after", lambda: resolve(settings))
    assert [(s.receipt.received_no, s.status) for s in again] == [
        (s.receipt.received_no, s.status) for s in standings
    ]
    second = timed("every later night", lambda: apply(settings, again))
    assert second.files.due == []
    assert lake_folder(settings, again[0].receipt, date(2024, 8, 1)).exists() is False
    record_property("seconds", seconds)
    print(seconds)
