"""Any selection can be materialised, as Dagster's pages start it; it publishes nothing and leaves
the next night as it would have been.

One warehouse with a published night, on which all selections are tried, in the order of the tests.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import dagster as dg
import duckdb
import pytest

from pipelines.definitions.definitions import build_defs
from pipelines.definitions.jobs import JOB
from pipelines.definitions.keys import BUILD, GATES, PUBLISHED, lake_key, landing_key
from pipelines.publishing.content import table_hashes
from pipelines.publishing.lock import refresh_lock
from pipelines.publishing.releases import list_releases
from pipelines.settings import Settings, load_settings
from pipelines.sources import SOURCES
from sample import generate
from tests.flow.conftest import night

pytestmark = [pytest.mark.flow, pytest.mark.timeout(900)]

GIFTS = SOURCES["tencent_donations"]
nothing_is_published = pytest.mark.usefixtures("untouched")
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class Place(NamedTuple):
    """A graph over a warehouse with a published night, a day of its gifts, and the job's record."""

    defs: dg.Definitions
    settings: Settings
    instance: dg.DagsterInstance
    days: list[str]

    def run(self, *names: str, **options: Any) -> dg.ExecuteInProcessResult:
        """What the pages start for the assets of these names, their checks with them."""
        keys = [dg.AssetKey(name.split("/")) for name in names]
        job = self.defs.resolve_implicit_global_asset_job_def()
        return job.execute_in_process(
            asset_selection=keys, instance=self.instance, raise_on_error=False,
            run_config=QUIET, **options,
        )  # fmt: skip

    def layer(self, name: str) -> list[str]:
        """Every asset of a group."""
        specs = self.defs.resolve_all_asset_specs()
        return [s.key.to_user_string() for s in specs if s.group_name == name]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A sample received, loaded and published; the last day of gifts has not come yet."""
    root = tmp_path_factory.mktemp("partial")
    sample = root / "sample"
    generate(sample, campaign="99-2020", scale=0.001, faults="none")
    settings = load_settings(root / "w", root / "landing", env={})
    shutil.copytree(sample, settings.landing)
    folders = sorted((settings.landing / GIFTS.name).iterdir())
    shutil.move(folders[-1], root / "later")
    assert not night(settings).blocked
    days = sorted(p.name.split("=")[1] for p in (settings.lake / GIFTS.name).glob("export_date=*"))
    with pytest.MonkeyPatch.context() as patch, dg.DagsterInstance.ephemeral() as instance:
        patch.setenv("JUANDI_WAREHOUSE", str(settings.warehouse))
        patch.setenv("JUANDI_LANDING", str(settings.landing))
        yield Place(build_defs(settings=settings), settings, instance, days)


@pytest.fixture
def untouched(place: Place) -> Iterator[None]:
    """The published file, the kept releases and the note of the last one are as before."""
    base = place.settings.build / "base"

    def kept() -> list[object]:
        notes = {p.name: p.read_bytes() for p in base.iterdir()}
        stat = place.settings.published.stat()
        return [stat.st_mtime_ns, stat.st_ino, list_releases(place.settings), notes]

    before = kept()
    yield
    assert kept() == before


def made(result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    """What was reported as materialised, with its metadata."""
    return {
        e.asset_key.to_user_string(): e.step_materialization_data.materialization.metadata
        for e in result.get_asset_materialization_events()
        if e.asset_key
    }


def failures(result: dg.ExecuteInProcessResult) -> str:
    """What failed steps said, a sentence each."""
    said = []
    for event in result.all_events:
        if event.is_step_failure:
            told = event.step_failure_data
            cause = told.error.cause if told.error else None
            user = told.user_failure_data
            said.append(
                f"{event.step_key}: {user.description if user else cause and cause.message}"
            )
    return "\n".join(said)


def checked(result: dg.ExecuteInProcessResult) -> dict[str, int]:
    """How many checks were answered, by asset; none failed."""
    found: dict[str, int] = {}
    for check in result.get_asset_check_evaluations():
        assert check.passed or check.severity is dg.AssetCheckSeverity.WARN, check
        name = check.asset_key.to_user_string()
        found[name] = found.get(name, 0) + 1
    return found


def rows(settings: Settings, table: str) -> int:
    with duckdb.connect(str(settings.published), read_only=True) as connection:
        row = connection.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    return int(row[0])


@nothing_is_published
def test_one_model(place: Place) -> None:
    """Its rows, seconds and checks; what it rests on is made beside it and not reported."""
    result = place.run("marts/campaign_summary")
    assert result.success, failures(result)
    ((name, told),) = made(result).items()
    assert name == "marts/campaign_summary"
    assert told["dagster/row_count"].value == rows(place.settings, "marts.campaign_summary")
    assert told["seconds"].value >= 0
    assert "fact_donation" in told["made_beside"].value
    assert told["published"].value.startswith("no")
    columns = told["dagster/column_schema"].value.columns
    assert "campaign_id" in {column.name for column in columns}
    lineage = told["dagster/column_lineage"].value.deps_by_column["campaign_id"]
    assert lineage == [dg.TableColumnDep(dg.AssetKey(["star", "dim_campaign"]), "campaign_id")]
    assert set(checked(result)) == {"marts/campaign_summary"}


def hashes(settings: Settings) -> dict[str, str]:
    with duckdb.connect(str(settings.published), read_only=True) as connection:
        return table_hashes(connection, settings.published.stem)


def test_the_next_night_is_as_it_would_have_been(place: Place, tmp_path: Path) -> None:
    """A day more has come: the night publishes what one without any partial run publishes."""
    settings = place.settings
    later = next(iter(settings.landing.parent.glob("later*")))
    shutil.copytree(later, settings.landing / GIFTS.name / "later")
    other = load_settings(tmp_path / "w", settings.landing, env={})
    shutil.copytree(settings.warehouse, other.warehouse)
    shutil.rmtree(other.build)
    assert not night(other).blocked

    alone = place.run("star/fact_donation")
    assert alone.success, failures(alone)
    job = place.defs.resolve_job_def(JOB)
    result = job.execute_in_process(instance=place.instance, run_config=QUIET)
    assert result.success, failures(result)
    assert "release_id" in made(result)["published"]
    assert made(result)["build"]["goes_on_from"].value != "—"
    assert hashes(settings) == hashes(other)


@nothing_is_published
def test_a_model_and_what_is_behind_it(place: Place) -> None:
    """Everything but the days: received, loaded, built, and each of it reported."""
    graph = place.defs.resolve_asset_graph()
    above = {dg.AssetKey(["star", "fact_behavior"])}
    while more := {p for key in above for p in graph.get(key).parent_keys} - above:
        above |= more
    outside = {key for s in SOURCES.values() for key in (landing_key(s), lake_key(s))}
    names = [key.to_user_string() for key in above - outside]
    result = place.run(*names)
    assert result.success, failures(result)
    assert set(names) <= set(made(result))
    assert "made_beside" in made(result)["star/fact_behavior"]


@nothing_is_published
@pytest.mark.parametrize("layer", ["seeds", "staging", "marts"])
def test_a_layer(place: Place, layer: str) -> None:
    """Each of its tables, with its rows."""
    names = place.layer(layer)
    result = place.run(*names)
    assert result.success, failures(result)
    assert set(made(result)) == set(names)
    assert all("dagster/row_count" in told for told in made(result).values())
    assert set(checked(result)) <= set(names)


@nothing_is_published
def test_a_day_of_a_source(place: Place) -> None:
    """Read again, and its checks asked of it as it then is."""
    day = place.days[0]
    result = place.run(f"lake/{GIFTS.name}", partition_key=day)
    assert result.success, failures(result)
    (event,) = result.get_asset_materialization_events()
    assert event.partition == day
    told = event.step_materialization_data.materialization.metadata
    assert told["rows_loaded"].value not in (None, 0)
    assert str(told["published"].value).startswith("no")
    assert set(checked(result)) == {f"lake/{GIFTS.name}"}
    order = [e.step_key for e in result.all_events if e.is_step_start]
    assert order == [f"lake__{GIFTS.name}", "gates"]


@nothing_is_published
def test_several_days(place: Place) -> None:
    """One run, each day told by itself; a day without a file took nothing, and says so."""
    first, last = place.days[0], "2020-09-11"
    result = place.run(
        f"lake/{GIFTS.name}",
        tags={
            "dagster/asset_partition_range_start": first,
            "dagster/asset_partition_range_end": last,
        },
    )
    assert result.success, failures(result)
    told = {e.partition: e.step_materialization_data.materialization.metadata
            for e in result.get_asset_materialization_events()}  # fmt: skip
    assert {day for day, found in told.items() if found["rows_loaded"].value} >= set(place.days)
    assert told[last]["files"].value == 0


@nothing_is_published
def test_the_build_alone(place: Place) -> None:
    """Made though nothing is new; the tables of `ops` have their checks."""
    result = place.run("build")
    assert result.success, failures(result)
    assert made(result)["build"]["published"].value.startswith("no")
    assert place.settings.release_db.exists()
    assert checked(result)["build"] > 10


@nothing_is_published
def test_the_gates_alone(place: Place) -> None:
    """All rules and dbt's tests, over a build that the run makes for them."""
    result = place.run("gates")
    assert result.success, failures(result)
    (told,) = made(result).values()
    assert told["pass"].value > 300
    assert told["blocked"].value is False
    assert told["published"].value.startswith("no")


@nothing_is_published
def test_published_alone_says_what_to_do(place: Place) -> None:
    """It cannot publish what the run did not make; the last release stays."""
    for names in (["published"], ["gates", "published"], ["build", "published"]):
        result = place.run(*names)
        assert not result.success
        assert "Start the job `nightly`" in failures(result)


@nothing_is_published
def test_while_another_run_holds_the_warehouse(place: Place) -> None:
    """It ends at once and says who holds it."""
    with refresh_lock(place.settings):
        result = place.run("seeds/regions")
    assert not result.success
    said = "\n".join(str(e) for e in result.all_events if e.is_failure)
    assert "another refresh is running" in said


def test_all_of_it_with_a_day(place: Place) -> None:
    """ "Materialize all" asks for a day of the partitioned sources and is a night with that day."""
    outside = {landing_key(s).to_user_string() for s in SOURCES.values()}
    specs = place.defs.resolve_all_asset_specs()
    every = [s.key.to_user_string() for s in specs if s.key.to_user_string() not in outside]
    before = hashes(place.settings)
    result = place.run(*every, partition_key=place.days[0])
    assert result.success, failures(result)
    assert "build" not in made(result)  # nothing is new: read again, it is the same
    assert hashes(place.settings) == before


def test_what_follows_the_lake_with_the_release(place: Place) -> None:
    """`build` to `published` without the load: a release of the lake as it stands."""
    outside = {landing_key(s) for s in SOURCES.values()} | {lake_key(s) for s in SOURCES.values()}
    specs = place.defs.resolve_all_asset_specs()
    names = [s.key.to_user_string() for s in specs
             if s.key not in outside and s.group_name != "archive"]  # fmt: skip
    assert {k.to_user_string() for k in (BUILD, GATES, PUBLISHED)} <= set(names)
    result = place.run(*names)
    assert result.success, failures(result)
    assert "published" not in made(result)  # nothing is new
