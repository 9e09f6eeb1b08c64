"""The jobs that publish, and the hour of the nightly one.

What a step does is no business of this module.
"""

from __future__ import annotations

from datetime import time

import dagster as dg

from pipelines.definitions.keys import ARCHIVE, LOAD, PULL, lake_key, landing_key
from pipelines.definitions.run_tags import TRIGGER, WHOLE
from pipelines.sources import SOURCES

JOB = "nightly"
DAYS_JOB = "reload_days"

#: A run that was killed is tried once more, from its start: what its steps hand to each other is
#: gone. One of which a step failed is not: a gate that failed stays failed.
_TRIED_AGAIN = {
    "dagster/max_retries": "1",
    "dagster/retry_strategy": "ALL_STEPS",
    "dagster/retry_on_asset_or_op_failure": "false",
}


def nightly(gates: dg.AssetsDefinition) -> dg.UnresolvedAssetJobDefinition:
    """Every asset but the per-partition ones, in one process.

    The days of `lake/<source>` are the load's to report: with them in it the job would ask its
    caller for a partition, and write a materialisation that belongs to none.
    """
    by_day = [lake_key(source) for source in SOURCES.values()]
    # The gates check the lake's tables too, so they are named: checks follow their asset's choice.
    assets = _inside() - dg.AssetSelection.assets(*by_day)
    return dg.define_asset_job(
        JOB,
        selection=assets | dg.AssetSelection.checks(*gates.check_keys),
        executor_def=dg.in_process_executor,
        description="每夜更新 / Pull, load what is new, build, gate, publish: one process, one "
        "dbt invocation. `juandi refresh` runs its steps.",
        tags={WHOLE: "whole", **_TRIED_AGAIN},
    )


def reload_days(gates: dg.AssetsDefinition) -> dg.UnresolvedAssetJobDefinition:
    """The days asked for of every dated source, and a release of what the lake then is.

    A range of days is one run, for the partitioned assets in it have one policy (`lake`); the rest
    has no days and is made once.
    """
    undated = [lake_key(source) for source in SOURCES.values() if not source.dated]
    assets = _inside() - dg.AssetSelection.assets(PULL, ARCHIVE, LOAD, *undated)
    return dg.define_asset_job(
        DAYS_JOB,
        selection=assets | dg.AssetSelection.checks(*gates.check_keys),
        executor_def=dg.in_process_executor,
        description="重读若干日 / Reads the files of the days asked for again from the archive, in "
        "one run; then build, gate, publish. Nothing is pulled or received.",
        tags={WHOLE: "days", **_TRIED_AGAIN},
    )


def _inside() -> dg.AssetSelection:
    """All that is made here; landing is the outside."""
    outside = [landing_key(source) for source in SOURCES.values()]
    return dg.AssetSelection.all() - dg.AssetSelection.assets(*outside)


def nightly_schedule(at: time) -> dg.ScheduleDefinition:
    """Every night `at` this hour in Beijing."""
    return dg.ScheduleDefinition(
        name="nightly_schedule",
        job_name=JOB,
        cron_schedule=f"{at.minute} {at.hour} * * *",
        execution_timezone="Asia/Shanghai",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        tags={TRIGGER: "schedule"},
        description=f"每日北京时间 {at:%H:%M} / Every night at {at:%H:%M}, Beijing time "
        "(JUANDI_NIGHT_AT).",
    )
