"""After a publication: what `[retention]` lets go, of the warehouse and of Dagster's own runs.

A failure of it fails no night: what was begun is completed after the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import dagster as dg

from pipelines.publishing.retention import KeepRule, retention
from pipelines.settings import BEIJING, Settings
from pipelines.stages.retain.retain import Retained, apply
from pipelines.stages.standing.values import Standing

#: Runs that have ended, and will not go on.
_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
#: Runs forgotten at a time: a history of years does not hold up one night.
_AT_ONCE = 1_000


def old_runs(
    instance: dg.DagsterInstance, rule: KeepRule, most: int = _AT_ONCE, now: datetime | None = None
) -> list[str]:
    """Ids of ended runs that the rule lets go, newest first, at most `most`."""
    cursor = None
    if rule.count:
        newest = instance.get_run_records(dg.RunsFilter(statuses=_ENDED), limit=rule.count)
        if len(newest) < rule.count:
            return []
        cursor = newest[-1].dagster_run.run_id
    until = (now or datetime.now(BEIJING)) - timedelta(days=rule.days) if rule.days else None
    older = dg.RunsFilter(statuses=_ENDED, created_before=until)
    found = instance.get_run_records(older, limit=most, cursor=cursor)
    return [record.dagster_run.run_id for record in found]


def forget_runs(instance: dg.DagsterInstance, rule: KeepRule | None) -> int:
    """Deletes the records of runs that the rule lets go; never of one that is going on."""
    going = old_runs(instance, rule) if rule else []
    for run_id in going:
        instance.delete_run(run_id)
    return len(going)


def retain_after_publishing(
    context: dg.AssetExecutionContext, settings: Settings, standings: Sequence[Standing]
) -> dict[str, int]:
    """Lets go what is due, and tells how much as metadata; what fails is a warning."""
    try:
        done: Retained = apply(settings, standings)
        runs = forget_runs(context.instance, retention(settings).runs)
    except Exception as error:  # noqa: BLE001 - the night is published, whatever this comes to
        context.log.warning(f"retention: {type(error).__name__}: {error}")
        return {}
    return {
        "let_go_files": len(done.files.due),
        "let_go_runs": runs,
        "let_go_bytes": done.bytes,
    }
