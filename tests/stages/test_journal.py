"""The archive's catalogue can be made again without it: receipts, what was seen, decisions."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import BEIJING, SettingsError
from pipelines.stages.load.keys import held_key, take_new_key
from pipelines.stages.receive.pull import pull
from pipelines.stages.store import catalog as cataloguing
from pipelines.stages.store.catalog import Catalog, CatalogDamaged
from pipelines.stages.store.healing import heal
from pipelines.stages.store.journal import read_journal
from pipelines.stages.store.restoring import (
    archive_troubles,
    catalogue_trouble,
    journal_trouble,
    lake_troubles,
    repair,
)
from tests.stages.landings import Landing, row, table

GIFTS = "tencent_donations"


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """Three files received and loaded, two decisions, one of them changed."""
    made = Landing(tmp_path)
    for day in (2, 3, 4):
        rows = [row(GIFTS, 订单号=f"{10**19 + day}", 捐款人昵称='引号"与\n换行')]
        made.put(f"{GIFTS}/gifts_2024080{day}.csv", table(rows))
    made.load()
    now = datetime(2024, 8, 5, tzinfo=BEIJING)
    for file, reason in (("a::1", "测试 one"), ("b::2", "two"), ("a::1", "changed")):
        Catalog(made.settings).decide(file, "waived", reason, now)
    return made


def _content(landing: Landing) -> dict[str, list[Any]]:
    with Catalog(landing.settings).archive() as db:
        return {
            name: db.execute(f"select * from {name} order by 1").fetchall()
            for name in ("receipts", "seen", "decisions", "marks")
        }


def _spoil(path: Path) -> None:
    path.write_bytes(b"\xff" * path.stat().st_size)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [_spoil, Path.unlink, _empty], ids=["garbage", "missing", "0"])
def test_it_is_made_again(landing: Landing, damage: Any) -> None:
    """The same rows under the same numbers; nothing is received twice, nothing read again."""
    before, accounts = _content(landing), landing.accounts()
    damage(Catalog(landing.settings).archive_file)
    with pytest.raises(CatalogDamaged, match="--repair"):
        heal(landing.settings)
    assert catalogue_trouble(landing.settings)
    done = repair(landing.settings)
    assert done.damaged_lines == 0
    assert (done.aside is None) == (damage is Path.unlink)
    assert _content(landing) == before
    assert catalogue_trouble(landing.settings) is None
    assert not pull(landing.settings).new
    assert heal(landing.settings).sentences() == []
    assert landing.accounts() == accounts
    # the next receipt goes on counting
    landing.put(f"{GIFTS}/gifts_20240805.csv", table([row(GIFTS, 订单号=f"{10**19 + 5}")]))
    (receipt,) = pull(landing.settings).new
    assert receipt.received_no > max(r[0] for r in before["receipts"])
    # and so it can be made again once more
    _spoil(Catalog(landing.settings).archive_file)
    repair(landing.settings)
    assert len(_content(landing)["receipts"]) == 4


def test_a_statement_of_any_kind_on_any_table(landing: Landing) -> None:
    """Deleted, changed and replaced rows, and tables and columns that come later."""
    with Catalog(landing.settings).archive() as db:
        db.execute("delete from decisions where quarantine_id = 'b::2'")
        db.execute("update receipts set file_name = 'other.csv' where received_no = 2")
        db.execute("create table choices (file text primary key, choice text)")
        db.execute("alter table marks add column note text")
    with Catalog(landing.settings).archive() as db:
        db.execute("insert into choices values ('x', 'accept'), ('y', 'accept')")
        db.execute("insert or replace into choices values ('x', 'reject')")
        db.execute("update marks set note = 'seen'")
    before = _content(landing)
    told = read_journal(Catalog(landing.settings).journal)
    choices = {r["file"]: r["choice"] for r in told.rows["choices"].values()}
    assert choices["x"] == "reject"
    assert [r["note"] for r in told.rows["marks"].values()] == ["seen"]
    Catalog(landing.settings).archive_file.unlink()
    repair(landing.settings)
    after = _content(landing)
    assert after["receipts"] == before["receipts"]
    assert after["decisions"] == before["decisions"]


def test_a_journal_that_was_torn(landing: Landing) -> None:
    """A half line at the end, as of a full disk: the rest counts, and the next line is whole."""
    journal = Catalog(landing.settings).journal
    with journal.open("ab") as file:
        file.write(b'1234abcd {"table": "rec')
    assert read_journal(journal).damaged == 1
    now = datetime(2024, 8, 6, tzinfo=BEIJING)
    Catalog(landing.settings).decide("c::3", "waived", "three", now)
    before = _content(landing)
    _spoil(Catalog(landing.settings).archive_file)
    assert repair(landing.settings).damaged_lines == 1
    assert _content(landing) == before


def test_a_crash_between_catalogue_and_journal(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was committed and not yet told is told with the next change."""

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    now = datetime(2024, 8, 6, tzinfo=BEIJING)
    with monkeypatch.context() as patched:
        patched.setattr(cataloguing, "drain", full)
        with pytest.raises(OSError, match="No space"):
            Catalog(landing.settings).decide("c::3", "waived", "three", now)
    before = _content(landing)
    assert ("c::3", "waived", "three") in [d[:3] for d in before["decisions"]]
    Catalog(landing.settings).archive_file.unlink()
    repair(landing.settings)
    assert _content(landing) == before


def test_a_warehouse_from_before_the_journal(landing: Landing) -> None:
    """Without a journal, or with a damaged one, it is written whole."""
    journal = Catalog(landing.settings).journal
    before = _content(landing)
    journal.unlink()
    assert _content(landing) == before
    assert journal.exists()
    data = bytearray(journal.read_bytes())
    data[40] ^= 1
    journal.write_bytes(data)
    assert journal_trouble(landing.settings)
    repair(landing.settings)
    assert journal_trouble(landing.settings) is None
    Catalog(landing.settings).archive_file.unlink()
    repair(landing.settings)
    assert _content(landing) == before


def test_it_does_not_grow_by_nights(landing: Landing) -> None:
    """A night with nothing new writes no line."""
    journal = Catalog(landing.settings).journal
    size = journal.stat().st_size
    for _ in range(3):
        pull(landing.settings)
        heal(landing.settings)
        landing.load()
    assert journal.stat().st_size == size


def test_neither_catalogue_nor_journal(landing: Landing) -> None:
    """Files without receipts are not taken for an empty archive."""
    catalog = Catalog(landing.settings)
    catalog.archive_file.unlink()
    catalog.journal.unlink()
    with pytest.raises(CatalogDamaged):
        pull(landing.settings)
    with pytest.raises(FileNotFoundError):
        repair(landing.settings)


def test_every_byte_is_looked_at(landing: Landing) -> None:
    """A byte that rotted without the system's knowledge: no time tells, the hash does."""
    catalog = Catalog(landing.settings)
    assert archive_troubles(landing.settings) == lake_troubles(landing.settings) == []
    part = next(landing.settings.lake.rglob("*.parquet"))
    kept = landing.settings.archive / GIFTS / catalog.receipts()[1].sha256
    kept.chmod(0o644)
    for path in (part, kept):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    with catalog.lake() as db:  # as if nothing had happened to it
        told = part.stat()
        db.execute(
            "update parts set mtime_ns = ?, ctime_ns = ? where name = ? and bytes = ?",
            (told.st_mtime_ns, told.st_ctime_ns, part.name, told.st_size),
        )
    assert [f for _, f in archive_troubles(landing.settings)] == ["altered"]
    assert [f for _, f in lake_troubles(landing.settings)] == ["altered"]


def test_the_key_stays_the_same(landing: Landing) -> None:
    """Lost or another one: said, and none is made in its place; a new one only on request."""
    settings = landing.settings
    key = held_key(settings)
    file = next(settings.secrets.iterdir())
    file.rename(file.with_suffix(".aside"))
    with pytest.raises(SettingsError, match="--new-key"):
        held_key(settings)
    landing.put(f"{GIFTS}/gifts_20240806.csv", table([row(GIFTS, 订单号=f"{10**19 + 6}")]))
    with pytest.raises(SettingsError, match="--new-key"):
        landing.load()
    assert not file.exists()
    file.write_text("x" * 64)
    with pytest.raises(SettingsError, match="--new-key"):
        held_key(settings)
    file.with_suffix(".aside").rename(file)
    assert held_key(settings) == key
    file.unlink()
    take_new_key(settings)
    assert held_key(settings) != key
    assert key not in Catalog(settings).journal.read_text()
    with sqlite3.connect(Catalog(settings).archive_file) as db:
        assert key not in "".join(db.iterdump())


def test_rows_from_before_keys_left_a_mark(landing: Landing) -> None:
    """They are pseudonyms under some key: without one, none is made."""
    with Catalog(landing.settings).archive() as db:
        db.execute("delete from marks")
    key = held_key(landing.settings)
    with Catalog(landing.settings).archive() as db:
        db.execute("delete from marks")
    next(landing.settings.secrets.iterdir()).unlink()
    with pytest.raises(SettingsError, match="--new-key"):
        held_key(landing.settings)
    assert key


def test_two_at_a_time_lose_nothing(landing: Landing) -> None:
    """Whoever drains the outbox takes out of it only what they have written, in its order."""
    now = datetime(2024, 8, 5, tzinfo=BEIJING)

    def decide(who: int) -> None:
        for number in range(8):
            Catalog(landing.settings).decide(f"{who}::{number}", "waived", "many", now)
            Catalog(landing.settings).decide("all::1", "waived", f"{who} {number}", now)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(decide, range(4)))
    before = Catalog(landing.settings).row_decisions()
    assert journal_trouble(landing.settings) is None
    _spoil(Catalog(landing.settings).archive_file)
    repair(landing.settings)
    assert Catalog(landing.settings).row_decisions() == before


def test_a_journal_that_lacks_rows_is_noticed_and_written_again(landing: Landing) -> None:
    """It is whole as far as it goes; only the catalogue knows that it does not go far enough."""
    journal = Catalog(landing.settings).journal
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(line for line in lines if b"gifts_20240803" not in line))
    assert "rows are not in it" in str(journal_trouble(landing.settings))
    before = _content(landing)
    repair(landing.settings)
    assert journal_trouble(landing.settings) is None
    assert _content(landing) == before
