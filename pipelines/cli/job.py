"""The job `nightly`, run in this process, and what became of it.

The steps and their order are the graph's (`pipelines.definitions.jobs`): the very job that the
schedule starts. What a refresh does before it comes to the job is `refresh`'s.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pipelines.cli.summary import RefreshOutcome
from pipelines.definitions.ahead import Ahead
from pipelines.definitions.listener import Listener
from pipelines.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

    from pipelines.definitions.night import Night
    from pipelines.quality import GateResult
    from pipelines.stages.build.accounts import LoadRecord
    from pipelines.stages.receive.pull import PullReport


def run_job(
    settings: Settings, listener: Listener, ahead: Ahead, *, full: bool, run: str
) -> RefreshOutcome:
    """The night; what fails in it is in the outcome. The caller holds the warehouse.

    `run` is its id in Dagster's record.
    """
    _quiet_tools()
    from pipelines.definitions.definitions import build_defs
    from pipelines.definitions.jobs import JOB
    from pipelines.definitions.night import Night
    from pipelines.quality import SuiteError
    from pipelines.stages.build.project import MANIFEST, ProjectError

    is_recorded = bool(os.environ.get("DAGSTER_HOME"))
    night = Night(settings, listener, full, is_recorded, ahead)
    try:
        manifest = ahead.prepared.result() / MANIFEST
        graph = build_defs({"night": night}, settings, manifest, is_recorded=is_recorded)
        job = graph.resolve_job_def(JOB)
    except (ProjectError, SuiteError) as error:
        return _outcome("failed", night, ahead, [str(error)])
    level = "DEBUG" if os.environ.get("JUANDI_DEBUG") else "CRITICAL"
    with night.kept_open, _instance(is_recorded) as instance:
        result = job.execute_in_process(
            instance=instance,
            run_id=run,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": level}}}},
        )
    if night.is_unchanged:
        return _outcome("unchanged", night, ahead)
    if result.success and night.release is not None:
        return _outcome("published", night, ahead)
    if night.gates is not None and night.gates.blocked:
        return _outcome("blocked", night, ahead)
    return _outcome("failed", night, ahead, _errors(result))


def _quiet_tools() -> None:
    """No tool reports home, and none writes outside the warehouse."""
    os.environ["DAGSTER_TELEMETRY_ENABLED"] = "false"
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    os.environ["DO_NOT_TRACK"] = "1"


def _instance(is_recorded: bool) -> dg.DagsterInstance:
    """The instance whose pages may be watched, where one is set up; else one that is forgotten."""
    import dagster as dg

    return dg.DagsterInstance.get() if is_recorded else dg.DagsterInstance.ephemeral()


def _outcome(
    status: str, night: Night, ahead: Ahead, errors: list[str] | None = None
) -> RefreshOutcome:
    from pipelines.publishing.releases import published_release

    pulled = ahead.pulling.report.result()
    return RefreshOutcome(
        status,
        0.0,
        pulled.seen,
        len(pulled.new),
        release=night.release or published_release(night.settings),
        loads=_accounts(night, pulled),
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


def _accounts(night: Night, pulled: PullReport) -> list[LoadRecord]:
    """Law 1 for the files that this run received or read, as they stand among all others; and the
    files that wait for a decision, however long."""
    from pipelines.stages.build.accounts import load_record
    from pipelines.stages.standing.resolve import resolve

    fresh = {receipt.received_no for receipt in pulled.new}
    fresh |= {loaded.receipt.received_no for loaded in night.loads}
    standings = night.build.standings if night.build else resolve(night.settings)
    return [
        load_record(s)
        for s in standings
        if night.is_full or s.receipt.received_no in fresh or s.status == "held"
    ]


def _errors(result: dg.ExecuteInProcessResult) -> list[str]:
    """What failed, a sentence per step: the failure's own words, without a stack.

    A condition of the machine is said with its remedy.
    """
    from pipelines.publishing.machine import condition_of_text

    words = []
    for event in result.all_events:
        if event.is_step_failure:
            failure = event.step_failure_data
            said = failure.user_failure_data.description if failure.user_failure_data else None
            error = failure.error
            while error is not None and error.cause is not None:
                error = error.cause
            message = said or (error.message.strip() if error else "")
            found = condition_of_text(message)
            sentence = f"{found.sentence} [{message}]" if found else message
            words.append(f"{event.step_key}: {sentence}")
    return words
