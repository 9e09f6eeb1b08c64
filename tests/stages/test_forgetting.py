"""Somebody who asked to be forgotten: rows keep the money and lose them, now and ever after."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.dictionary.donors import FORGOTTEN
from pipelines.sources import SOURCES
from pipelines.stages.build.build import prepare_build
from pipelines.stages.build.inputs import inputs_of
from pipelines.stages.load import unnaming
from pipelines.stages.load.keys import held_key
from pipelines.stages.load.unnaming import unname
from pipelines.stages.receive.forgetting import (
    forget_person,
    read_named,
)
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.forgotten import entries
from pipelines.stages.store.restoring import repair
from pipelines.tracing.lines import trace_lines
from pipelines.tracing.release import accounts_without_release
from pipelines.tracing.told import as_data
from tests.stages.forgetting_landing import (
    FORGETTING,
    GIFTS,
    NAMED,
    NOTICES,
    OFFLINE,
    OTHER,
    PAID_BACK,
    WHO,
    applied,
    forgotten,
    gift,
    landing,
    orders,
    pseudonym,
    request,
)
from tests.stages.landings import Landing, conserves, row, table

__all__ = ["landing"]


def test_rows_keep_the_money_and_lose_the_person(landing: Landing) -> None:
    """Only the file that holds them is read again, and its account is what it was."""
    before, accounts = inputs_of(landing.settings).hash, landing.accounts()
    who, other = pseudonym(landing, 1), pseudonym(landing, 2)
    (found,) = forgotten(landing, NAMED)
    assert (found.lines, found.records, found.fen) == (2, 2, 400)
    assert (found.refused, found.files) == (1, 1)
    assert applied(landing) == ["both_20240802.csv"]
    assert orders(landing) == {
        1: (100, FORGOTTEN),
        2: (200, "person"),
        3: (300, FORGOTTEN),
        5: (500, "person"),
    }
    assert pseudonym(landing, 2) == other == pseudonym(landing, 5)
    seals = {pseudonym(landing, 1), pseudonym(landing, 3)}
    assert len(seals) == 2  # nothing in the lake says that the two gifts are one person's
    assert who not in seals
    for was, now in zip(accounts, landing.accounts(), strict=True):
        assert conserves(now)
        assert (was.rows_loaded, was.amount_loaded_cny) == (now.rows_loaded, now.amount_loaded_cny)
        assert was.rows_quarantined == now.rows_quarantined
    assert inputs_of(landing.settings).hash != before


def test_a_refused_row_loses_them_too(landing: Landing) -> None:
    """What is left of its text says when and how much, not even that there was a name."""
    (was,) = landing.refused_rows().to_dicts()
    assert was["donor_key"]
    assert "***" in was["raw_text"]
    forgotten(landing, NAMED)
    applied(landing)
    (now,) = landing.refused_rows().to_dicts()
    assert (now["quarantine_id"], now["rule_ids"]) == (was["quarantine_id"], was["rule_ids"])
    text = json.loads(now["raw_text"])
    assert text["paid_at"] == "2024-08-02 10:11:12"
    assert {text[n] for n in ("donor_id", "donor_name", "phone")} == {None}
    assert now["donor_key"] is None


@pytest.mark.parametrize("name", FORGETTING)
def test_every_source_that_tells_donors_apart(tmp_path: Path, name: str) -> None:
    """By its declarations: what is the gift's stays to the letter, what names people goes."""
    source, landing = SOURCES[name], Landing(tmp_path)
    words = {
        heading: f"张三的{c.name}"
        for c in source.columns
        if c.goes_with_person and not c.personal and (heading := c.accepted[-1])
    }
    landing.put(f"{name}/a_20240802.csv", table([row(name, **words)]))
    landing.load()
    before = landing.lake(name)
    strongest = next(c for c in source.identity.columns if c) if source.identity else ""
    column = source.by_name[strongest]
    text = next(v for h, v in row(name).items() if h in column.accepted)
    forgotten(landing, f"{name}.{strongest}={text}")
    applied(landing)
    (was,), (now,) = before.to_dicts(), landing.lake(name).to_dicts()
    assert now["donor_kind"] == FORGOTTEN
    assert now["donor_key"] != was["donor_key"]
    gone = {c.lake_name for c in source.columns if c.goes_with_person}
    for lake_name, value in now.items():
        if lake_name in gone or lake_name == "donor_name_public":
            assert value is None
        elif not lake_name.startswith("donor_"):
            assert value == was[lake_name], lake_name
    assert "张三" not in str(now)


def test_words_that_could_not_be_read_go_as_well(tmp_path: Path) -> None:
    """A lake row keeps such words, and says which column they are of; a place may be any word."""
    landing = Landing(tmp_path)
    odd = gift(1, WHO, 退款时间="张三说的", 捐款人地区代码="张三家")
    landing.put(f"{GIFTS}/a_20240802.csv", table([odd, gift(2, OTHER, 退款时间="次日")]))
    landing.load()
    assert "张三" in str(landing.lake(GIFTS).to_dicts())
    forgotten(landing, NAMED)
    applied(landing)
    mine, other = landing.lake(GIFTS).sort("order_no").to_dicts()
    assert (mine["unread"], mine["donor_region"]) == ("refunded_at=***", "***")
    assert "次日" in other["unread"]
    assert "张三" not in str(mine)


def test_files_to_come_and_a_lake_made_again(landing: Landing) -> None:
    """Whoever is forgotten is so in every file that comes, and where all is read anew."""
    forgotten(landing, NAMED)
    applied(landing)
    landing.put(f"{GIFTS}/later_20240804.csv", table([gift(7, WHO), gift(8, OTHER)]))
    landing.load()
    assert orders(landing)[7] == (700, FORGOTTEN)
    lake, hashed = landing.lake(GIFTS), inputs_of(landing.settings).hash
    refused = landing.refused_rows()
    for zone in (landing.settings.lake, landing.settings.quarantine, landing.settings.build):
        shutil.rmtree(zone)
    assert len(applied(landing)) == 3
    assert landing.lake(GIFTS).equals(lake)
    assert landing.refused_rows().equals(refused)
    assert inputs_of(landing.settings).hash == hashed


def test_a_catalogue_made_again_from_its_journal(landing: Landing) -> None:
    """Entries are the archive's, and the journal has them."""
    forgotten(landing, NAMED)
    applied(landing)
    kept, catalog = entries(Catalog(landing.settings)), Catalog(landing.settings)
    catalog.archive_file.write_bytes(b"\xff" * 64)
    repair(landing.settings)
    assert entries(catalog) == kept
    shutil.rmtree(landing.settings.lake)
    applied(landing)
    assert orders(landing)[1][1] == FORGOTTEN


def test_the_entry_names_nobody(landing: Landing) -> None:
    """Neither who it is nor their pseudonym, and it is a mark to nobody without the key."""
    who = pseudonym(landing, 1)
    forgotten(landing, NAMED)
    (entry,) = entries(Catalog(landing.settings))
    applied(landing)
    for path in landing.settings.warehouse.rglob("*"):
        if path.is_file() and path.parent.parent != landing.settings.archive:
            assert who.encode() not in path.read_bytes(), path
    assert entry.mark != who
    assert (entry.case_no, entry.lines, entry.fen) == ("DSR-2024-1", 2, 400)
    assert entry.mark in Catalog(landing.settings).journal.read_text(encoding="utf-8")


@pytest.mark.parametrize("at", ["before looking", "while loads are forgotten", "before the note"])
def test_a_crash_is_made_good_by_the_next_run(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """The entry is kept first and at once; what follows from it begins again."""
    forgotten(landing, NAMED)
    key = held_key(landing.settings)
    place = {
        "before looking": (unnaming, "_lying"),
        "while loads are forgotten": (Catalog, "forget"),
        "before the note": (unnaming, "note_looked_through"),
    }[at]
    with monkeypatch.context() as broken:

        def crash(*_: object) -> None:
            raise KeyboardInterrupt

        broken.setattr(*place, crash)
        with pytest.raises(KeyboardInterrupt):
            unname(landing.settings, key)
    assert applied(landing) == ["both_20240802.csv"]
    assert orders(landing)[3] == (300, FORGOTTEN)


def test_a_lake_from_an_older_backup(landing: Landing, tmp_path: Path) -> None:
    """It holds them again, and the night notices."""
    backup = tmp_path / "backup"
    shutil.copytree(landing.settings.lake, backup)
    forgotten(landing, NAMED)
    applied(landing)
    shutil.rmtree(landing.settings.lake)
    shutil.copytree(backup, landing.settings.lake)
    assert orders(landing)[1][1] == "person"
    assert applied(landing) == ["both_20240802.csv"]
    assert orders(landing)[1][1] == FORGOTTEN


def test_rows_whose_archived_bytes_are_gone(landing: Landing) -> None:
    """They lose the person where they lie: nothing of them is lost, and they are as read again."""
    key, settings = held_key(landing.settings), landing.settings
    receipts = Catalog(settings).receipts()
    archived = settings.archive / GIFTS / receipts[0].sha256
    content = archived.read_bytes()
    archived.unlink()
    (settings.landing / receipts[0].landing_path).unlink()
    forgotten(landing, NAMED)
    assert [r.file_name for r in unname(settings, key).rewritten] == ["both_20240802.csv"]
    assert applied(landing) == []
    lake, columns = landing.lake(GIFTS), ["quarantine_id", "rule_ids", "donor_key"]
    (refused,) = landing.refused_rows().to_dicts()
    assert "asked to be forgotten" in refused["raw_text"]
    archived.write_bytes(content)
    in_place = landing.refused_rows().select(columns)
    shutil.rmtree(settings.lake)
    applied(landing)
    assert landing.lake(GIFTS).equals(lake)
    assert landing.refused_rows().select(columns).equals(in_place)


def test_nothing_is_read_where_nobody_is_new(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A night looks through each part once for an entry, and then never again."""
    forgotten(landing, NAMED)
    applied(landing)

    def read(*_: object) -> None:
        raise AssertionError("a part was opened")

    monkeypatch.setattr(unnaming, "_scan", read)
    assert applied(landing) == []
    forgotten_of_others = ("offline_gifts.捐赠方=某人",)
    key = held_key(landing.settings)
    person = read_named(forgotten_of_others, key)
    forget_person(landing.settings, person, [], request("DSR-2024-2"), key)
    assert applied(landing) == []  # of other sources no part is opened either


def test_models_see_nobody_and_the_release_says_how_many(landing: Landing) -> None:
    """The seal stays in the lake; `ops.forgotten` counts people and lines."""
    forgotten(landing, NAMED, "offline_gifts.捐赠方=某人")
    applied(landing)
    prepare_build(landing.settings)
    with duckdb.connect(str(landing.settings.work_db)) as db:
        keys = "select donor_kind, count(donor_key) from lake.tencent_donations group by all"
        assert dict(db.execute(keys).fetchall()) == {"person": 2, FORGOTTEN: 0}
    with duckdb.connect(str(landing.settings.release_db)) as db:
        told = db.execute("select * exclude last_forgotten_on from ops.forgotten").fetchall()
        texts = db.execute("select raw_text from ops.quarantine").fetchall()
    assert told == [
        *((GIFTS, 1, 2), (OFFLINE, 1, 0), (PAID_BACK, 1, 0), ("any", 1, 2)),
    ]
    assert "***" not in str(texts)


def test_a_second_time_it_is_done(landing: Landing) -> None:
    """Nothing is kept twice, whatever they are named by."""
    who = pseudonym(landing, 1)
    forgotten(landing, f"化名={who}")
    applied(landing)
    kept = entries(Catalog(landing.settings))
    assert len(kept) == 1  # of all sources only the one that has it
    for line in (NAMED, f"pseudonym={who}"):
        assert forgotten(landing, line, case="DSR-2024-2") == []
    assert entries(Catalog(landing.settings)) == kept
    assert applied(landing) == []


def test_a_payee_is_forgotten_with_the_donor_of_the_name(tmp_path: Path) -> None:
    """The two registers make one pseudonym of a name, and one entry is of both."""
    landing = Landing(tmp_path)
    for name in (OFFLINE, PAID_BACK):
        landing.put(f"{name}/a_20240802.csv", table([row(name)]))
    landing.load()
    found = forgotten(landing, "offline_gifts.捐赠方=测试捐赠人")
    assert [(f.source, f.lines, f.fen) for f in found] == [
        (OFFLINE, 1, 10000),
        (PAID_BACK, 1, 4000),
    ]
    assert len(applied(landing)) == 2
    for name in (OFFLINE, PAID_BACK):
        assert landing.lake(name)["donor_kind"].to_list() == [FORGOTTEN]


def test_files_are_as_different_as_they_were(tmp_path: Path) -> None:
    """Two lists without ids that differ in who gave alone are two, and a copy of one is a copy: no
    money comes or goes because the givers are forgotten."""
    landing = Landing(tmp_path)
    same = table([row(NOTICES, 捐赠人="甲某")])
    landing.put(f"{NOTICES}/a_20240802.csv", same)
    landing.put(f"{NOTICES}/b_20240802.csv", table([row(NOTICES, 捐赠人="乙某")]))
    landing.put(f"{NOTICES}/c_20240802.csv", same + b"\n")
    accounts = landing.load()
    for case, name in enumerate(("甲某", "乙某")):
        forgotten(landing, f"捐赠人={name}", case=f"DSR-{case}")
    applied(landing)
    assert set(landing.lake(NOTICES)["donor_kind"]) == {FORGOTTEN}
    told = [(a.file_name, a.status, a.amount_loaded_cny) for a in accounts]
    assert [(a.file_name, a.status, a.amount_loaded_cny) for a in landing.accounts()] == told
    assert [status for _, status, _ in told] == ["loaded", "loaded", "reissue"]


def test_attendees_of_a_training_stay_told_apart(tmp_path: Path) -> None:
    """Their pseudonym is a part of the key: in its place each training has another."""
    landing = Landing(tmp_path)
    rows = [
        row("training_attendance", 培训编号=training, 学员编号=who)
        for training in ("PX1", "PX2")
        for who in (WHO, OTHER)
    ]
    landing.put("training_attendance/a_20240802.csv", table([*rows, rows[0]]))
    accounts = landing.load()
    forgotten(landing, f"学员编号={WHO}")
    forgotten(landing, f"学员编号={OTHER}", case="DSR-2024-2")
    applied(landing)
    lake = landing.lake("training_attendance")
    assert lake["donor_key"].n_unique() == 4
    assert [a.rows_duplicate for a in landing.accounts()] == [a.rows_duplicate for a in accounts]


def test_an_organisation_loses_its_name(tmp_path: Path) -> None:
    """It is told before that a row counts as an organisation's."""
    landing = Landing(tmp_path)
    landing.put(f"{NOTICES}/a_20240802.csv", table([row(NOTICES, 捐赠人="某某科技有限公司")]))
    landing.load()
    assert landing.lake(NOTICES)["donor_name_public"].to_list() == ["某某科技有限公司"]
    (found,) = forgotten(landing, "捐赠人=某某科技有限公司")
    assert found.organizations == 1
    applied(landing)
    assert landing.lake(NOTICES)["donor_name_public"].to_list() == [None]


def traced(landing: Landing, line: int) -> str:
    """All that is told of a line of the first file."""
    accounts = accounts_without_release(landing.settings)
    account = next(a for a in accounts.values() if a["file_name"] == "both_20240802.csv")
    (found,) = trace_lines(landing.settings, None, account, line, accounts=accounts)
    return json.dumps(as_data(found), ensure_ascii=False, default=str)


def test_a_forgotten_line_shows_nothing_of_a_person(landing: Landing) -> None:
    """Not even what is masked; who cannot tell whose a line is takes it for theirs."""
    assert "***" in traced(landing, 2)
    forgotten(landing, NAMED)
    for line in (2, 4, 5):  # loaded and refused
        told = traced(landing, line)
        assert '"is_forgotten": true' in told
        assert "***" not in told
        assert WHO not in told
        assert "2024-08-02 10:11:12" in told
    assert "***" in traced(landing, 3)
    key = landing.settings.secrets / "pseudonym.key"
    key.rename(key.with_suffix(".away"))
    assert "***" not in traced(landing, 3)
    assert '"is_forgotten": true' in traced(landing, 3)
