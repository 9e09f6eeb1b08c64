"""The star and the marts of a build, and their tests: `dbt build` in the night's own process.

What rows mean is dbt's (`dbt_project/`), how that is found and parsed is `project`'s, what follows
from a finding the gates'. Unit tests pin definitions and belong to the project's own tests, not to
the night.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.quality.connection import gate_configuration, set_limits
from pipelines.settings import DBT_PROJECT, Settings
from pipelines.stages.build.project import MANIFEST, dbt_target, invoke, parsed

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


@dataclass(frozen=True)
class DbtReport:
    """All nodes of a build. `manifest` is where dbt describes them."""

    results: tuple[NodeResult, ...]
    manifest: Path


def build_models(
    settings: Settings,
    on_node: Callable[[NodeResult], None] | None = None,
    kept_open: ExitStack | None = None,
    only: Collection[str] | None = None,
    project: Path = DBT_PROJECT,
) -> DbtReport:
    """Makes star and marts of the build that was prepared, then asks their tests.

    `only` names the seeds, models and tests to run by dbt's unique ids; None is all of them. A
    model or test that fails is in the report and ends nothing but what reads it: the gates decide
    what follows. `on_node` hears of each when it has ended. Until `kept_open` is closed the gates
    find in memory what was read and written here. Raises ModelsFailed, and ProjectError where
    `project` had to be parsed first and could not be.
    """
    manifest, folder = parsed(settings, project)
    with ExitStack() as until_made:
        (kept_open or until_made).enter_context(_held(settings))
        dbt = _Dbt(settings, project, manifest, only, on_node or (lambda _: None))
        # first everything is made, then the tests are asked: what reads a model with a finding is
        # nothing that dbt would make in one go, and so one finding would hide others
        made = dbt.build("seed", "model")
        lacking = {result.unique_id for result in made if not result.is_made}
        found = dbt.build("test", without=lacking)
    return DbtReport((*made, *found), folder / MANIFEST)


@contextmanager
def _held(settings: Settings) -> Iterator[None]:
    """The scratch database, open beside dbt.

    dbt lets go of its database whenever no node is at work (`keep_open` in its profile; it has no
    other way to close it), and so would find nothing in memory of what the last one wrote.
    """
    try:
        connection = duckdb.connect(str(settings.work_db), config=gate_configuration())
    except duckdb.IOException as error:
        raise ModelsFailed(f"the build cannot be opened: {error}") from error
    with connection:
        set_limits(connection, settings)
        yield


class _Dbt:
    """dbt over the build, a kind of nodes at a time."""

    def __init__(
        self,
        settings: Settings,
        project: Path,
        manifest: Any,
        only: Collection[str] | None,
        on_node: Callable[[NodeResult], None],
    ) -> None:
        self._manifest, self._only, self._on_node = manifest, only, on_node
        self._project, self._target = project, dbt_target(settings)
        self._variables = {
            "work_db": str(settings.work_db),
            "release_db": str(settings.release_db),
            **({"last_db": str(settings.last_db)} if settings.last_db.exists() else {}),
            **gate_configuration(),
        }

    def build(self, *kinds: str, without: Collection[str] = ()) -> list[NodeResult]:
        """The nodes of these kinds, as they ended; what reads a node of `without` is skipped.

        Raises ModelsFailed where dbt itself ends.
        """
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
            manifest=self._manifest, heard=heard,
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
