"""The job `nightly`, run in this process, and what became of it.

The steps and their order are the graph's: the very job that the schedule starts where a record is
kept (`definitions`), its steps alone where none is (`unrecorded`). What a refresh does before
it comes to the job is `refresh`'s.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cli.summary import RefreshOutcome
from pipelines.definitions.ahead import Ahead
from pipelines.definitions.listener import Listener
from pipelines.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

    from pipelines.definitions.night import Night
    from pipelines.quality import GateResult


def run_job(
    settings: Settings, listener: Listener, ahead: Ahead, *, full: bool, run: str
) -> RefreshOutcome:
    """The night; what fails in it is in the outcome. The caller holds the warehouse.

    `run` is its id in Dagster's record.
    """
    _quiet_tools()
    from pipelines.definitions.night import Night
    from pipelines.definitions.run_tags import COMMAND_LINE, TRIGGER
    from pipelines.definitions.told import sentences
    from pipelines.definitions.unrecorded import unrecorded_job
    from pipelines.quality import SuiteError
    from pipelines.stages.build.project import MANIFEST, ProjectError

    is_recorded = bool(os.environ.get("DAGSTER_HOME"))
    night = Night(settings, listener, full, is_recorded, ahead)
    try:
        manifest = ahead.prepared.result() / MANIFEST
        job = _recorded_job(night, manifest) if is_recorded else unrecorded_job(night)
    except (ProjectError, SuiteError) as error:
        return _outcome("failed", night, ahead, [str(error)])
    level = "DEBUG" if os.environ.get("JUANDI_DEBUG") else "CRITICAL"
    with night.kept_open, _instance(is_recorded) as instance:
        result = job.execute_in_process(
            instance=instance,
            run_id=run,
            raise_on_error=False,
            tags={TRIGGER: COMMAND_LINE},
            run_config={"loggers": {"console": {"config": {"log_level": level}}}},
        )
    if night.is_unchanged:
        return _outcome("unchanged", night, ahead)
    if result.success and night.release is not None:
        return _outcome("published", night, ahead)
    if night.gates is not None and night.gates.blocked:
        return _outcome("blocked", night, ahead)
    return _outcome("failed", night, ahead, sentences(result.all_events))


def _quiet_tools() -> None:
    """No tool reports home, and none writes outside the warehouse."""
    os.environ["DAGSTER_TELEMETRY_ENABLED"] = "false"
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    os.environ["DO_NOT_TRACK"] = "1"


def _recorded_job(night: Night, manifest: Path) -> dg.JobDefinition:
    from pipelines.definitions.definitions import build_defs
    from pipelines.definitions.jobs import JOB

    return build_defs({"night": night}, night.settings, manifest).resolve_job_def(JOB)


def _instance(is_recorded: bool) -> dg.DagsterInstance:
    """The instance whose pages may be watched, where one is set up; else one that is forgotten."""
    import dagster as dg

    return dg.DagsterInstance.get() if is_recorded else dg.DagsterInstance.ephemeral()


def _outcome(
    status: str, night: Night, ahead: Ahead, errors: list[str] | None = None
) -> RefreshOutcome:
    from pipelines.definitions.told import accounts
    from pipelines.publishing.releases import published_release

    pulled = ahead.pulling.report.result()
    return RefreshOutcome(
        status,
        0.0,
        pulled.seen,
        len(pulled.new),
        release=night.release or published_release(night.settings),
        loads=accounts(night, pulled.new),
        gates=_verdicts(night),
        errors=errors or [],
        goes_on_from=night.build.continues if night.build else None,
        left=pulled.ignored,
        fetched=ahead.pulling.fetched(),
    )


def _verdicts(night: Night) -> list[GateResult]:
    """The gates' verdicts; dbt's alone where the run did not come as far as the gates."""
    if night.gates is not None:
        return list(night.gates.results)
    if night.dbt is None:
        return []
    from pipelines.quality.dbt_tests import dbt_results

    return list(dbt_results(night.dbt.results, night.dbt.manifest))
