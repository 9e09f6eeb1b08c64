"""The star and the marts of a build, and their tests: `dbt build` in the night's own process.

What rows mean is dbt's (`dbt_project/`), how that is found and parsed is `project`'s, what follows
from a finding the gates'. Unit tests pin definitions and belong to the project's own tests, not to
the night.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.quality.connection import gate_configuration, set_limits
from pipelines.settings import DBT_PROJECT, Engine, Settings
from pipelines.stages.build.nodes import Builder, Dbt, ModelsFailed, NodeResult
from pipelines.stages.build.project import MANIFEST, parsed


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
    heard = on_node or (lambda _: None)
    with ExitStack() as until_made:
        (kept_open or until_made).enter_context(_held(settings))
        dbt: Builder = Dbt(settings, project, manifest, only, heard)
        # a run that made a part may ask for another; after the whole Spark's memory is the tests'
        with ExitStack() as until_computed:
            if settings.engine is Engine.spark:
                until = until_computed if only is None else kept_open or until_computed
                dbt = _on_spark(settings, project, only, heard, dbt, until)
            made = dbt.build("seed", "model")
        # first everything is made, then the tests are asked: what reads a model with a finding is
        # nothing that dbt would make in one go, and so one finding would hide others
        lacking = {result.unique_id for result in made if not result.is_made}
        found = dbt.build("test", without=lacking)
    return DbtReport((*made, *found), folder / MANIFEST)


def _on_spark(
    settings: Settings,
    project: Path,
    only: Collection[str] | None,
    heard: Callable[[NodeResult], None],
    on_duckdb: Builder,
    until: ExitStack,
) -> Builder:
    from pipelines.stages.build.spark.builder import SparkBuilder
    from pipelines.stages.build.spark.session import spark_session

    session = until.enter_context(spark_session(settings))
    manifest, _ = parsed(settings, project, Engine.spark)
    on_spark = Dbt(settings, project, manifest, only, heard, Engine.spark)
    return SparkBuilder(settings, session, manifest, duckdb=on_duckdb, spark=on_spark)


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
