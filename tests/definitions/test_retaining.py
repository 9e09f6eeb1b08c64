"""Dagster's own runs: by age and by count, never one that is going on; and no failure counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.definitions import retaining
from pipelines.definitions.retaining import forget_runs, old_runs, retain_after_publishing
from pipelines.publishing.retention import KeepRule
from pipelines.settings import BEIJING, Settings


@dg.op
def nothing() -> None:
    """Does nothing."""


@dg.job
def idle() -> None:
    """A run that ends at once."""
    nothing()


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """Five runs that have ended, the newest last, and one that is going on among them."""
    with dg.DagsterInstance.local_temp(str(tmp_path)) as made:
        for number in range(5):
            if number == 2:
                made.create_run_for_job(idle, run_id=None, status=dg.DagsterRunStatus.STARTED)
            idle.execute_in_process(instance=made)
        yield made


def _ended(instance: dg.DagsterInstance) -> list[str]:
    done = dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS])
    return [record.dagster_run.run_id for record in instance.get_run_records(done)]


def test_by_count(instance: dg.DagsterInstance) -> None:
    """The newest stay; what is going on is neither counted nor deleted."""
    before = _ended(instance)
    assert old_runs(instance, KeepRule(count=5)) == []
    assert old_runs(instance, KeepRule(count=2)) == before[2:]
    assert forget_runs(instance, KeepRule(count=2)) == 3
    assert _ended(instance) == before[:2]
    going_on = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
    assert len(instance.get_run_records(going_on)) == 1
    assert forget_runs(instance, None) == 0


def test_by_age(instance: dg.DagsterInstance) -> None:
    """Nothing younger goes; with a count too, only where both let it."""
    assert old_runs(instance, KeepRule(days=1)) == []
    later = datetime.now(BEIJING) + timedelta(days=2)
    assert old_runs(instance, KeepRule(days=1), now=later) == _ended(instance)
    assert old_runs(instance, KeepRule(days=3), now=later) == []
    assert old_runs(instance, KeepRule(days=1, count=4), now=later) == _ended(instance)[4:]
    assert old_runs(instance, KeepRule(days=1), most=2, now=later) == _ended(instance)[:2]


@pytest.mark.parametrize("what", ["apply", "forget_runs"])
def test_a_failure_fails_no_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """The release is out; what could not be let go is a warning."""

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(retaining, what, full)
    settings = Settings(warehouse=tmp_path, landing=tmp_path / "landing")
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_asset_context(instance=instance)
        assert retain_after_publishing(context, settings, ()) == {}


def test_a_rule_that_cannot_be_read_fails_no_night(tmp_path: Path) -> None:
    """Nothing goes by it, and the night is told."""
    (tmp_path / "juandi.toml").write_text("[retention]\nlake = 3\n", encoding="utf-8")
    settings = Settings(warehouse=tmp_path, landing=tmp_path / "landing")
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_asset_context(instance=instance)
        assert retain_after_publishing(context, settings, ()) == {}
