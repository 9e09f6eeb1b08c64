"""dbt's seeds and models as assets, its tests as their checks: one step, any selection of them.

What a selected model rests on is made beside it where the run has not made it yet, and is not
reported as materialised. How the project reads in the graph is `translating`'s, what a model
means SQL in `dbt_project/`.
"""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, TypeAlias

import dagster as dg
from dagster_dbt import DbtProject, dbt_assets

from pipelines.definitions.night import Night
from pipelines.definitions.selection import not_published
from pipelines.definitions.table_metadata import table_metadata
from pipelines.definitions.translating import SETTINGS, Translator
from pipelines.definitions.unbuilt import refuse_unbuilt
from pipelines.stages.build.compiled import compiled
from pipelines.stages.build.models import DbtReport
from pipelines.stages.build.nodes import NodeResult
from pipelines.stages.build.tables import tables_made

Event: TypeAlias = dg.MaterializeResult[None] | dg.AssetCheckResult
Nodes: TypeAlias = Mapping[str, NodeResult]

#: Under which dagster-dbt tells of an asset or check which node of dbt's it is.
UNIQUE_ID = "dagster_dbt/unique_id"


def _check(node: NodeResult, spec: dg.AssetCheckSpec) -> dg.AssetCheckResult:
    is_warning = node.status == "warn"
    return dg.AssetCheckResult(
        asset_key=spec.asset_key,
        check_name=spec.name,
        passed=node.status == "pass",
        severity=dg.AssetCheckSeverity.WARN if is_warning else dg.AssetCheckSeverity.ERROR,
        description=node.message or None,
        metadata={"status": node.status, "failing_rows": node.failures or 0},
    )


def _in_order(specs: Iterable[dg.AssetSpec]) -> list[dg.AssetSpec]:
    """Parents before children: Dagster refuses events in any other order."""
    by_key = {spec.key: spec for spec in specs}
    parents = {k: [d.asset_key for d in s.deps if d.asset_key in by_key] for k, s in by_key.items()}
    return [by_key[key] for key in TopologicalSorter(parents).static_order()]


def _report(
    specs: Iterable[dg.AssetSpec],
    checks: Iterable[dg.AssetCheckSpec],
    nodes: Nodes,
    told: Mapping[dg.AssetKey, Mapping[str, Any]],
    also: Mapping[str, Any],
) -> Iterator[Event]:
    """dbt's results as events: what was built first, so that checks find their asset."""
    for spec in _in_order(specs):
        node = nodes[spec.metadata[UNIQUE_ID]]
        if node.status == "success":
            yield dg.MaterializeResult(
                asset_key=spec.key,
                metadata={"seconds": node.seconds, **told[spec.key], **also},
            )
    for check in checks:
        node = nodes[(check.metadata or {})[UNIQUE_ID]]
        if node.status != "skipped":
            yield _check(node, check)


def _tables(
    night: Night, specs: Iterable[dg.AssetSpec], report: DbtReport, *, count_views: bool
) -> Mapping[dg.AssetKey, Mapping[str, Any]]:
    """What is told of each table, as the build has it."""
    # a layer is the schema of its tables
    names = {spec.key: (spec.key.path[0], spec.key.path[-1]) for spec in specs}
    ids = {spec.key: spec.metadata[UNIQUE_ID] for spec in specs}
    tables = tables_made(
        night.settings, names.values(), count_views=count_views, compare=night.is_recorded
    )
    queries: Mapping[str, str] = {}
    if night.is_recorded:
        queries = compiled(night.settings, report.manifest, ids.values())
    engine = night.settings.engine
    return {
        k: table_metadata(name, tables, queries.get(ids[k]), engine) for k, name in names.items()
    }


def _beside(report: DbtReport, selected: set[str]) -> Mapping[str, str]:
    """What was made so that the selected could be, where there is such."""
    made = sorted(
        node.unique_id.rsplit(".", 1)[-1]
        for node in report.results
        if node.resource_type != "test" and node.unique_id not in selected
    )
    return {"made_beside": f"{len(made)}: {', '.join(made)}"} if made else {}


def dbt_models(manifest: Path, project: DbtProject) -> dg.AssetsDefinition:
    """Every seed and model of the project, built by one step."""

    @dbt_assets(
        manifest=manifest,
        project=project,
        dagster_dbt_translator=Translator(SETTINGS),
        name="models",
    )
    def models(
        context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]
    ) -> Iterator[Event]:
        specs = [s for s in models.specs if s.key in context.selected_asset_keys]
        checks = [c for c in models.check_specs if c.key in context.selected_asset_check_keys]
        ids = {spec.metadata[UNIQUE_ID] for spec in specs}
        is_whole = len(specs) == len(list(models.specs))
        wanted = ids | {(check.metadata or {})[UNIQUE_ID] for check in checks}
        report = night.models_or_made(None if is_whole else wanted)
        also = {**_beside(report, ids), **not_published(context)}
        if beside := also.get("made_beside"):
            context.log.info(f"made beside, in the private build alone: {beside}")
        told = _tables(night, specs, report, count_views=not is_whole)
        nodes = {node.unique_id: node for node in report.results}
        yield from _report(specs, checks, nodes, told, also)
        refuse_unbuilt(nodes[i] for i in ids)

    return models
