"""The graph explains the system: every asset is named, grouped, described and owned.

What is expected of it is read from the folders, not from the graph.
"""

from collections import defaultdict
from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions.jobs import JOB, nightly_schedule
from pipelines.quality import load_suites
from pipelines.settings import DBT_PROJECT, SettingsError, load_settings
from pipelines.sources import SOURCES
from pipelines.stages.build import project
from tests.definitions.conftest import Graph

MODELS = {
    "/".join((path.relative_to(DBT_PROJECT / "models").parts[0], path.stem))
    for path in DBT_PROJECT.glob("models/**/*.sql")
}
SEEDS = {f"seeds/{path.stem}" for path in DBT_PROJECT.glob("seeds/**/*.csv")}
OWN = {"pull", "archive", "load", "build", "gates", "published"}


def specs(graph: Graph) -> dict[str, dg.AssetSpec]:
    """Every asset of the graph by its name."""
    return {spec.key.to_user_string(): spec for spec in graph.defs.resolve_all_asset_specs()}


def test_every_asset_is_expected(graph: Graph) -> None:
    """Sources, models and seeds become assets by being there; nothing else does."""
    wanted = OWN | MODELS | SEEDS
    wanted |= {f"{zone}/{name}" for zone in ("landing", "lake") for name in SOURCES}
    assert set(specs(graph)) == wanted


def test_groups(graph: Graph) -> None:
    """A group is a zone or a layer."""
    groups = defaultdict(set)
    for name, spec in specs(graph).items():
        groups[spec.group_name].add(name.split("/")[0])
    assert groups == {
        "archive": {"archive", "load"},
        "landing": {"landing", "pull"},
        "build": {"build"},
        "release": {"gates", "published"},
        **{n: {n} for n in ("lake", "seeds", "staging", "intermediate")},
        **{n: {n} for n in ("star", "marts")},
    }


def test_every_asset_is_described_and_owned(graph: Graph) -> None:
    """Words in Chinese and English, a kind, a team."""
    for name, spec in specs(graph).items():
        assert " / " in (spec.description or ""), f"{name}: {spec.description!r}"
        assert spec.kinds, name
        assert spec.owners, name


def test_every_table_of_the_release_shows_its_columns(graph: Graph) -> None:
    """Columns come with their words, from the contracts and from dbt's yml."""
    for name, spec in specs(graph).items():
        if name.startswith(("star/", "marts/", "lake/")):
            schema = spec.metadata["dagster/column_schema"]
            assert isinstance(schema, dg.TableSchema | dg.TableSchemaMetadataValue), name


def test_lineage_of_a_gift(graph: Graph) -> None:
    """From the platform's file to the release, without a gap."""
    parents = {n: {d.asset_key.to_user_string() for d in s.deps} for n, s in specs(graph).items()}

    def above(name: str) -> set[str]:
        found: set[str] = set()
        todo = [name]
        while todo:
            for parent in parents.get(todo.pop(), set()) - found:
                found.add(parent)
                todo.append(parent)
        return found

    way = {
        "pull",
        "landing/tencent_donations",
        "archive",
        "load",
        "lake/tencent_donations",
        "build",
    }
    way |= {"staging/stg_tencent_donations"}
    assert way <= above("star/fact_donation")
    assert {"star/fact_donation", "gates"} <= above("published")
    assert parents["published"] == {"gates"}


def test_partitions(graph: Graph) -> None:
    """Dated sources by Beijing day; nothing else is partitioned."""
    dated = {f"lake/{s.name}" for s in SOURCES.values() if s.dated}
    partitioned = {n: s.partitions_def for n, s in specs(graph).items() if s.partitions_def}
    assert set(partitioned) == dated
    for definition in partitioned.values():
        assert isinstance(definition, dg.DailyPartitionsDefinition)
        assert definition.timezone == "Asia/Shanghai"
        assert definition.start.date().isoformat() == "2007-01-01"


def test_freshness_goes_by_the_cadence(graph: Graph) -> None:
    """The very one that `ops.source_health` goes by; what comes now and then is never late."""
    policies = {n: s.freshness_policy for n, s in specs(graph).items() if s.freshness_policy}
    expected = {f"lake/{s.name}": s.expected_every for s in SOURCES.values() if s.expected_every}
    assert set(policies) == set(expected)
    for name, policy in policies.items():
        every = expected[name]
        assert policy == dg.FreshnessPolicy.time_window(2 * every, every * 1.25)


def test_every_rule_is_a_check(graph: Graph) -> None:
    """Suites and dbt tests stand on the tables they guard, and none blocks by itself."""
    checks = graph.defs.resolve_asset_graph().asset_check_keys
    by_name = {key.name: key.asset_key.to_user_string() for key in checks}
    known = set(specs(graph))
    for suite in load_suites():
        table = suite.table_name.replace(".", "/")
        for rule in suite.rules:
            wanted = "gates" if table.startswith("release/") else "build"
            wanted = table if table in known else wanted
            assert by_name[rule.rule_id.replace(".", "__")] == wanted
    assert any(name.startswith("fact_donation_") for name in by_name)
    gates = graph.defs.resolve_asset_graph()
    assert not [key for key in checks if gates.get(key).blocking]


def test_the_nightly_job(graph: Graph) -> None:
    """One job, unpartitioned, in one process, with everything but the outside and the days."""
    job = graph.defs.resolve_job_def(JOB)
    assert job.partitions_def is None
    assert job.executor_def is dg.in_process_executor
    names = {key.to_user_string() for key in job.asset_layer.selected_asset_keys}
    assert names == OWN | MODELS | SEEDS
    steps = {node.name for node in job.nodes}
    assert steps == {"pull", "archive", "load", "build", "models", "gates", "published"}


def test_the_schedule(graph: Graph) -> None:
    """02:30 in Beijing, on from the start."""
    (schedule,) = graph.defs.schedules
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("30 2 * * *", "Asia/Shanghai")
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    assert schedule.job_name == JOB


def test_the_hour_is_a_setting() -> None:
    """Of the day, in Beijing; anything else is refused."""
    at = load_settings(env={"JUANDI_NIGHT_AT": "04:05"}).night_at
    assert nightly_schedule(at).cron_schedule == "5 4 * * *"
    for wrong in ("25:00", "soon", "04:05:06", "04:05+01:00"):
        with pytest.raises(SettingsError, match="JUANDI_NIGHT_AT"):
            load_settings(env={"JUANDI_NIGHT_AT": wrong})


def test_the_sensors(graph: Graph) -> None:
    """Who was killed is told of from the start; asking for more releases is somebody's choice."""
    found = {sensor.name: sensor for sensor in graph.defs.sensors}
    running = {n: s.default_status is dg.DefaultSensorStatus.RUNNING for n, s in found.items()}
    assert running == {"new_files": False, "killed_runs_are_told": True}
    assert found["new_files"].job_name == JOB


@pytest.mark.parametrize("said", ["warnings", "logged"])
def test_loads_in_silence(graph: Graph, said: str) -> None:
    """Loading the graph warns of nothing."""
    assert getattr(graph, said) == []


def test_the_project_is_parsed_once(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unchanged project is not parsed again; a changed one is, for this warehouse alone."""
    parsed: list[Path] = []
    monkeypatch.setattr(project, "prepare", lambda folder, *_: parsed.append(folder))
    assert (project.prepared(graph.settings) / project.MANIFEST).is_file()
    assert parsed == []
    monkeypatch.setattr(project, "fingerprint", lambda *_: "another")
    own = project.dbt_target(graph.settings)
    assert project.prepared(graph.settings) == own
    assert parsed == [own]
