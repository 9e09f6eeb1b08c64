"""dbt, once and in this process: seeds, models and data tests over the build.

Unit tests pin definitions and belong to the project's own tests, not to the night.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.settings import DBT_PROJECT, Settings

if TYPE_CHECKING:
    from pipelines.stages.build import Build


class ModelsFailed(RuntimeError):  # noqa: N818 - reads as what it says
    """dbt could not start: the project does not parse, or a database cannot be opened."""


@dataclass(frozen=True)
class NodeResult:
    """What became of one dbt node."""

    unique_id: str
    resource_type: str
    status: str
    failures: int | None
    message: str | None
    seconds: float
    failing: str | None = None  # the table in the work database that holds a test's failing rows


@dataclass(frozen=True)
class DbtReport:
    """All nodes of one invocation. `manifest` is where dbt describes them."""

    results: tuple[NodeResult, ...]
    manifest: Path


def dbt_target(settings: Settings) -> Path:
    """dbt's own files: parse cache, manifest, logs. Kept between builds."""
    return settings.build / "dbt"


def dbt_arguments(settings: Settings) -> list[str]:
    """The options every dbt invocation of ours shares."""
    target = dbt_target(settings)
    return [
        *("--project-dir", str(DBT_PROJECT)),
        *("--profiles-dir", str(DBT_PROJECT)),
        *("--target-path", str(target)),
        *("--log-path", str(target / "logs")),
        # dbt's own log of every statement costs time, and it never closes the file
        *("--log-level-file", "debug" if os.environ.get("JUANDI_DEBUG") else "none"),
    ]


def dbt_environment(settings: Settings) -> dict[str, str]:
    """What `dbt_project/profiles.yml` reads."""
    threads = str(settings.threads or os.cpu_count() or 1)
    return {
        "JUANDI_WORK_DB": str(settings.work_db),
        "JUANDI_RELEASE_DB": str(settings.release_db),
        "JUANDI_MEMORY_LIMIT": settings.memory_limit,
        "JUANDI_DUCKDB_THREADS": threads,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


def run_dbt(
    settings: Settings, build: Build, on_node: Callable[[NodeResult], None] | None = None
) -> DbtReport:
    """Builds star and marts of `build` and runs their tests. Raises ModelsFailed.

    A model or test that fails is in the report: the gates decide what follows from it.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ.update(dbt_environment(settings))

    def heard(event: Any) -> None:
        if on_node and event.info.name == "NodeFinished":
            on_node(_heard_node(event.data))

    try:
        done = dbtRunner(callbacks=[heard]).invoke(
            ["--quiet", "build", "--exclude-resource-type", "unit_test", *dbt_arguments(settings)]
        )
    finally:
        # dbt-duckdb keeps its database open in this process; the gates open it anew
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]  # dbt's
    if done.exception is not None or done.result is None:
        raise ModelsFailed(f"dbt: {done.exception}")
    results = tuple(_node(r) for r in done.result.results)  # type: ignore[union-attr]  # of a build
    return DbtReport(results, dbt_target(settings) / "manifest.json")


def _heard_node(data: Any) -> NodeResult:
    node = data.node_info
    return NodeResult(node.unique_id, node.resource_type, node.node_status, None, None, 0.0)


def _node(result: Any) -> NodeResult:
    return NodeResult(
        unique_id=result.node.unique_id,
        resource_type=str(result.node.resource_type),
        status=str(result.status),
        failures=result.failures,
        message=result.message,
        seconds=result.execution_time,
        failing=getattr(result.node, "relation_name", None) if result.failures else None,
    )
