"""What the page of examples cannot show: catalogues of before, copies, registers, what is asked."""

from __future__ import annotations

import os
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import Settings, load_settings
from pipelines.sources import SOURCES
from pipelines.stages.build import inputs
from pipelines.stages.build.accounts import health
from pipelines.stages.build.findings import file_pairs
from pipelines.stages.load.due import pending
from pipelines.stages.load.load import load_all
from pipelines.stages.receive.pull import pull
from pipelines.stages.standing import likeness
from pipelines.stages.standing.resolve import plain_name, resolve
from pipelines.stages.standing.values import same_plain_name
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.migrating import migrate
from pipelines.stages.store.receipts import FileDecision, Outcome, Receipt
from tests.stages.landings import Landing, row, table

GIFTS = "tencent_donations"
NOTICES = "donation_notices"

#: The archive's catalogue as it was while the same bytes were received once at a path.
BEFORE = """
create table receipts (
    received_no integer primary key autoincrement,
    source text not null, file_name text not null, landing_path text not null,
    sha256 text not null, bytes integer not null, modified_at text not null,
    first_seen_at text not null, partition text, unique (source, landing_path, sha256)
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


def gifts(*numbers: int, **changed: str) -> bytes:
    return table([row(GIFTS, 订单号=f"{10**19 + n}", **changed) for n in numbers])


def statuses(landing: Landing) -> list[str]:
    return [a.status for a in landing.accounts()]


def test_a_catalogue_of_before_is_taken_over_with_its_receipts(tmp_path: Path) -> None:
    """Ids stay, numbers go on, and bytes that had come back unseen are received at last."""
    landing = Landing(tmp_path)
    path = landing.put(f"{GIFTS}/a_20240801.csv", gifts(1))
    landing.put(f"{GIFTS}/b_20240801.csv", gifts(7))
    landing.load()
    landing.put(f"{GIFTS}/a_20240801.csv", gifts(2))
    landing.load()
    settings, catalog = landing.settings, Catalog(landing.settings)
    before, file = catalog.receipts(), settings.archive / "catalog.sqlite"
    rows = sqlite3.connect(file).execute("select * from receipts").fetchall()
    landing.put(f"{GIFTS}/a_20240801.csv", gifts(1))  # seen, and taken for a touch, in its time
    state = path.stat()
    seen = [("b_20240801.csv", 1, 1), (f"{GIFTS}/a_20240801.csv", state.st_size, state.st_mtime_ns)]
    file.unlink()
    with sqlite3.connect(file) as old:
        old.executescript(BEFORE)
        old.executemany(f"insert into receipts values ({','.join('?' * 9)})", rows)
        old.executemany("insert into seen values (?, ?, ?)", seen)
    migrate(settings, lambda step: None)
    assert catalog.receipts() == before
    assert catalog.decisions() == {"q1": ("waived", "as tried")}
    (new,) = pull(settings).new
    assert (new.received_no, new.ordinal, new.sha256) == (4, 1, before[0].sha256)
    load_all(settings)
    assert statuses(landing) == ["superseded", "loaded", "superseded", "loaded"]
    assert catalog.receipts()[-1] == new


def test_a_catalogue_is_taken_over_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.stages.store import migration

    settings = load_settings(tmp_path / "w", tmp_path / "l", env={})
    settings.archive.mkdir(parents=True)
    file = settings.archive / "catalog.sqlite"
    with sqlite3.connect(file) as old:
        old.executescript(BEFORE)
        old.execute("insert into receipts values (5, 's', 'a', 's/a', 'x', 1, 'm', 'f', null)")
    with pytest.raises(migration.OtherStore, match="juandi migrate"):
        Catalog(settings).receipts()
    monkeypatch.setattr(migration, "RECEIPTS", "create table nonsense (")
    with pytest.raises(sqlite3.OperationalError):
        migration.upgrade(sqlite3.connect(file))
    monkeypatch.undo()
    with sqlite3.connect(file) as still:
        assert still.execute("select received_no from receipts").fetchall() == [(5,)]
        assert "unique" in still.execute("select sql from sqlite_master").fetchone()[0]


def test_ids_tell_events_apart_and_are_the_same_in_every_warehouse(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    for numbers in ((1,), (2,), (1,), (2,), (1,)):
        landing.put(f"{GIFTS}/a_20240801.csv", gifts(*numbers))
        landing.load()
    ids = [r.file_id for r in Catalog(landing.settings).receipts()]
    assert len(set(ids)) == 5
    again = Landing(tmp_path / "again")
    again.put(f"{GIFTS}/a_20240801.csv", gifts(1))
    again.load()
    assert Catalog(again.settings).receipts()[0].file_id == ids[0]
    assert [r.ordinal for r in Catalog(landing.settings).receipts()] == [0, 0, 1, 1, 2]


def test_a_touch_is_no_event_and_a_moved_clock_neither(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    path = landing.put(f"{GIFTS}/a_20240801.csv", gifts(1))
    landing.load()
    for moment in (1_900_000_000, 1_000_000_000):
        os.utime(path, (moment, moment))
        assert not pull(landing.settings).new


def test_a_wiped_copy_is_held_though_its_new_bytes_stand_elsewhere(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put(f"{GIFTS}/small_20240801.csv", gifts(1))
    landing.put(f"{GIFTS}/big_20240801.csv", gifts(*range(20, 40)))
    landing.load()
    landing.put(f"{GIFTS}/big_20240801.csv", gifts(1))
    landing.load()
    assert statuses(landing) == ["loaded", "loaded", "held"]
    held = resolve(landing.settings)[-1]
    told = FileDecision("accepted", "", "tester", "2024-08-05")
    Catalog(landing.settings).decide_file(held.receipt.file_id, told)
    landing.load()
    assert statuses(landing) == ["loaded", "superseded", "duplicate"]


def test_only_the_newest_of_several_held_files_asks(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put(f"{GIFTS}/a_20240801.csv", gifts(*range(1, 25)))
    landing.load()
    for number in (1, 2):
        landing.put(f"{GIFTS}/a_20240801.csv", gifts(number))
        landing.load()
    assert statuses(landing) == ["loaded", "superseded", "held"]
    standing = resolve(landing.settings)
    told = health(SOURCES[GIFTS], standing, date(2024, 8, 1), 0)
    assert told.status == "held"
    reason = landing.accounts()[-1].reason or ""
    assert "a_20240801.csv" in reason
    assert f"juandi files accept {standing[-1].receipt.file_id}" in reason
    assert "24" in reason
    # a refused file replaces nothing, not even what waits
    landing.put(f"{GIFTS}/a_20240801.csv", b"\x89PNG\r\n\x1a\n")
    landing.load()
    assert statuses(landing) == ["loaded", "superseded", "held", "refused"]


def test_rows_all_quarantined_empty_a_file_too(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put(f"{GIFTS}/a_20240801.csv", gifts(1, 2, 3))
    landing.load()
    landing.put(f"{GIFTS}/a_20240801.csv", gifts(1, 2, 3, 捐款金额="-1"))
    landing.load()
    assert statuses(landing) == ["loaded", "held"]


def test_a_register_that_goes_back_ends_where_it_was(tmp_path: Path) -> None:
    """Restored with its old file date: what lies there is what stands."""
    landing = Landing(tmp_path)
    first = table([row("campaigns", 活动名称="甲")])
    path = landing.put("campaigns/list.csv", first)
    landing.load()
    was = path.stat().st_mtime
    landing.wait(5 * 86_400)
    landing.put("campaigns/list.csv", table([row("campaigns", 活动名称="乙")]))
    landing.load()
    path.write_bytes(first)
    os.utime(path, (was, was))
    landing.load()
    assert statuses(landing) == ["loaded", "superseded", "duplicate"]
    assert landing.lake("campaigns")["name"].to_list() == ["甲"]


@pytest.mark.parametrize(
    ("heading", "line", "status"),
    [
        ("捐赠人,金额", "测试甲,100", "loaded"),
        ("序号,捐赠人,金额", "1,测试甲,100", "loaded"),  # its place in the list
        ("序号,捐赠人,金额", "1023,测试甲,100", "reissue"),  # a number of its own
        ("捐赠人,金额,日期", "测试甲,100,2024-07-30", "reissue"),
        ("捐赠人,金额,备注", "测试甲,100,助学", "loaded"),
    ],
)
def test_what_makes_equal_rows_a_reissue(
    tmp_path: Path, heading: str, line: str, status: str
) -> None:
    landing = Landing(tmp_path)
    landing.put(f"{NOTICES}/七月_20240801.csv", f"{heading}\n{line}\n".encode())
    landing.put(f"{NOTICES}/八月_20240901.csv", f"{heading}\r\n{line}\r\n".encode())
    landing.load()
    assert statuses(landing) == ["loaded", status]
    pairs = file_pairs(resolve(landing.settings))
    assert [p.alike for p in pairs] == (["same_rows"] if status == "loaded" else [])


def test_twenty_distinct_rows_are_no_chance_and_twenty_equal_ones_are(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    for name, donors in (("a", range(20)), ("b", [1] * 25)):
        rows = "".join(f"测试{chr(0x4E00 + n)},{100 + n}\n" for n in donors)
        landing.put(f"{NOTICES}/{name}_20240701.csv", f"捐赠人,金额\n{rows}".encode())
        landing.put(f"{NOTICES}/{name}{name}_20240801.csv", f"捐款人,金额\n{rows}".encode())
    landing.load()
    assert statuses(landing) == ["loaded", "reissue", "loaded", "loaded"]


def test_pairs_are_named_with_what_they_share(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put(f"{GIFTS}/甲/明细_20240801.csv", gifts(1, 2, 3, 4))
    landing.put(f"{GIFTS}/乙/明细_20240801.csv", gifts(4, 5))
    landing.put(f"{GIFTS}/丙/明细_20240801 (1).csv", gifts(1, 2, 3))
    landing.load()
    pairs = file_pairs(resolve(landing.settings))
    assert [(p.earlier_file_name[len(GIFTS) + 1 :], p.decided, p.shared_rows) for p in pairs] == [
        ("甲/明细_20240801.csv", "both_stand", 1),
        ("甲/明细_20240801.csv", "replaced", 3),
    ]
    assert [str(p.shared_percent) for p in pairs] == ["25.00", "75.00"]


def test_what_was_compared_is_never_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing = Landing(tmp_path)
    landing.put(f"{GIFTS}/east/a_20240801.csv", gifts(1, 2, 3))
    landing.put(f"{GIFTS}/west/a_20240801.csv", gifts(1, 2))
    landing.put(f"{GIFTS}/b_20240801.csv", gifts(8))
    landing.put(f"{GIFTS}/c_20240801.csv", gifts(9))
    landing.put(f"{GIFTS}/a_20240802.csv", gifts(1, 2, 捐款金额="4000.00"))
    before = [(a.file_name, a.status) for a in landing.load()]

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("the lake was read again")

    monkeypatch.setattr(likeness.Likeness, "_query", never)
    assert [(a.file_name, a.status) for a in landing.accounts()] == before


def test_the_as_of_date_is_a_dated_source_s(tmp_path: Path) -> None:
    """Neither a register's file date nor its cell move it, and the register counts all the same."""
    landing = Landing(tmp_path)
    landing.wait(200 * 86_400)
    landing.put("organizations/名录.csv", table([row("organizations")]))
    landing.put("campaigns/活动_20241231.csv", table([row("campaigns")]))
    landing.load()
    settings = landing.settings
    assert inputs.as_of_day(settings, resolve(settings)) == date(2024, 12, 31)
    landing.put(f"{GIFTS}/a_20240802.csv", gifts(1))
    landing.load()
    standings = resolve(settings)
    assert inputs.as_of_day(settings, standings) == date(2024, 8, 2)
    assert len(inputs.known_files(settings, standings)) == 3
    from dataclasses import replace

    asked = replace(settings, as_of=date(2024, 9, 1))
    known = {s.receipt.source for s in inputs.known_files(asked, standings)}
    assert known == {"organizations", GIFTS}


def test_decisions_are_inputs_of_a_release(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put(f"{GIFTS}/a_20240801.csv", gifts(1, 2))
    landing.load()
    landing.put(f"{GIFTS}/a_20240801.csv", gifts(3).split(b"\n")[0] + b"\n")
    landing.load()
    before = inputs.inputs_of(landing.settings).hash
    held = resolve(landing.settings)[-1].receipt.file_id
    told = FileDecision("rejected", "", "tester", "2024-08-05")
    Catalog(landing.settings).decide_file(held, told)
    assert inputs.inputs_of(landing.settings).hash != before


def test_plain_names() -> None:
    same = ("x_20240802.csv", "x_20240802.csv.gz", "x_20240802.csv (1).gz", "副本_x_20240802.csv",
            "x_20240802.csv.zip", "X_20240802 - 副本 (2).CSV", "x_20240802_V3.csv")  # fmt: skip
    assert {plain_name(name) for name in same} == {"x_20240802.csv"}
    assert same_plain_name(plain_name("x_20240802 (1).zip"), "x_20240802.csv")
    assert not same_plain_name("x_20240802.xlsx", "x_20240802.csv")
    assert plain_name("x_p2_20240802.csv") != plain_name("x_p1_20240802.csv")


def _many(settings: Settings, receipts: int) -> None:
    """A catalogue of so many receipts: pages, copies, redeliveries, namesakes; none ever read."""
    catalog = Catalog(settings)
    rows, loads = [], []
    for n in range(receipts):
        day = f"2024-{1 + n // 28 % 12:02}-{1 + n % 28:02}"
        name = f"明细_{day}.csv" if n % 3 else f"页{n // 50}_{day}.csv"
        path = f"{GIFTS}/{n % 997 if n % 3 else 0}/{name}"
        stamp = "2024-12-31T00:00:00+08:00"
        rows.append((GIFTS, name, path, f"{n // 2:064}", 9, stamp, stamp, day))
        told = Outcome(date.fromisoformat(day), is_day_stated=True, rows_read=5, rows_loaded=5,
                       fen_read=n // 2, fen_loaded=n // 2, loaded_at=stamp)  # fmt: skip
        loads.append((n + 1, "then", told.to_json()))
    with catalog.archive() as db:
        db.executemany(
            "insert into receipts (source, file_name, landing_path, sha256, bytes, modified_at,"
            " first_seen_at, partition) values (?, ?, ?, ?, ?, ?, ?, ?)", rows,
        )  # fmt: skip
    with catalog.lake() as db:
        db.executemany("insert into loads values (?, ?, ?)", loads)


def test_four_times_the_receipts_take_four_times_the_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted in calls of Python functions, not in seconds."""
    import sys

    monkeypatch.setattr(likeness.Likeness, "_query", lambda *_: [])

    def steps(receipts: int) -> int:
        settings = load_settings(tmp_path / f"w{receipts}", tmp_path / "l", env={})
        _many(settings, receipts)
        counted = 0

        def count(_frame: object, event: str, _arg: object) -> None:
            nonlocal counted
            counted += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            standings = resolve(settings)
        finally:
            sys.setprofile(None)
        assert len(standings) == receipts
        return counted

    assert steps(8_000) < 4.6 * steps(2_000)


def test_a_receipt_still_to_be_read_is_pending_whatever_its_copies(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    for name in ("a", "b", "c"):
        landing.put(f"{GIFTS}/{name}_20240801.csv", gifts(1))
    pull(landing.settings)
    assert [r.file_name for r in pending(landing.settings)] == ["a_20240801.csv"]
    load_all(landing.settings)
    assert pending(landing.settings) == []
    landing.put(f"{GIFTS}/a_20240801.csv", gifts(2))
    landing.load()  # the first copy stands in its own right, the other repeats it
    assert statuses(landing) == ["superseded", "loaded", "duplicate", "loaded"]
    assert isinstance(resolve(landing.settings)[2].other, Receipt)
