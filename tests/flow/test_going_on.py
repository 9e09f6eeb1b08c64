"""A build that goes on from the last release comes to what a build from nothing comes to."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.publishing.content import table_hashes
from pipelines.settings import DBT_PROJECT, Settings, load_settings
from pipelines.stages.build.build import prepare_build
from pipelines.stages.build.models import build_models
from pipelines.stages.build.project import MANIFEST, prepared
from pipelines.stages.build.upstream import with_upstream
from pipelines.stages.gate.gate import GateReport
from pipelines.stages.load.load import load_all
from pipelines.stages.receive.pull import pull
from tests.flow.conftest import night

pytestmark = [pytest.mark.flow, pytest.mark.timeout(900)]

_FIRST_DAYS = ("tencent_donations/20200907/", "tencent_donations/20200908/")
_LATER_PROJECTS = ("20200908", "2020-09-09", "20200910")


class Campaign:
    """A generated Giving Day and the landing folder into which it comes bit by bit."""

    def __init__(self, root: Path, sample: Path) -> None:
        self.settings = load_settings(root / "w", root / "l", env={})
        self.files = {
            path.relative_to(sample).as_posix(): path
            for path in sorted(sample.rglob("*"))
            if path.is_file() and path.name != "manifest.json"
        }

    def land(self, *names: str) -> None:
        for name in names:
            target = self.settings.landing / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.files[name], target)

    def land_lines(self, folder: str, lines: list[str], minutes: int) -> None:
        """A small file of the first day under one name, whatever the folder; a later one stands."""
        name = "合成数据_捐款订单_20200907_p09.csv"
        target = self.settings.landing / "tencent_donations" / folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
        seconds = self.files[self.first_day].stat().st_mtime + 60 * minutes
        os.utime(target, (seconds, seconds))

    def land_again(self, name: str, lines: list[str], minutes: int) -> None:
        """A file under its name with other lines, delivered later."""
        target = self.settings.landing / name
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
        seconds = self.files[name].stat().st_mtime + 60 * minutes
        os.utime(target, (seconds, seconds))

    @property
    def first_day(self) -> str:
        return next(f for f in self.files if f.startswith(_FIRST_DAYS[0]) and "捐款订单" in f)


def hashes(path: Path) -> dict[str, str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return table_hashes(connection, path.stem)


def from_nothing(settings: Settings) -> dict[str, str]:
    """Star and marts of the same lake, with no release to go on from. Nobody asks their tests."""
    kept = settings.build.with_name("kept")
    shutil.move(settings.build, kept)
    build = prepare_build(settings)
    assert build.continues is None
    build_models(settings, only=tables_of(settings))
    made = hashes(settings.release_db)
    shutil.rmtree(settings.build)
    shutil.move(kept, settings.build)
    return made


def tables_of(settings: Settings, project: Path = DBT_PROJECT) -> set[str]:
    """All seeds and models: their tests are asked elsewhere, and take half of a night's time."""
    every = with_upstream(prepared(settings, project) / MANIFEST, None)
    return {name for name in every if not name.startswith("test.")}


def a_night(settings: Settings) -> GateReport:
    """A night that asks no test of dbt."""
    return night(settings, tables_of(settings))


def base_says(settings: Settings) -> tuple[bool, bool]:
    with duckdb.connect(str(settings.work_db), read_only=True) as connection:
        row = connection.execute(
            "select is_continued, are_donors_continued from base.release"
        ).fetchone()
    assert row is not None
    return row


def dearer(line: str, heading: str) -> str:
    """The same gift, a yuan more."""
    at = next(i for i, h in enumerate(heading.split(",")) if h.startswith("捐款金额"))
    cells = line.split(",")
    yuan, _, cents = cells[at].partition(".")
    cells[at] = f"{int(yuan) + 1}.{cents}"
    return ",".join(cells)


def changed_orders(settings: Settings) -> set[str]:
    """Orders that may be others in files that took another's place."""
    with duckdb.connect(str(settings.work_db), read_only=True) as connection:
        rows = connection.execute("select order_no from base.changed_orders").fetchall()
    return {order_no for (order_no,) in rows}


def order_of(line: str) -> str:
    return line.split(",", 1)[0]


def plain(orders: set[str]) -> set[str]:
    """Without those that the generator planted as faults."""
    return {order for order in orders if not order.startswith("SYNFAULT")}


def restatements(settings: Settings) -> list[tuple[str, str]]:
    with duckdb.connect(str(settings.published), read_only=True) as connection:
        return connection.execute("select change, key from ops.restatements").fetchall()


def test_a_build_that_goes_on_is_a_build_from_nothing(tmp_path: Path, giving_day: Path) -> None:
    campaign = Campaign(tmp_path, giving_day)
    settings = campaign.settings
    text = campaign.files[campaign.first_day].read_text(encoding="utf-8").splitlines()
    title, heading, gifts = text[0], text[1], [x for x in text[2:] if ",支付成功," in x][:40]
    refunded = [line.replace(",支付成功,", ",已退款,") for line in gifts]

    later = [f for f in campaign.files if any(day in f for day in _LATER_PROJECTS)
             and f.startswith("tencent_projects/")]  # fmt: skip
    others = [f for f in campaign.files if not f.startswith("tencent_donations/")]
    campaign.land(*(f for f in others if f not in later))
    campaign.land(*(f for f in campaign.files if f.startswith(_FIRST_DAYS)))
    campaign.land_lines("first", [title, heading, *refunded], minutes=1)
    assert not a_night(settings).blocked
    assert base_says(settings) == (False, False)
    first = hashes(settings.published)

    # orders in new states, a file that another takes the place of, projects in new versions
    campaign.land(*later)
    campaign.land(*(f for f in campaign.files if "状态变更" in f))
    campaign.land_lines("again", [title, heading, *refunded[:20], *gifts[20:25]], minutes=2)
    assert not a_night(settings).blocked
    assert base_says(settings) == (True, True)
    second = hashes(settings.published)
    assert second["star.fact_donation"] != first["star.fact_donation"]
    assert second == from_nothing(settings)

    # a day's page once more: a gift dearer, a line gone from its end, and those of its orders that
    # another file of the day has too are again as this one says, for it was received last
    again = [line.replace(gifts[30], dearer(gifts[30], heading)) for line in text[:-1]]
    campaign.land_again(campaign.first_day, again, minutes=3)
    assert not a_night(settings).blocked
    assert base_says(settings) == (True, True)
    differing = {order_of(line) for line in (gifts[30], text[-1], *gifts[:25])}
    found = changed_orders(settings)
    # the generator's faults: some of these lines are in quarantine, and a few orders of the page
    # in other files of the day
    assert plain(differing) <= found
    assert len(found) < len(differing) + 10
    assert hashes(settings.published) == from_nothing(settings)
    told = restatements(settings)
    assert {"changed", "removed"} <= {change for change, _ in told}

    # and one whose lines have all moved: they are taken for changed, and come out the same
    one_more = gifts[0].replace(gifts[0].split(",")[0], "1" * 24)
    campaign.land_again(campaign.first_day, [*text[:2], one_more, *text[2:]], minutes=4)
    assert not a_night(settings).blocked
    assert hashes(settings.published) == from_nothing(settings)
    # what was told before is told still, though the files were not held against each other again
    assert set(told) < set(restatements(settings))

    # a part of a day: the gifts go on, the donors are counted anew
    third = [f for f in campaign.files if "/20200909/" in f]
    page = next(f for f in third if f.endswith(".jsonl"))
    campaign.land(page)
    assert not a_night(settings).blocked
    assert base_says(settings) == (True, False)
    assert hashes(settings.published) == from_nothing(settings)

    # the rest of it: so much that all is made anew
    campaign.land(*third)
    assert not a_night(settings).blocked
    assert base_says(settings) == (False, False)


def test_who_reads_the_old_gifts_finds_them_whenever(tmp_path: Path, giving_day: Path) -> None:
    """A new model, with no word of what has to come before or after it: in any order it may run."""
    campaign = Campaign(tmp_path, giving_day)
    settings = campaign.settings
    campaign.land(*(f for f in campaign.files if not f.startswith("tencent_donations/")))
    campaign.land(campaign.first_day)
    assert not a_night(settings).blocked
    columns = "order_no, amount_cny, source_file_id"
    with duckdb.connect(str(settings.published), read_only=True) as release:
        old = set(release.execute(f"select {columns} from star.fact_donation").fetchall())

    text = campaign.files[campaign.first_day].read_text(encoding="utf-8").splitlines()
    line = next(x for x in text[2:] if ",支付成功," in x)
    again = [x.replace(line, dearer(line, text[1])) for x in text]
    campaign.land_again(campaign.first_day, again, minutes=1)
    pull(settings)
    load_all(settings)
    assert prepare_build(settings).continues is not None
    project = tmp_path / "project"
    shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    (project / "models" / "intermediate" / "reader.sql").write_text(
        "{{ config(materialized='table') }}\n"
        f"select {columns} from {{{{ source('base', 'gifts') }}}}\n",
        encoding="utf-8",
    )
    models = tables_of(settings, project)
    for ids in (models, {"model.juandi.reader"}):  # with all others, and once they are made
        report = build_models(settings, only=ids, project=project)
        assert {r.unique_id for r in report.results if r.is_made} == ids
        with duckdb.connect(str(settings.work_db), read_only=True) as work:
            assert set(work.execute("from intermediate.reader").fetchall()) == old
    with duckdb.connect(str(settings.release_db), read_only=True) as build:
        new = set(build.execute(f"select {columns} from star.fact_donation").fetchall())
    assert new.isdisjoint(old)  # all of them are named after the file that took the other's place


def test_without_a_usable_note_all_is_made_anew(tmp_path: Path, giving_day: Path) -> None:
    campaign = Campaign(tmp_path, giving_day)
    settings = campaign.settings
    campaign.land(*(f for f in campaign.files if not f.startswith("tencent_donations/")))
    campaign.land(campaign.first_day)
    assert not a_night(settings).blocked
    note = settings.build / "base" / "base.json"
    told = note.read_text(encoding="utf-8")

    assert prepare_build(settings).continues is not None
    for broken in ("{", "{}", told.replace('"code": "', '"code": "0')):
        note.write_text(broken, encoding="utf-8")
        assert prepare_build(settings).continues is None
    note.write_text(told, encoding="utf-8")
    for release in settings.releases.glob("*.duckdb"):
        release.unlink()
    assert prepare_build(settings).continues is None


def test_a_file_that_comes_back_is_a_build_from_nothing(tmp_path: Path, giving_day: Path) -> None:
    """A, B, A at one path; and a copy that stands once the file that it repeats gave way."""
    campaign = Campaign(tmp_path, giving_day)
    settings = campaign.settings
    campaign.land(*(f for f in campaign.files if not f.startswith("tencent_donations/")))
    campaign.land(*(f for f in campaign.files if f.startswith(_FIRST_DAYS)))
    text = campaign.files[campaign.first_day].read_text(encoding="utf-8").splitlines()
    line = next(x for x in text[2:] if ",支付成功," in x)
    assert not a_night(settings).blocked
    first = gifts_of(settings, campaign.first_day)

    changed = [x.replace(line, dearer(line, text[1])) for x in text[:-1]]
    campaign.land_again(campaign.first_day, changed, minutes=1)
    assert not a_night(settings).blocked
    assert not first <= gifts_of(settings, campaign.first_day)
    target = settings.landing / campaign.first_day
    target.write_bytes(campaign.files[campaign.first_day].read_bytes())  # the very bytes of A
    seconds = campaign.files[campaign.first_day].stat().st_mtime + 120
    os.utime(target, (seconds, seconds))
    assert not a_night(settings).blocked
    assert base_says(settings)[0]
    assert hashes(settings.published) == from_nothing(settings)
    # of orders that other files of its day hold too it is now the one received last
    assert first <= gifts_of(settings, campaign.first_day)


def gifts_of(settings: Settings, path: str) -> set[tuple[object, ...]]:
    """The gifts of the file that stands at `path`, whatever its id."""
    with duckdb.connect(str(settings.published), read_only=True) as connection:
        found = connection.execute(
            "select gifts.* exclude (source_file_id) from star.fact_donation as gifts"
            " inner join ops.load_audit as audit using (source_file_id)"
            " where audit.landing_path = ? and audit.status = 'loaded'",
            [path],
        ).fetchall()
    assert found
    return set(found)
