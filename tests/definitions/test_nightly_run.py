"""How the job behaves: what is reported, what is skipped, what stops a release.

The stages are replaced by small ones that say what they were asked; their own work has its own
tests, and whole refreshes are in tests/cli.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

import dagster as dg
import pytest

from pipelines.definitions import gates, lake, models, night, receiving, release, retrying
from pipelines.definitions.jobs import DAYS_JOB, JOB
from pipelines.definitions.keys import lake_key
from pipelines.definitions.night import Night
from pipelines.definitions.unrecorded import unrecorded_job
from pipelines.publishing.releases import Release
from pipelines.quality import GateResult, load_suites
from pipelines.settings import BEIJING, Settings
from pipelines.sources import SOURCES, Source
from pipelines.stages.build.build import Build
from pipelines.stages.build.models import DbtReport
from pipelines.stages.build.nodes import NodeResult
from pipelines.stages.build.project import MANIFEST, prepared
from pipelines.stages.build.tables import Tables
from pipelines.stages.gate.gate import GateReport
from pipelines.stages.load.load import Loaded
from pipelines.stages.receive.pull import PullReport
from pipelines.stages.store.receipts import Outcome, Receipt
from tests.definitions.conftest import Graph

GIFTS = SOURCES["tencent_donations"]
Run: TypeAlias = Callable[[Graph, Night, dg.DagsterInstance], dg.ExecuteInProcessResult]
DAYS = (date(2024, 8, 2), date(2024, 8, 3))
NOW = datetime(2024, 8, 5, 2, 30, tzinfo=BEIJING)


def loaded(source: Source, day: date, number: int, refusal: str | None = None) -> Loaded:
    """A file of ten rows and 12.34 yuan, one row of them quarantined; or a refused one."""
    place = f"{source.name}/{day}.csv"
    receipt = Receipt(number, source.name, f"{day}.csv", place, f"{number:064}", 100, NOW, NOW, day)
    if refusal:
        return Loaded(receipt, Outcome(partition=day, refusal=refusal))
    counted: Mapping[str, Any] = {"rows_read": 10, "rows_loaded": 9, "rows_quarantined": 1}
    return Loaded(receipt, Outcome(partition=day, fen_read=1234, fen_loaded=1234, **counted))


class Stages:
    """The stages, replaced; what they were asked is kept in `asked`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, manifest: Path) -> None:
        self.asked: list[Any] = []
        self.last: Release | None = None
        self.failing: set[str] = set()
        self.unbuilt: set[str] = set()
        self._manifest = manifest
        self._nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
        for module, name in (
            *((receiving, n) for n in ("pull", "pending", "load_source")),
            *((lake, "load_source"), (night, "prepare_build"), (night, "build_models")),
            *((release, n) for n in ("inputs_of", "is_unchanged", "published_release", "publish")),
            *((models, "tables_made"), (gates, "run_gates")),
        ):
            monkeypatch.setattr(module, name, getattr(self, name))

    def pull(self, settings: Settings) -> PullReport:
        return PullReport(seen=3)

    def pending(self, settings: Settings) -> list[Receipt]:
        return []

    def load_source(
        self,
        settings: Settings,
        source: Source,
        partitions: Any = None,
        on_file: Any = None,
        *,
        again: bool = False,
        sharing: Any = None,
    ) -> list[Loaded]:
        if partitions is not None:  # a person who asks for days wants them read, pending or not
            assert again
        self.asked.append((source.name, partitions))
        if source is not GIFTS:
            return []
        days = sorted(partitions or DAYS)
        taken = [loaded(source, day, number) for number, day in enumerate(days)]
        return [*taken, loaded(source, date(2024, 8, 9), 99, refusal="file.empty")]

    def inputs_of(self, settings: Settings) -> None:
        """What stands: asked of nothing here."""

    def is_unchanged(self, settings: Settings, inputs: None) -> bool:
        return self.last is not None

    def published_release(self, settings: Settings) -> Release | None:
        return self.last

    def tables_made(self, *_: Any, **__: Any) -> Tables:
        return Tables({}, {})

    def prepare_build(self, settings: Settings, inputs: object) -> Build:
        return Build(as_of=DAYS[-1], run_id="r1", inputs_hash="same")

    def build_models(self, settings: Settings, **_: Any) -> DbtReport:
        def status(name: str, kind: str) -> str:
            if name in self.unbuilt:
                return "skipped"
            return "pass" if kind == "test" else "success"

        return DbtReport(
            tuple(
                NodeResult(
                    i, n["resource_type"], status(n["name"], n["resource_type"]), 0, None, 0.1
                )
                for i, n in self._nodes.items()
            ),
            self._manifest,
        )

    def run_gates(self, settings: Settings, build: Build, dbt: DbtReport, **_: Any) -> GateReport:
        return GateReport(
            tuple(
                GateResult(r.rule_id, r.layer, r.table_name, r.severity,
                           "fail" if r.rule_id in self.failing else "pass",
                           None, None, None, r.zh, r.en)
                for suite in load_suites() for r in suite.rules
            )
        )  # fmt: skip

    def publish(self, settings: Settings, build: Build, verdict: GateReport) -> Release:
        self.asked.append("publish")
        return Release("r-1", NOW.replace(tzinfo=None), build.as_of, "c", 1, 1, 0, "same")


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch, graph: Graph) -> Stages:
    """The replaced stages."""
    return Stages(monkeypatch, prepared(graph.settings) / MANIFEST)


def run(graph: Graph, night: Night, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    """The nightly job in this process, quietly."""
    job = graph.defs.resolve_job_def(JOB)
    done: dg.ExecuteInProcessResult = job.execute_in_process(
        instance=instance,
        resources={"night": night},
        raise_on_error=False,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    return done


def run_unrecorded(
    graph: Graph, night: Night, instance: dg.DagsterInstance
) -> dg.ExecuteInProcessResult:
    """The same steps as `juandi refresh` runs them where nobody looks at a record."""
    return unrecorded_job(night).execute_in_process(
        instance=instance,
        raise_on_error=False,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )


either = pytest.mark.parametrize("run", [run, run_unrecorded])


def failed(result: dg.ExecuteInProcessResult) -> list[str]:
    """What the steps that failed say."""
    return [str(e.step_failure_data.error) for e in result.all_events if e.is_step_failure]


def skipped(result: dg.ExecuteInProcessResult) -> set[str]:
    """The steps that did not run because nothing was there for them."""
    return {e.step_key for e in result.all_events if e.is_step_skipped and e.step_key}


def test_a_night(graph: Graph, stages: Stages) -> None:
    """Everything is materialised; each partition that took rows is reported, and no other."""
    night = Night(graph.settings)
    with dg.DagsterInstance.ephemeral() as instance:
        result = run(graph, night, instance)
        assert result.success, failed(result)
        made = result.get_asset_materialization_events()
        gifts = [e for e in made if e.asset_key == lake_key(GIFTS)]
        assert [e.partition for e in gifts] == [day.isoformat() for day in DAYS]
        told = gifts[0].step_materialization_data.materialization.metadata
        assert told["rows_loaded"].value == 9
        assert told["rows_quarantined"].value == 1
        assert told["amount_loaded_cny"].value == "12.34"
        checks = result.get_asset_check_evaluations()
        assert len(checks) > len([r for s in load_suites() for r in s.rules])
    assert [name for name, _ in stages.asked[:-1]] == list(SOURCES)
    assert stages.asked[-1] == "publish"
    assert night.release is not None


@either
def test_nothing_new(graph: Graph, stages: Stages, run: Run) -> None:
    """The rest of the night is skipped, and says so."""
    with dg.DagsterInstance.ephemeral() as instance:
        first = Night(graph.settings)
        assert run(graph, first, instance).success
        stages.last = first.release
        second = Night(graph.settings)
        result = run(graph, second, instance)
        assert result.success
    assert second.is_unchanged
    assert skipped(result) == {"models", "gates", "published"}
    assert stages.asked.count("publish") == 1


def test_a_gate_stops_the_release(graph: Graph, stages: Stages) -> None:
    """A critical rule that fails: every finding is reported, nothing is published."""
    rule = next(r for s in load_suites() for r in s.rules if r.severity == "critical")
    stages.failing = {rule.rule_id}
    night = Night(graph.settings)
    with dg.DagsterInstance.ephemeral() as instance:
        result = run(graph, night, instance)
    assert not result.success
    (failure,) = [e for e in result.all_events if e.is_step_failure]
    assert failure.step_key == "gates"
    assert rule.rule_id in str(failure.step_failure_data.user_failure_data)
    bad = [c for c in result.get_asset_check_evaluations() if not c.passed]
    assert [c.check_name for c in bad] == [gates.check_name(rule.rule_id)]
    assert "publish" not in stages.asked
    assert not [e for e in result.all_events if e.is_step_up_for_retry]


def test_a_gate_stops_an_unrecorded_release(graph: Graph, stages: Stages) -> None:
    """Although Dagster hears of no check."""
    rule = next(r for s in load_suites() for r in s.rules if r.severity == "critical")
    stages.failing = {rule.rule_id}
    night = Night(graph.settings)
    with dg.DagsterInstance.ephemeral() as instance:
        result = run_unrecorded(graph, night, instance)
    (failure,) = [e for e in result.all_events if e.is_step_failure]
    assert failure.step_key == "gates"
    assert night.gates is not None
    assert night.gates.blocked
    assert rule.rule_id in str(failure.step_failure_data.user_failure_data)
    assert "publish" not in stages.asked


def test_a_record_changes_no_step(graph: Graph, stages: Stages) -> None:
    """The same steps in the same order ask the stages the same."""
    found = []
    for go in (run, run_unrecorded):
        stages.asked.clear()
        with dg.DagsterInstance.ephemeral() as instance:
            result = go(graph, Night(graph.settings), instance)
        assert result.success, failed(result)
        steps = [e.step_key for e in result.all_events if e.is_step_start]
        found.append((steps, list(stages.asked)))
    assert found[0] == found[1]
    assert found[0][0] == ["pull", "archive", "load", "build", "models", "gates", "published"]


def test_a_warning_stops_nothing(graph: Graph, stages: Stages) -> None:
    """A warning is seen as one."""
    rule = next(r for s in load_suites() for r in s.rules if r.severity == "warning")
    stages.failing = {rule.rule_id}
    with dg.DagsterInstance.ephemeral() as instance:
        result = run(graph, Night(graph.settings), instance)
    assert result.success
    (bad,) = [c for c in result.get_asset_check_evaluations() if not c.passed]
    assert bad.severity is dg.AssetCheckSeverity.WARN


@either
def test_a_model_not_built_is_no_quiet_night(graph: Graph, stages: Stages, run: Run) -> None:
    """Dagster skips what a missing table feeds; a night without a release is a failure."""
    stages.unbuilt = {"campaign_summary"}
    with dg.DagsterInstance.ephemeral() as instance:
        result = run(graph, Night(graph.settings), instance)
    assert not result.success
    (failure,) = [e for e in result.all_events if e.is_step_failure]
    assert "campaign_summary" in str(failure.step_failure_data.user_failure_data)
    assert "publish" not in stages.asked


def test_what_a_run_says_of_itself(graph: Graph, stages: Stages) -> None:
    """Its tags: what was new, what came of it. On a day: its bytes, what no contract knows."""
    with dg.DagsterInstance.ephemeral() as instance:
        result = run(graph, Night(graph.settings), instance)
        found = instance.get_run_by_id(result.run_id)
        assert found is not None
        told = {name: value for name, value in found.tags.items() if name.startswith("juandi/")}
        assert told == {
            "juandi/refresh": "whole",
            "juandi/new": "3 files: tencent_donations 3 (2024-08-02 … 2024-08-09)",
            "juandi/as_of": "2024-08-03",
            "juandi/release": "r-1",
        }
    made = {
        e.partition: e.step_materialization_data.materialization.metadata
        for e in result.get_asset_materialization_events()
        if e.asset_key == lake_key(GIFTS)
    }
    first = made[DAYS[0].isoformat()]
    assert (first["bytes"].value, first["drift"].value) == (100, "—")


def test_the_schedule_says_that_it_was_it(graph: Graph) -> None:
    """A tick at its hour asks for the job, with the trigger in its tags."""
    schedule = graph.defs.resolve_schedule_def("nightly_schedule")
    due = datetime(2024, 8, 5, 2, 30, tzinfo=BEIJING)
    context = dg.build_schedule_context(scheduled_execution_time=due)
    (asked,) = list(schedule.evaluate_tick(context).run_requests or ())
    assert asked.tags["juandi/trigger"] == "schedule"


def test_a_file_that_is_held_is_waited_for(
    graph: Graph, stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within the step, a few times; what would be the same again is not tried again."""
    monkeypatch.setattr(retrying, "_FIRST_WAIT", 0)
    tries: list[Exception] = []

    def pull(_: Settings) -> PullReport:
        if len(tries) < 2:
            tries.append(sqlite3.OperationalError("database is locked"))
            raise tries[-1]
        return PullReport(seen=3)

    monkeypatch.setattr(receiving, "pull", pull)
    with dg.DagsterInstance.ephemeral() as instance:
        assert run(graph, Night(graph.settings), instance).success
    assert len(tries) == 2

    def full(_: Settings) -> PullReport:
        tries.append(OSError(28, "No space left on device"))
        raise tries[-1]

    monkeypatch.setattr(receiving, "pull", full)
    with dg.DagsterInstance.ephemeral() as instance:
        assert not run(graph, Night(graph.settings), instance).success
    assert len(tries) == 3


def test_days_again_and_a_release_in_one_run(graph: Graph, stages: Stages) -> None:
    """The days asked for of every dated source, nothing received; then the rest of a night."""
    job = graph.defs.resolve_job_def(DAYS_JOB)
    assert job.backfill_policy.max_partitions_per_run is None  # a range is one run
    first, last = (day.isoformat() for day in DAYS)
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(
            instance=instance,
            resources={"night": Night(graph.settings)},
            tags={
                "dagster/asset_partition_range_start": first,
                "dagster/asset_partition_range_end": last,
            },
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
        assert result.success, failed(result)
        made = instance.get_materialized_partitions(lake_key(GIFTS))
    assert made == {first, last}
    dated = [source.name for source in SOURCES.values() if source.dated]
    assert sorted(stages.asked[:-1]) == sorted((name, set(DAYS)) for name in dated)
    assert stages.asked[-1] == "publish"


def test_the_last_run_of_a_backfill(
    graph: Graph, stages: Stages, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of everything: its seeds were another run's. It publishes, as the backfill was asked to."""
    monkeypatch.setenv("JUANDI_WAREHOUSE", str(tmp_path))
    specs = {spec.key: spec for spec in graph.defs.resolve_all_asset_specs()}
    later = {"build", "staging", "intermediate", "star", "marts", "release"}
    part = [key for key, spec in specs.items() if spec.group_name in later]
    job = graph.defs.resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        asked_for = SimpleNamespace(asset_selection=list(specs))
        monkeypatch.setattr(instance, "get_backfill", lambda _: asked_for)
        result = job.execute_in_process(
            instance=instance,
            asset_selection=part,
            raise_on_error=False,
            tags={"dagster/backfill": "b"},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    assert result.success, failed(result)
    assert stages.asked == ["publish"]


def test_a_range_of_days_is_one_run(graph: Graph, stages: Stages) -> None:
    """By hand: the pending files of those days, loaded in one process, each day reported."""
    (asset,) = [a for a in lake.lake_assets() if a.key == lake_key(GIFTS)]
    assert asset.backfill_policy is not None
    assert asset.backfill_policy.policy_type.name == "SINGLE_RUN"
    first, last = (day.isoformat() for day in DAYS)
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [asset],
            instance=instance,
            resources={"night": Night(graph.settings)},
            tags={
                "dagster/asset_partition_range_start": first,
                "dagster/asset_partition_range_end": last,
            },
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
        assert instance.get_materialized_partitions(lake_key(GIFTS)) == {first, last}
    assert stages.asked == [(GIFTS.name, set(DAYS))]
    (one, *_) = result.get_asset_materialization_events()
    assert one.step_materialization_data.materialization.metadata["rows_loaded"].value == 9
