"""A run that is killed is found, called failed, and told of once, with the step at which it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.definitions.launching import WatchedRunLauncher
from pipelines.definitions.run_tags import COMMAND_LINE, TOLD, TRIGGER, WHOLE
from pipelines.definitions.told import killed_runs_are_told
from pipelines.publishing.lock import refresh_lock
from pipelines.settings import PROJECT_ROOT, Settings, load_settings
from pipelines.stages.tell import sending
from pipelines.stages.tell.news import NightTold
from pipelines.stages.tell.sending import Sent

SETTINGS = PROJECT_ROOT / "pipelines" / "definitions" / "dagster.yaml"
KILLED = """
import os, signal
import dagster as dg

@dg.op
def load() -> int:
    return 1

@dg.op
def models(done: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)

@dg.job(name="nightly")
def night() -> None:
    models(load())

with dg.DagsterInstance.get() as instance:
    night.execute_in_process(instance=instance, tags={"juandi/refresh": "whole"})
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    """The project's own settings of an instance, and the record of a run killed in its step."""
    home = tmp_path_factory.mktemp("home")
    (home / "dagster.yaml").write_bytes(SETTINGS.read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", KILLED], env={**os.environ, "DAGSTER_HOME": str(home)},
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(home))
        with dg.DagsterInstance.get() as instance:
            yield instance


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A warehouse that tells somebody."""
    monkeypatch.setenv("JUANDI_WAREHOUSE", str(tmp_path))
    (tmp_path / "juandi.toml").write_text('[alerts]\nto = [{ env = "HOOK" }]\n')
    return load_settings()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[NightTold]:
    """What was to be told."""
    told: list[NightTold] = []

    def tell(_: Settings, night: NightTold) -> list[Sent]:
        told.append(night)
        return [Sent("1", 1)]

    monkeypatch.setattr(sending, "tell", tell)
    return told


def test_the_settings_are_understood(killed: dg.DagsterInstance) -> None:
    """One run at a time, killed runs looked for and tried once more, no telemetry."""
    instance: Any = killed
    assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 1
    assert instance.run_monitoring_enabled
    assert instance.run_retries_enabled
    assert not instance.run_retries_retry_on_asset_or_op_failure
    assert not instance.telemetry_enabled
    assert isinstance(killed.run_launcher, WatchedRunLauncher)


def test_it_is_found(killed: dg.DagsterInstance, settings: Settings) -> None:
    """Still "started", but nobody holds the warehouse; who does may be this run."""
    (run,) = killed.get_runs()
    assert run.status is dg.DagsterRunStatus.STARTED
    launcher = killed.run_launcher
    assert launcher.supports_check_run_worker_health
    assert launcher.check_run_worker_health(run).status.name == "NOT_FOUND"
    with refresh_lock(settings):
        assert launcher.check_run_worker_health(run).status.name == "RUNNING"


def test_people_are_told_once(
    killed: dg.DagsterInstance, settings: Settings, heard: list[NightTold]
) -> None:
    """Which step, and what was seen of its process."""

    def look() -> None:
        (run,) = killed.get_runs()
        killed_runs_are_told(
            dg.build_run_status_sensor_context(
                "killed_runs_are_told", event, killed, run
            ).for_run_failure()
        )

    (run,) = killed.get_runs()
    event = killed.report_run_failed(run, "Detected run worker status NOT_FOUND")
    look()
    (told,) = heard
    assert told.status == "failed"
    assert list(told.errors) == [
        "models: 进程被终止 / its process was ended: Detected run worker status NOT_FOUND"
    ]
    (run,) = killed.get_runs()
    assert run.tags[TOLD] == f"failed {run.run_id[:8]}"
    look()
    assert len(heard) == 1


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(
    ("tags", "is_told"),
    [
        ({WHOLE: "whole"}, True),
        ({WHOLE: "whole", TOLD: "failed 01234567"}, True),
        ({WHOLE: "whole", TRIGGER: COMMAND_LINE}, False),
        ({}, False),
    ],
    ids=["whole", "told of the one before", "command line", "part"],
)
def test_who_tells(tags: dict[str, str], is_told: bool, heard: list[NightTold]) -> None:
    """Of a step that failed, the run itself does, or the command that waited for it."""

    @dg.op
    def gates() -> None:
        raise dg.Failure("a rule")

    @dg.job
    def night() -> None:
        gates()

    with dg.DagsterInstance.ephemeral() as instance:
        done = night.execute_in_process(instance=instance, raise_on_error=False, tags=tags)
        run = instance.get_run_by_id(done.run_id)
        assert run is not None
        killed_runs_are_told(
            dg.build_run_status_sensor_context(
                "killed_runs_are_told", done.get_run_failure_event(), instance, run
            ).for_run_failure()
        )
    assert [list(told.errors) for told in heard] == ([["gates: a rule"]] if is_told else [])
