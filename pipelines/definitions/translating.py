"""How dbt's project reads in Dagster's graph: keys, groups, owners, words.

Derived from folders and yml, nothing listed twice. What a step does is `models`' business.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject

from pipelines.definitions.keys import BUILD
from pipelines.sources import SOURCES

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
