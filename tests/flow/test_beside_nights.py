"""Nights whose tables lie beside the file: one that begins so, one that goes on from it, and who
reads either."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest
from starlette.testclient import TestClient

from pages.access.seen import Scope
from pages.app import create_app
from pages.data import Limits
from pages.data.open_release import OpenRelease
from pipelines.publishing.beside.parts import parts_folder, parts_of
from pipelines.publishing.releases import Release, kept_file, list_releases
from pipelines.publishing.switching import rollback
from pipelines.settings import Settings
from tests.flow.conftest import Released, night
from tests.flow.test_going_on import base_says, from_nothing, hashes, tables_of

pytestmark = [pytest.mark.flow, pytest.mark.timeout(900)]

_GIFTS = "tencent_donations/20240804/合成数据_捐款订单_20240804_p01.csv"


@dataclass(frozen=True)
class Nights:
    """A warehouse with three releases: one inside its file, and two beside it.

    `went_on` says of each night after the first whether it went on with gifts, and with donors.
    """

    settings: Settings
    releases: tuple[Release, ...]
    went_on: tuple[tuple[bool, bool], ...]
    made_from_nothing: dict[str, str]

    def command(self, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """`juandi …` from another folder."""
        return subprocess.run(
            [sys.executable, "-m", "pipelines.cli.main", *words, "--warehouse",
             str(self.settings.warehouse)],
            cwd=cwd, env=os.environ | {"COLUMNS": "200"}, capture_output=True, text=True,
            check=False, timeout=300,
        )  # fmt: skip # one call


@pytest.fixture(scope="module")
def nights(released: Callable[[str], Released], tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """The small sample's release, and two nights on which a few gifts more came."""
    made = released("some").settings
    folder = tmp_path_factory.mktemp("beside")
    shutil.copytree(made.warehouse, folder / "w", symlinks=True)
    shutil.copytree(made.landing, folder / "l")
    settings = replace(
        made, warehouse=folder / "w", landing=folder / "l", largest_table="0", keep_releases=3
    )
    title, heading, *lines = (settings.landing / _GIFTS).read_text("utf-8").splitlines()
    paid = [line for line in lines if ",支付成功," in line]
    went_on = []
    for number in (1, 2):
        file = settings.landing / f"tencent_donations/合成数据_捐款订单_2024080{4 + number}_p09.csv"
        new = [f"99242024080599{number}{i:010d}{line[25:]}" for i, line in enumerate(paid[:9])]
        file.write_text("\n".join([title, heading, *new]) + "\n", encoding="utf-8")
        gates = night(settings, tables_of(settings))
        assert not gates.blocked, [(r.rule_id, r.observed) for r in gates.blocking]
        went_on.append(base_says(settings))
    releases = tuple(reversed(list_releases(settings)))
    return Nights(settings, releases, tuple(went_on), from_nothing(settings))


def test_nights_go_on_all_the_same(nights: Nights) -> None:
    """From a release inside its file and from one beside it; what comes of it is what a build from
    nothing comes to."""
    assert nights.went_on == ((True, True), (True, True))
    assert hashes(nights.settings.published) == nights.made_from_nothing
    first, *beside = nights.releases
    assert not parts_folder(nights.settings, first.release_id).exists()
    for release in beside:
        parts = parts_of(kept_file(nights.settings, release.release_id))
        assert {"star.fact_donation", "star.dim_donor"} < {part.table_name for part in parts}
        assert all(part.table_name.startswith("star.") for part in parts)


def test_commands_from_another_folder(nights: Nights, tmp_path: Path) -> None:
    """A query, a metric, what moved between a release inside its file and one beside it."""
    asked = nights.command(
        "sql", "select count(*) as gifts, sum(amount_cny) as gross from star.fact_donation",
        "--format", "json", cwd=tmp_path,
    )  # fmt: skip # one call
    assert asked.returncode == 0, asked.stderr
    first, second, third = nights.releases
    with duckdb.connect(str(kept_file(nights.settings, first.release_id)), read_only=True) as db:
        ((gifts,),) = db.execute("select count(*) from star.fact_donation").fetchall()
    (row,) = json.loads(asked.stdout)
    assert row["gifts"] == gifts + 18
    metric = nights.command("metric", "gross_cny", "--format", "json", cwd=tmp_path)
    assert metric.returncode == 0, metric.stderr
    for one, other, came in ((first, third, 18), (second, third, 9)):
        told = nights.command("diff", one.release_id, other.release_id, "--json", cwd=tmp_path)
        assert told.returncode == 1, told.stderr
        moved = {t["table"]: t for t in json.loads(told.stdout)["tables"]}
        assert moved["star.fact_donation"]["added"] == came
        assert "star.dim_date" not in moved or moved["star.dim_date"]["added"] >= 0
    assert nights.command("doctor", cwd=tmp_path).returncode == 0
    refused = nights.command("sql", "select * from '/etc/hostname'", cwd=tmp_path)
    assert refused.returncode == 2


def test_pages(nights: Nights) -> None:
    """What an analyst is shown and may take away, and what a reviewer sees of gifts."""
    with TestClient(create_app(nights.settings), base_url="http://127.0.0.1") as client:
        for path in ("/", "/giving", "/reviews", "/api/v1/tables/gifts.csv"):
            assert client.get(path).status_code == 200, path
    wanted = "select count(*) from star.fact_donation"
    opened = OpenRelease(nights.settings.published, Limits())
    try:
        with opened.reader() as reader:
            gifts = reader.value(wanted)
        campaign = frozenset({"scsl-2024"})
        with opened.reader(Scope(campaigns=campaign)) as reader:
            seen = reader.value(wanted)
            assert reader.value(f"{wanted} where campaign_id <> 'scsl-2024'") == 0
        with pytest.raises(duckdb.PermissionException), opened.reader() as reader:
            reader.value("select * from read_text('/etc/hostname')")
    finally:
        opened.close()
    assert 0 < seen < gifts


def test_a_part_that_is_gone(nights: Nights, tmp_path: Path) -> None:
    """Everybody says so, and a roll-back helps; with the part back so does the way forward."""
    part = nights.settings.warehouse / parts_of(nights.settings.published)[0].part_path
    kept = tmp_path / "kept"
    shutil.move(part, kept)
    try:
        for words in (("sql", "select 1"), ("status",), ("diff",)):
            refused = nights.command(*words, cwd=tmp_path)
            assert refused.returncode == 2, words
            assert part.name in refused.stderr
            assert "juandi rollback previous" in refused.stderr
        assert nights.command("doctor", cwd=tmp_path).returncode == 2
        with TestClient(create_app(nights.settings), base_url="http://127.0.0.1") as client:
            assert client.get("/readyz").json() == {"status": "parts_lost"}
            assert client.get("/").status_code == 503
            assert "juandi doctor" in client.get("/").text
            rolled = nights.command("rollback", "previous", cwd=tmp_path)
            assert rolled.returncode == 0, rolled.stderr
            assert client.get("/").status_code == 200
        assert nights.command("forward", cwd=tmp_path).returncode == 2
    finally:
        shutil.move(kept, part)
    assert nights.command("forward", cwd=tmp_path).returncode == 0
    assert nights.command("sql", "select 1", cwd=tmp_path).returncode == 0


def test_back_to_a_release_inside_its_file(nights: Nights) -> None:
    """And forward again."""
    first, _, third = nights.releases
    before = hashes(nights.settings.published)
    rollback(nights.settings, first.release_id)
    assert parts_of(nights.settings.published) == []
    rollback(nights.settings, third.release_id)
    assert hashes(nights.settings.published) == before
