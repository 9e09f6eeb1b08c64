"""dbt's models as assets: their lineage, their columns, their tests as checks.

One step builds them all (`pipelines.stages.build.models`). What a model means is
SQL in `dbt_project/`; nothing of it is repeated here.
"""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, TypeAlias

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtProject,
    dbt_assets,
)
from dagster_dbt.asset_utils import DAGSTER_DBT_UNIQUE_ID_METADATA_KEY as UNIQUE_ID

from pipelines.definitions.keys import BUILD
from pipelines.definitions.night import Night
from pipelines.sources import SOURCES
from pipelines.stages.build.models import DbtReport, NodeResult, build_models

Event: TypeAlias = dg.MaterializeResult[None] | dg.AssetCheckResult
Props: TypeAlias = Mapping[str, Any]

SETTINGS = DagsterDbtTranslatorSettings(enable_code_references=True)

#: Facts and dimensions are told apart by name; so are they in the graph.
_ROLES = {"fact": "fact", "dim": "dimension", "stg": "view"}


def layer_of(props: Props) -> str:
    """The folder a model lies in: staging, intermediate, star, marts; seeds are `seeds`."""
    return "seeds" if props["resource_type"] == "seed" else str(props["fqn"][1])


def _words(test: Props) -> str:
    """What a dbt test asks: its yml's sentence, else its kind and columns."""
    told = str(test.get("description") or "").strip()
    kind = str((test.get("test_metadata") or {}).get("name") or test["name"])
    return told or " ".join(filter(None, ("dbt:", test.get("column_name"), kind)))


def _of_build(dep: dg.AssetDep) -> bool:
    """What the build itself writes: schema `base`, and tables of `lake` that are no source's."""
    layer, name = dep.asset_key.path[0], dep.asset_key.path[-1]
    return layer == "base" or (layer == "lake" and name not in SOURCES)


class Translator(DagsterDbtTranslator):
    """Keys, groups and words of the graph, derived from folders and yml: nothing listed twice."""

    def get_asset_key(self, dbt_resource_props: Props) -> dg.AssetKey:
        """`<layer>/<model>`; a dbt source is the lake's asset of that name."""
        props = dbt_resource_props
        if props["resource_type"] == "source":
            if (props["source_name"], props["name"]) == ("lake", "run"):
                return BUILD
            return dg.AssetKey([props["source_name"], props["name"]])
        return dg.AssetKey([layer_of(props), props["name"]])

    def get_asset_spec(
        self, manifest: Props, unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """Whatever reads the lake reads it through the build's views, and so comes after it."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        if not any(dep.asset_key.path[0] in ("lake", "base") for dep in spec.deps):
            return spec
        # what the build itself writes beside the sources is no asset
        above = [dep for dep in spec.deps if dep.asset_key != BUILD and not _of_build(dep)]
        return spec.replace_attributes(deps=[*above, BUILD])

    def get_group_name(self, dbt_resource_props: Props) -> str | None:
        """The layer."""
        if dbt_resource_props["resource_type"] == "source":
            return None
        return layer_of(dbt_resource_props)

    def get_description(self, dbt_resource_props: Props) -> str:
        """The yml's own words; the SQL is a click away as a code reference."""
        return str(dbt_resource_props.get("description") or "")

    def get_owners(self, dbt_resource_props: Props) -> list[str]:
        """`meta.owner`, else the team that keeps the warehouse."""
        owner = dbt_resource_props.get("meta", {}).get("owner", "data-engineering")
        return [owner if "@" in owner else f"team:{owner}"]

    def get_tags(self, dbt_resource_props: Props) -> Mapping[str, str]:
        """dbt's tags, and whether the table is a fact or a dimension."""
        role = _ROLES.get(str(dbt_resource_props["name"]).split("_", 1)[0])
        return {
            **super().get_tags(dbt_resource_props),
            **({"role": role} if role else {}),
        }

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Props,
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        """A dbt test as a check. It reports; what stops a release is `published` alone.

        Were it blocking here, a failed test would end the run before the gates have said
        everything that is wrong, and reviewers would see one finding a night.
        """
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and spec._replace(
            blocking=False, description=_words(self.get_resource_props(manifest, unique_id))
        )


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


def _report(context: dg.AssetExecutionContext, report: DbtReport) -> Iterator[Event]:
    """dbt's results as events: what was built first, so that checks find their asset."""
    nodes = {node.unique_id: node for node in report.results}
    for spec in _in_order(context.assets_def.specs):
        node = nodes.get(spec.metadata[UNIQUE_ID])
        if node is not None and node.status == "success":
            yield dg.MaterializeResult(asset_key=spec.key, metadata={"seconds": node.seconds})
    for check in context.assets_def.check_specs:
        node = nodes.get((check.metadata or {})[UNIQUE_ID])
        if node is not None and node.status != "skipped":
            yield _check(node, check)


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
        night.need_build()
        night.listener.on_step("models", len(context.assets_def.specs))
        night.dbt = build_models(
            night.settings, on_node=night.listener.on_node, kept_open=night.kept_open
        )
        yield from _report(context, night.dbt)
        missing = [
            f"{n.unique_id.rsplit('.', 1)[-1]} ({n.status}: {n.message or 'see what it rests on'})"
            for n in night.dbt.results
            if n.resource_type != "test" and n.status != "success"
        ]
        if missing:
            # Else Dagster would skip the gates and call a night without a release a success.
            raise dg.Failure("dbt did not build " + "; ".join(missing), allow_retries=False)

    return models
