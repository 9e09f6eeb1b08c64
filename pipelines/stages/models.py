"""dbt, once a night: seeds, models and data tests over the build.

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
    from dbt.contracts.graph.manifest import Manifest

    from pipelines.stages.build import Build
    from pipelines.stages.dbt_process import DbtProcess


#: dbt's own names in its target folder: what describes the nodes, and what a parse left.
MANIFEST, PARSE_CACHE = "manifest.json", "partial_parse.msgpack"


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
    target, is_debug = dbt_target(settings), bool(os.environ.get("JUANDI_DEBUG"))
    return [
        *("--project-dir", str(DBT_PROJECT)),
        *("--profiles-dir", str(DBT_PROJECT)),
        *("--target-path", str(target)),
        *("--log-path", str(target / "logs")),
        # dbt's own log of every statement costs time, and it never closes the file; what failed
        # is in the results
        *("--log-level-file", "debug" if is_debug else "none"),
        *(() if is_debug else ("--log-level", "none")),
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
    settings: Settings,
    build: Build,
    on_node: Callable[[NodeResult], None] | None = None,
    process: DbtProcess | None = None,
) -> DbtReport:
    """Builds star and marts of `build` and runs their tests, in `process` or one made for it.

    A model or test that fails is in the report: the gates decide what follows from it. Raises
    ModelsFailed.
    """
    from pipelines.stages.dbt_process import DbtProcess

    with process or DbtProcess(settings) as dbt:
        return dbt.build(on_node)


def parse_project(settings: Settings) -> Manifest:
    """dbt's manifest, from the project's files; also written into `dbt_target`.

    Raises ModelsFailed with dbt's message when the project cannot be parsed.
    """
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    dbt_target(settings).mkdir(parents=True, exist_ok=True)
    _drop_debug_events()
    done = dbtRunner().invoke(["--quiet", "parse", *dbt_arguments(settings)])
    if not done.success or not isinstance(done.result, Manifest):
        raise ModelsFailed(f"dbt cannot parse {DBT_PROJECT}: {done.exception}")
    return done.result


def recalled_manifest(settings: Settings) -> Manifest | None:
    """What the last parse left, read as dbt reads it; None where dbt shall see for itself.

    Only right while the project is the one that was parsed: dbt itself reads every file to find
    out, which the manifest's fingerprint already told.
    """
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    try:
        left = (dbt_target(settings) / PARSE_CACHE).read_bytes()
        manifest = Manifest.from_msgpack(left, decoder=extended_mashumuro_decoder)
        manifest.build_flat_graph()  # type: ignore[no-untyped-call]  # dbt's
    except Exception:  # noqa: BLE001 - whatever is wrong with a cache, dbt makes it anew
        return None
    return manifest


def build_models(
    settings: Settings, manifest: Manifest | None, on_node: Callable[[NodeResult], None]
) -> DbtReport:
    """One dbt invocation in this process: seeds, models, tests. Raises ModelsFailed.

    `manifest` as just parsed spares reading it again; dbt writes into it.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    def heard(event: Any) -> None:
        if event.info.name == "NodeFinished":
            on_node(_heard_node(event.data))

    _drop_debug_events()
    options = ["--quiet", "--no-write-json", "build", "--exclude-resource-type", "unit_test"]
    try:
        done = dbtRunner(manifest, callbacks=[heard]).invoke([*options, *dbt_arguments(settings)])
    finally:
        # dbt-duckdb keeps its database open in this process; the gates open it anew
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]  # dbt's
    if done.exception is not None or done.result is None:
        raise ModelsFailed(f"dbt: {done.exception}")
    results = tuple(_node(r) for r in done.result.results)  # type: ignore[union-attr]  # of a build
    return DbtReport(results, dbt_target(settings) / MANIFEST)


def _drop_debug_events() -> None:
    """dbt words every statement three times for a log that is off: a sixth of a test's cost."""
    from dbt_common.events.base_types import BaseEvent, EventLevel
    from dbt_common.events.event_manager import EventManager
    from dbt_common.events.event_manager_client import ctx_set_event_manager

    class Told(EventManager):
        def fire_event(self, e: BaseEvent, level: Any = None, *args: Any, **named: Any) -> None:
            heard = type(e).__name__ == "NodeFinished"
            if heard or (level or e.level_tag()) != EventLevel.DEBUG:
                super().fire_event(e, level, *args, **named)

    if not os.environ.get("JUANDI_DEBUG"):
        ctx_set_event_manager(Told())


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
