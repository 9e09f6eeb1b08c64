"""The SQL that dbt compiled and ran for the models of a build, where it leaves it to be read."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from pipelines.settings import Settings
from pipelines.stages.build.project import dbt_target


def compiled(settings: Settings, manifest: Path, unique_ids: Collection[str]) -> Mapping[str, str]:
    """The queries of those of `unique_ids` that dbt has compiled: seeds have none."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    queries = {}
    for unique_id in unique_ids:
        node = nodes[unique_id]
        path = Path("compiled", node["package_name"], node["original_file_path"])
        with suppress(OSError):
            if node["resource_type"] == "model":
                text = (dbt_target(settings, settings.engine) / path).read_text(encoding="utf-8")
                queries[unique_id] = text
    return queries
