"""The one nightly job and its hour.

What a step does is no business of this module.
"""

from __future__ import annotations

import dagster as dg

from pipelines.definitions.keys import WHOLE, lake_key, landing_key
from pipelines.sources import SOURCES

JOB = "nightly"


def nightly(
    gates: dg.AssetsDefinition, *, with_checks: bool = True
) -> dg.UnresolvedAssetJobDefinition:
    """Every asset but the per-partition ones, in one process.

    The days of `lake/<source>` are the load's to report: with them in it the job would ask its
    caller for a partition, and write a materialisation that belongs to none. The steps do the same
    `with_checks` or without: it is whether Dagster hears of each check.
    """
    by_day = [lake_key(source) for source in SOURCES.values()]
    outside = [landing_key(source) for source in SOURCES.values()]
    # The gates check the lake's tables too, so they are named: checks follow their asset's choice.
    assets = dg.AssetSelection.all() - dg.AssetSelection.assets(*by_day, *outside)
    checks = dg.AssetSelection.checks(*gates.check_keys)
    whole = assets | checks if with_checks else assets.without_checks()
    return dg.define_asset_job(
        JOB,
        selection=whole,
        executor_def=dg.in_process_executor,
        description="每夜更新 / Pull, load what is new, build, gate, publish: one process, one "
        "dbt invocation. The very job that `juandi refresh` runs.",
        tags={WHOLE: "whole"},
    )


def nightly_schedule() -> dg.ScheduleDefinition:
    """02:30 in Beijing: after the platforms have written the day's exports."""
    return dg.ScheduleDefinition(
        name="nightly_at_0230",
        job_name=JOB,
        cron_schedule="30 2 * * *",
        execution_timezone="Asia/Shanghai",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="每日北京时间 02:30 / Every night at 02:30, Beijing time.",
    )
