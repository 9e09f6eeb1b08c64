"""dbt over a build: some kinds of its project's nodes are run, and each says how it ended.

In which order, and on which engine, is `models`' to say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipelines.quality.connection import gate_configuration
from pipelines.settings import Engine, Settings
from pipelines.stages.build.project import dbt_target, invoke

if TYPE_CHECKING:
    from dbt_common.events.base_types import EventMsg


class ModelsFailed(RuntimeError):  # noqa: N818 - reads as what it says
    """The models could not be begun: a database of the build cannot be opened, or dbt ended."""


@dataclass(frozen=True)
class NodeResult:
    """What became of one node, in dbt's words.

    A seed or model is a success, an error or skipped (what it reads was not made); a test is a
    pass, a warn, a fail, an error or skipped.
    """

    unique_id: str
    resource_type: str
    status: str
    failures: int | None
    message: str | None
    seconds: float
    failing: str | None = None  # of a test with failing rows: what gives them, after `from`

    @property
    def is_made(self) -> bool:
        """True of a seed or model that can be read."""
        return self.status == "success"


class Builder(Protocol):
    """What runs nodes of dbt's project, on whichever engine."""

    def build(self, *kinds: str, without: Collection[str] = ()) -> list[NodeResult]:
        """The nodes of these kinds, as they ended; what reads a node of `without` is skipped.

        Raises ModelsFailed where dbt itself, or the engine, ends.
        """
        ...


class Dbt:
    """dbt over the build on one engine, a kind of nodes at a time."""

    def __init__(
        self,
        settings: Settings,
        project: Path,
        manifest: Any,
        only: Collection[str] | None,
        on_node: Callable[[NodeResult], None],
        engine: Engine = Engine.duckdb,
    ) -> None:
        self._manifest, self._only, self._on_node = manifest, only, on_node
        self._project, self._target = project, dbt_target(settings, engine)
        self._engine = engine
        self._variables = {
            "work_db": str(settings.work_db),
            "release_db": str(settings.release_db),
            **({"last_db": str(settings.last_db)} if settings.last_db.exists() else {}),
            **gate_configuration(),
        }

    def build(self, *kinds: str, without: Collection[str] = ()) -> list[NodeResult]:
        """As `Builder` says."""
        every = [n for n in self._manifest.nodes.values() if n.resource_type in kinds]
        wanted = every if self._only is None else [n for n in every if n.unique_id in self._only]
        chosen, results = [], []
        for node in wanted:
            if any(read in without for read in node.depends_on_nodes):
                kind = str(node.resource_type)
                results.append(NodeResult(node.unique_id, kind, "skipped", None, None, 0.0))
                self._on_node(results[-1])
            else:
                chosen.append(node)
        if chosen:
            options = [word for kind in kinds for word in ("--resource-type", kind)]
            if len(chosen) < len(every):
                options += ["--indirect-selection", "empty", "--select"]
                options += ["fqn:" + ".".join(n.fqn) for n in chosen]
            results += self._run(options)
        return results

    def _run(self, options: Sequence[str]) -> list[NodeResult]:
        ended: list[NodeResult] = []

        def heard(event: EventMsg) -> None:
            if event.info.name == "NodeFinished":
                ended.append(_result(event.data))
                self._on_node(ended[-1])

        done = invoke(
            "build", "--no-write-json", *options,
            project=self._project, target=self._target, variables=self._variables,
            manifest=self._manifest, heard=heard, engine=self._engine,
        )  # fmt: skip # a command line
        if done.exception is not None or done.result is None:
            raise ModelsFailed(_why(done.exception)) from done.exception
        ran: Any = done.result  # of a build
        asked = {run.node.unique_id: run.node.compiled_code for run in ran if run.failures}
        return [
            replace(r, failing=f"(\n{asked[r.unique_id]}\n)") if r.failures else r for r in ended
        ]


def _why(ended: BaseException | None) -> str:
    """In words, also where what was raised has none."""
    if ended is None:
        return "dbt ended without a result"
    return f"dbt ended: {type(ended).__name__}: {ended}".rstrip(": ")


def _result(finished: Any) -> NodeResult:
    """What dbt's event of the end of a node says."""
    node, run = finished.node_info, finished.run_result
    is_test = node.resource_type == "test"
    return NodeResult(
        unique_id=node.unique_id,
        resource_type=node.resource_type,
        status=run.status,
        failures=run.num_failures if is_test and run.status in ("pass", "warn", "fail") else None,
        message=run.message or None,
        seconds=run.execution_time,
    )
