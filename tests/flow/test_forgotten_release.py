"""A donor who asked to be forgotten is in no file of the warehouse but those that were received."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest
from starlette.testclient import TestClient

from pages.app import create_app
from pages.web.paths import line_path
from pipelines.definitions.warehouse import held, is_unchanged
from pipelines.publishing.releases import list_releases, published_release
from pipelines.settings import Settings, load_settings
from pipelines.stages.build.build import prepare_build
from pipelines.stages.build.going_on.note import usable_note
from pipelines.stages.build.models import build_models
from pipelines.stages.load.load import load_all
from pipelines.stages.receive.pull import pull
from tests.flow.conftest import night, published
from tests.flow.test_going_on import hashes, tables_of

pytestmark = [pytest.mark.flow, pytest.mark.timeout(900)]

#: The ids and words by which lines know the person; all of them are in what was received.
ID, PHONE, NAME = "u77000000123", "13912345678", "遗忘某某甲"
_GIFTS = (
    "订单号,项目编号,捐款金额,支付时间,支付状态,退款金额,捐款方式,捐款人ID,捐款人昵称,手机号,"
    "是否匿名"
)
_NEW = [
    _GIFTS,
    f"GIFT000021,T1,21.00,2024-08-05 10:00:00,支付成功,,单笔捐,{ID},{NAME},{PHONE},否",
    f"GIFT000022,T1,0.00,2024-08-05 11:00:00,支付成功,,单笔捐,{ID},{NAME},{PHONE},否",
    f"GIFT000023,T2,23.00,2024-08-05 12:00:00,支付成功,,单笔捐,,{NAME},{PHONE},否",
    "GIFT000024,T2,24.00,2024-08-05 12:00:00,支付成功,,单笔捐,u88,别人,,否",
]


@dataclass
class Warehouse:
    """The warehouse of `figures`, in which 甲 gave; a copy, with a file of one more person."""

    settings: Settings

    def command(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """`juandi …`, with what is typed as standard input."""
        return subprocess.run(
            [sys.executable, "-m", "pipelines.cli.main", *words, "--warehouse",
             str(self.settings.warehouse)],
            input=typed, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip # one call

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of the published release."""
        with published(self.settings) as release:
            return release.execute(sql).fetchall()


@pytest.fixture(scope="module")
def before(figures: Settings, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Before anybody was forgotten: a release in which the persons are, and a file that is not in
    it yet."""
    folder = tmp_path_factory.mktemp("forgotten") / "warehouse"
    shutil.copytree(figures.warehouse, folder, symlinks=True)
    made = Warehouse(load_settings(folder, env={}))
    file = made.settings.landing / "tencent_donations/d_20240805.csv"
    file.write_text("\n".join(_NEW) + "\n", encoding="utf-8")
    return made


@dataclass
class Told:
    """What was printed and counted on the way."""

    pseudonym: str
    counts: tuple[object, ...]
    dry: subprocess.CompletedProcess[str]
    asked: subprocess.CompletedProcess[str]
    done: subprocess.CompletedProcess[str]
    again: subprocess.CompletedProcess[str]
    first_release: str


#: Gifts and their money, and donors.
_COUNTS = (
    "select count(*), count(distinct nullif(donor_key, 'unknown')), sum(amount_cny)::varchar"
    " from star.fact_donation"
)
_KINDS = (
    "select order_no, donor_key, donor_kind, amount_cny::varchar from star.fact_donation"
    " where donor_kind = 'forgotten' order by 1"
)


@pytest.fixture(scope="module")
def told(before: Warehouse) -> Told:
    """甲 and the person of the new file are one who asks; the night after that."""
    settings = before.settings
    ((pseudonym,),) = before.ask(
        "select distinct donor_key from star.fact_donation where order_no = 'GIFT000001'"
    )
    (counts,) = before.ask(_COUNTS)
    with held(settings):
        pull(settings)
        load_all(settings)
    who = f"tencent_donations.捐款人ID=甲\n捐款人ID={ID}\n手机号={PHONE}\n"
    words = ("forget", "--case", "DSR-2024-017", "--from", "-")
    first = published_release(settings)
    assert first is not None
    dry = before.command(*words, "--dry-run", "--json", typed=who)
    asked = before.command(*words, typed=who)
    done = before.command(*words, "--yes", typed=who)
    with held(settings):
        assert usable_note(settings) is None
        gates = night(settings)
    assert not gates.blocked, [(r.rule_id, r.status, r.observed) for r in gates.blocking]
    again = before.command(*words, "--yes", typed=who)
    return Told(str(pseudonym), counts, dry, asked, done, again, first.release_id)


def test_it_says_counts_and_money_alone(told: Told) -> None:
    """And keeps nothing until it is told to."""
    found = json.loads(told.dry.stdout)
    (gifts,) = found["found"]
    assert (gifts["source"], gifts["lines"], gifts["refused"]) == ("tencent_donations", 6, 1)
    assert gifts["amount_cny"] == "174.00"
    assert (found["is_done"], found["is_dry_run"]) == (False, True)
    assert told.asked.returncode == 2
    assert "--yes" in told.asked.stderr
    assert told.done.returncode == 0, told.done.stderr
    assert "juandi refresh" in told.done.stderr
    assert "forgotten already" in told.again.stderr
    for one in (told.dry, told.asked, told.done, told.again):
        for word in (ID, PHONE, NAME, told.pseudonym):
            assert word not in one.stdout + one.stderr


def test_money_and_gifts_stay_and_the_person_is_gone(before: Warehouse, told: Told) -> None:
    """Gifts count as before; 人 is without them, and the release says by how many."""
    assert before.ask(_KINDS) == [
        (f"GIFT0000{number}", "unknown", "forgotten", amount)
        for number, amount in (("01", "100.00"), ("05", "10.00"), ("06", "10.00"), ("07", "10.00"),
                               ("21", "21.00"), ("23", "23.00"))
    ]  # fmt: skip # rows
    assert told.counts == (7, 4, "310.00")
    # three gifts more; 甲 is gone, and the one that came knows somebody else too
    assert before.ask(_COUNTS) == [(10, 4, "378.00")]
    assert before.ask("select * exclude last_forgotten_on from ops.forgotten order by 1") == [
        ("any", 1, 6),
        ("tencent_donations", 1, 6),
    ]
    (text,) = before.ask("select raw_text from ops.quarantine where source_row = 3")
    assert json.loads(str(text[0]))["amount"] == "0.00"
    status = before.command("status", "--json")
    assert json.loads(status.stdout)["forgotten"] == {"people": 1, "lines": 6}


def test_nothing_is_new_afterwards(before: Warehouse, told: Told) -> None:
    """The next night has nothing to do, and one with news may go on from this release."""
    with held(before.settings) as healed:
        assert healed.sentences() == []
        assert is_unchanged(before.settings)
        assert usable_note(before.settings) is not None


def test_an_older_release_holds_them(before: Warehouse, told: Told) -> None:
    """It is not rolled back to by accident."""
    refused = before.command("rollback", told.first_release)
    assert refused.returncode == 2
    assert "--with-forgotten" in refused.stderr
    newest = list_releases(before.settings)[0].release_id
    assert before.ask(_KINDS)
    assert before.command("rollback", newest).returncode == 0
    done = before.command("rollback", told.first_release, "--with-forgotten")
    assert done.returncode == 0
    assert "1 people" in done.stderr
    assert before.command("rollback", newest).returncode == 0


def test_pages_show_nothing_of_them(before: Warehouse, told: Told) -> None:
    """Neither their line nor their refused row, nor a mask where something was."""
    (row,) = before.ask(
        "select source_file_id from star.fact_donation where order_no = 'GIFT000021'"
    )
    place = {"source_file_id": row[0], "source_sheet": ""}
    with TestClient(create_app(before.settings), base_url="http://127.0.0.1") as client:
        for number in (2, 3):
            shown = line_path({**place, "source_row": number})
            assert shown is not None
            page, data = client.get(shown), client.get(f"/api/v1{shown}")
            assert page.status_code == data.status_code == 200
            (line,) = data.json()["lines"]
            assert line["is_forgotten"] is True
            for word in (ID, PHONE, NAME, told.pseudonym):
                assert word not in page.text + data.text
            assert not [v for v in line["values"] if v["text"] and "***" in v["text"]]


def _texts(path: Path) -> Iterator[str]:
    """All that a file of the warehouse says, decoded; and its bytes as they are."""
    yield path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".parquet":
        yield str(pl.read_parquet(path, hive_partitioning=False).to_dicts())
    elif path.suffix == ".sqlite":
        with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as db:
            yield "\n".join(db.iterdump())
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as db:
            names = db.execute(
                "select schema_name || '.' || table_name from duckdb_tables()"
                " where database_name = current_database()"
            ).fetchall()
            for (name,) in names:
                yield str(db.execute(f"from {name}").fetchall())


def test_no_file_but_those_received_names_them(before: Warehouse, told: Told) -> None:
    """Another person is forgotten with the releases that hold them; then every file is read."""
    settings = before.settings
    ((other,),) = before.ask("select donor_key from star.fact_donation where order_no='GIFT000002'")
    done = before.command(
        "forget", "--case", "DSR-2024-018", "--from", "-", "--yes", "--releases",
        typed="tencent_donations.donor_id=乙",
    )  # fmt: skip # one call
    assert done.returncode == 0, done.stderr
    later = settings.landing / "tencent_donations/d_20240806.csv"
    rows = [_GIFTS, _NEW[1].replace("GIFT000021", "GIFT000031").replace("08-05", "08-06")]
    later.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with held(settings):
        gates = night(settings, tables_of(settings))
    assert not gates.blocked, [(r.rule_id, r.observed) for r in gates.blocking]
    assert ("GIFT000031", "unknown", "forgotten", "21.00") in before.ask(_KINDS)
    assert len(list_releases(settings)) == 1
    words = re.compile("|".join((ID, PHONE, NAME, told.pseudonym, str(other))))
    received = (settings.archive, settings.landing, settings.secrets)
    looked = 0
    for path in settings.warehouse.rglob("*"):
        is_received = any(folder in path.parents for folder in received)
        if path.is_file() and (not is_received or path.parent == settings.archive):
            looked += 1
            for text in _texts(path):
                found = words.search(text)
                assert found is None, (path, found)
    assert looked > 20


def test_made_again_from_the_archive_it_is_the_same(before: Warehouse, told: Told) -> None:
    """Star and marts, table by table, without lake, quarantine and build."""
    settings = before.settings
    kept = hashes(settings.published)
    for zone in (settings.lake, settings.quarantine, settings.build):
        shutil.rmtree(zone)
    with held(settings):
        load_all(settings)
        build = prepare_build(settings)
        newest = published_release(settings)
        assert newest is not None
        assert build.inputs_hash == newest.inputs_hash
        build_models(settings, only=tables_of(settings))
    assert hashes(settings.release_db) == kept
