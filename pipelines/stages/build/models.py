"""The star and the marts of a build: the statements that dbt compiled, run in their order.

What rows mean is dbt's (`dbt_project/`), what its texts are is `compiling`'s, which comes when
`ordering`'s, what follows from a finding the gates'. Unit tests pin definitions and belong to the
project's own tests, not to the night.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipelines.quality.connection import gate_configuration
from pipelines.settings import Settings
from pipelines.stages.build.build import STORAGE_VERSION
from pipelines.stages.build.compiling import MANIFEST, prepared
from pipelines.stages.build.ordering import in_order
from pipelines.stages.build.statements import GoesOn, Node, NodeResult, read_statements, seed_file


class ModelsFailed(RuntimeError):  # noqa: N818 - reads as what it says
    """The models could not be begun: a database of the build cannot be opened."""


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
) -> DbtReport:
    """Makes star and marts of the build that was prepared, and asks their tests.

    `only` are the unique ids of nodes to make or ask, all for None; what they read is among them or
    was made before.

    A model or test that fails is in the report and ends nothing but what reads it: the gates
    decide what follows. `on_node` hears of each when it has ended. Until `kept_open` is closed the
    gates find in memory what was read and written here. Raises ModelsFailed, and ProjectError where
    dbt's project had to be compiled first and could not be.
    """
    folder = prepared(settings)
    nodes = read_statements(folder)
    if only is not None:
        nodes = [
            replace(node, after=[above for above in node.after if above in only])
            for node in nodes
            if node.unique_id in only
        ]
    with _opened(settings) as db:
        if kept_open is not None:
            kept_open.callback(db.cursor().close)
        goes_on = _goes_on(db)
        _make_schemas(db, nodes)
        at_work = _Work(db, folder, goes_on)
        results = []
        for result in in_order(nodes, at_work.done):
            results.append(result)
            if on_node:
                on_node(result)
    return DbtReport(tuple(results), folder / MANIFEST)


@contextmanager
def _opened(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The scratch database with the release attached, as `dbt_project/profiles.yml` says it."""
    try:
        with duckdb.connect(str(settings.work_db), config=gate_configuration()) as db:
            # what memory there is belongs to the release: of the lake little is read twice
            db.execute("set global enable_external_file_cache = false")
            db.execute(f"set global memory_limit = '{settings.memory_limit}'")
            if settings.threads:
                db.execute(f"set global threads = {settings.threads}")
            db.execute("set global TimeZone = 'Asia/Shanghai'")
            # rows of a table have no order: both cores may write a fact
            db.execute("set global preserve_insertion_order = false")
            db.execute(
                f"attach if not exists '{settings.release_db}' as juandi"
                f" (storage_version '{STORAGE_VERSION}')"
            )
            yield db
    except duckdb.IOException as error:
        raise ModelsFailed(f"the build cannot be opened: {error}") from error


def _goes_on(db: duckdb.DuckDBPyConnection) -> GoesOn:
    """What `base.release` says."""
    row = db.execute("select is_continued, are_donors_continued from base.release").fetchone()
    gifts, donors = row or (False, False)
    return GoesOn.DONORS if donors else GoesOn.GIFTS if gifts else GoesOn.NOTHING


def _make_schemas(db: duckdb.DuckDBPyConnection, nodes: Iterable[Node]) -> None:
    for schema in sorted({node.relation.rsplit(".", 1)[0] for node in nodes}):
        db.execute(f"create schema if not exists {schema}")


class _Work:
    """One node at a time and thread, over one database."""

    def __init__(self, db: duckdb.DuckDBPyConnection, folder: Path, goes_on: GoesOn) -> None:
        self._db, self._folder, self._goes_on = db, folder, goes_on
        self._there = {
            f'"{catalog}"."{schema}"."{table}"'
            for catalog, schema, table in db.execute(
                "select database_name, schema_name, table_name from duckdb_tables()"
            ).fetchall()
        }

    def done(self, node: Node) -> NodeResult:
        """The node made or asked; whatever DuckDB says against it is its result."""
        began = time.monotonic()
        status, failures, message = "error", None, None
        try:
            with self._db.cursor() as cursor:
                cursor.begin()  # the disk is waited for once a node, not once a comment
                if node.resource_type == "test":
                    status, failures, message = self._ask(cursor, node)
                else:
                    status, message = self._make(cursor, node)
                cursor.commit()
        except duckdb.Error as error:
            message = str(error)
        return NodeResult(
            node.unique_id, node.resource_type, status, failures, message,
            time.monotonic() - began, node.relation if failures else None,
        )  # fmt: skip

    def _make(self, cursor: duckdb.DuckDBPyConnection, node: Node) -> tuple[str, str | None]:
        query = node.query(self._goes_on)
        if node.resource_type == "seed":
            query = f"from read_parquet('{seed_file(self._folder, node.relation)}')"
        if node.columns is not None:
            columns = ", ".join(f'"{name}"' for name in node.columns)
            query = f"select {columns} from (\n{query}\n)"
        goes_on = node.is_appended and node.relation in self._there
        if goes_on or node.compressed:
            # a table that is there would cast what comes, and hide a breach
            if broken := _breaches(cursor, node, query):
                return "error", broken
            room = node.forgets
            if not goes_on:
                room = f"create or replace table {node.relation} ({_kept_as(node)})"
            cursor.execute(f"{room};\ninsert into {node.relation} by name (\n{query}\n)")
        else:
            kind = "view" if node.is_view else "table"
            cursor.execute(f"create or replace {kind} {node.relation} as (\n{query}\n)")
        if node.comments:
            cursor.execute(node.comments)
        broken = _breaches(cursor, node, node.relation)
        return ("error", broken) if broken else ("success", None)

    def _ask(self, cursor: duckdb.DuckDBPyConnection, node: Node) -> tuple[str, int, str | None]:
        """Counts, and keeps the failing rows only where there are any: they are few."""
        query = node.query(self._goes_on)
        asked = cursor.execute(
            f"select n, n {node.warn_if}, n {node.error_if}"
            f" from (select {node.counts} as n from (\n{query}\n))"
        ).fetchone()
        failures, warns, fails = asked or (0, False, False)
        if failures:
            cursor.execute(f"create or replace table {node.relation} as (\n{query}\n)")
        if fails and node.severity == "error":
            status, limit = "fail", node.error_if
        elif warns:
            status, limit = "warn", node.warn_if
        else:
            return "pass", failures, None
        results = "result" if failures == 1 else "results"
        return status, failures, f"Got {failures} {results}, configured to {status} if {limit}"


def _kept_as(node: Node) -> str:
    """Columns and types of a contract, and how those are compressed of which the model says it."""
    using = {name: f" using compression {how}" for name, how in node.compressed.items()}
    return ", ".join(f'"{c}" {kind}{using.get(c, "")}' for c, kind in (node.columns or {}).items())


def _breaches(cursor: duckdb.DuckDBPyConnection, node: Node, rows: str) -> str | None:
    """How a table, or what a query would give, differs from the model's contract; else None."""
    if node.columns is None:
        return None
    made = {name: kind for name, kind, *_ in cursor.execute(f"describe {rows}").fetchall()}
    differing = [
        f"{name} is {made.get(name, 'missing')}, not {kind}"
        for name, kind in node.columns.items()
        if made.get(name) != kind
    ]
    return f"breaks its contract: {'; '.join(differing)}" if differing else None
