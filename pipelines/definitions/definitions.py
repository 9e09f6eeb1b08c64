"""Assembles the graph: `build_defs()` for production and tests; `workspace.yaml` loads `defs`.

Nothing is defined here that could be defined beside its own kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtProject

from pipelines.definitions.gates import gates_asset
from pipelines.definitions.jobs import nightly, nightly_schedule, reload_days
from pipelines.definitions.lake import lake_assets
from pipelines.definitions.models import UNIQUE_ID, dbt_models
from pipelines.definitions.new_files import new_files
from pipelines.definitions.night import night_resource
from pipelines.definitions.receiving import archive, landing_specs, load, pulled
from pipelines.definitions.release import build, published_asset
from pipelines.definitions.told import killed_runs_are_told
from pipelines.settings import DBT_PROJECT, Settings, load_settings
from pipelines.stages.build.project import MANIFEST, dbt_target, prepared


def build_defs(
    resource_overrides: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    manifest: Path | None = None,
) -> dg.Definitions:
    """The whole graph; `resource_overrides` replaces resources by name (`night`).

    Of `settings` the warehouse and the night's hour are asked: where set-up has not prepared dbt's
    project as it is, its manifest is made in the build zone, unless it is given.
    """
    where = settings or load_settings()
    project = DbtProject(DBT_PROJECT, target_path=dbt_target(where))
    models = dbt_models(manifest or prepared(where) / MANIFEST, project)
    lake = lake_assets()
    ids = {spec.key: str(spec.metadata[UNIQUE_ID]) for spec in models.specs}
    gates = gates_asset(ids, [key for asset in lake for key in asset.keys])
    published = published_asset(models.keys)
    return dg.Definitions(
        assets=[*landing_specs(), pulled, archive, load, *lake, build, models, gates, published],
        jobs=[nightly(gates), reload_days(gates)],
        schedules=[nightly_schedule(where.night_at)],
        sensors=[new_files, killed_runs_are_told],
        resources={"night": night_resource, **(resource_overrides or {})},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Built when a code location is loaded, not when this module is imported."""
    return build_defs()
