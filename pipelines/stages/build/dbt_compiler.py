"""dbt as a compiler: parses a project, types its seeds, compiles its nodes, writes it all down.

    python -m pipelines.stages.build.dbt_compiler FOLDER PROJECT

For a process of its own (`compiling` starts it). It works over a scratch build that says, one after
the other, what a build may go on from. Running the statements is no business of this module.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.stages.build.compiling import MANIFEST, ProjectError
from pipelines.stages.build.statements import GoesOn, Node, seed_file, write_statements

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

#: The macro that asks what a build goes on from: whatever calls it may read otherwise.
_ASKS = "macro.juandi._base_says"
_BASE: Mapping[GoesOn, tuple[bool, bool]] = {
    GoesOn.NOTHING: (False, False),
    GoesOn.GIFTS: (True, False),
    GoesOn.DONORS: (True, True),
}


def compile_project(folder: Path, project: Path) -> None:
    """Writes manifest, statements and seeds of `project` into `folder`. Raises ProjectError."""
    with TemporaryDirectory() as scratch:
        build = Path(scratch)
        os.environ["JUANDI_WORK_DB"] = str(build / "work.duckdb")
        os.environ["JUANDI_RELEASE_DB"] = str(build / "juandi.duckdb")
        dbt = _Dbt(project, build / "target")
        _base(build, GoesOn.NOTHING)
        manifest = dbt.invoke("parse", write=True)
        dbt.invoke("seed")
        everything = dbt.invoke("compile")
        queries: dict[str, dict[str, str]] = {
            r.node.unique_id: {GoesOn.NOTHING: _text(r.node)} for r in everything.results
        }
        asking = _asking(manifest)
        for goes_on in (GoesOn.GIFTS, GoesOn.DONORS):
            _base(build, goes_on)
            for result in dbt.invoke("compile", "--select", *sorted(asking)).results:
                ways = queries[result.node.unique_id]
                if (text := _text(result.node)) != ways[GoesOn.NOTHING]:
                    ways[goes_on] = text
        with duckdb.connect(os.environ["JUANDI_WORK_DB"]) as db:
            relations = {r.node.unique_id: str(r.node.relation_name) for r in everything.results}
            nodes = [
                _node(db, r.node, queries[r.node.unique_id], relations) for r in everything.results
            ]
            for node in nodes:
                if node.resource_type == "seed":
                    db.execute(
                        f"copy {node.relation} to '{seed_file(folder, node.relation)}'"
                        " (format parquet)"
                    )
        write_statements(folder, nodes)
        shutil.copyfile(build / "target" / MANIFEST, folder / MANIFEST)


class _Dbt:
    """dbt over a scratch build, quietly; its manifest is handed from one task to the next."""

    def __init__(self, project: Path, target: Path) -> None:
        self._project, self._target = project, target
        self._manifest: Manifest | None = None

    def invoke(self, task: str, *options: str, write: bool = False) -> Any:
        """The result of a task. Raises ProjectError."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        places = {"--project-dir": self._project, "--profiles-dir": self._project,
                  "--target-path": self._target, "--log-path": self._target / "logs"}  # fmt: skip
        try:
            done = dbtRunner(self._manifest).invoke([
                "--quiet", "--log-level", "none", "--log-level-file", "none",
                *(() if write else ("--no-write-json",)), task,
                *(str(word) for place in places.items() for word in place), *options,
            ])  # fmt: skip
        finally:
            # dbt-duckdb keeps its database open in this process
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]  # dbt's
        if not done.success or done.result is None:
            failed = [f"{r.node.name}: {r.message}" for r in getattr(done.result, "results", ())
                      if str(r.status) == "error"]  # fmt: skip
            raise ProjectError(str(done.exception or "; ".join(failed)))
        if task == "parse":
            self._manifest = done.result  # type: ignore[assignment]  # of a parse
        return done.result


def _base(build: Path, goes_on: GoesOn) -> None:
    """What a build says of itself in `base.release`, which dbt asks while it compiles."""
    with duckdb.connect(str(build / "work.duckdb")) as db:
        db.execute("create schema if not exists base")
        db.execute(
            "create or replace table base.release as"
            " select ? as is_continued, ? as are_donors_continued",
            _BASE[goes_on],
        )


def _asking(manifest: Manifest) -> set[str]:
    """The names of nodes whose text may depend on what a build goes on from."""
    macros = manifest.macros
    asking = {_ASKS}
    while more := {
        i for i, m in macros.items() if i not in asking and asking.intersection(m.depends_on.macros)
    }:
        asking |= more
    return {n.name for n in manifest.nodes.values() if asking.intersection(n.depends_on.macros)}


def _text(node: Any) -> str:
    return str(getattr(node, "compiled_code", None) or "")


def _node(
    db: duckdb.DuckDBPyConnection, node: Any, queries: Mapping[str, str],
    relations: Mapping[str, str],
) -> Node:  # fmt: skip
    parents = relations.keys() & getattr(node.depends_on, "nodes", ())
    config, relation = node.config, relations[node.unique_id]
    told: dict[str, Any] = {}
    if node.resource_type == "test":
        told = {
            "severity": str(config.severity).lower(), "warn_if": config.warn_if,
            "error_if": config.error_if, "counts": config.fail_calc,
        }  # fmt: skip
    elif node.resource_type == "model":
        told = {
            "is_view": config.materialized == "view",
            "is_appended": config.materialized == "incremental",
            "columns": _contract(db, node) if config.contract.enforced else None,
            "compressed": {
                name: column.config.meta["compression"]
                for name, column in node.columns.items()
                if "compression" in column.config.meta
            },
            "comments": _comments(node, relation),
            "forgets": _forgets(config.meta.get("forgets"), relation, relations),
        }
    return Node(
        unique_id=node.unique_id,
        resource_type=str(node.resource_type),
        relation=relation,
        after=sorted(parents),
        queries=queries,
        is_large=bool(config.meta.get("is_large")),
        **told,
    )


def _contract(db: duckdb.DuckDBPyConnection, node: Any) -> dict[str, str]:
    """Column → type as DuckDB spells it."""
    casts = ", ".join(f'cast(null as {c.data_type}) as "{c.name}"' for c in node.columns.values())
    return {name: kind for name, kind, *_ in db.execute(f"describe select {casts}").fetchall()}


def _comments(node: Any, relation: str) -> str:
    """The yml's words, as `persist_docs` asks for them."""
    said = []
    asked = node.config.persist_docs
    if asked.get("relation") and node.description:
        said.append(f"comment on table {relation} is {_literal(node.description)}")
    if asked.get("columns"):
        said += [
            f'comment on column {relation}."{c.name}" is {_literal(c.description)}'
            for c in node.columns.values()
            if c.description
        ]
    return ";\n".join(said)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _forgets(rows: Mapping[str, Any] | None, relation: str, relations: Mapping[str, str]) -> str:
    """What macro `forget_rows` says when dbt runs the model itself."""
    if not rows:
        return ""
    columns = ", ".join(rows["columns"])
    keys = relations[f"model.juandi.{rows['of']}"]
    return f"delete from {relation} where ({columns}) in (select {columns} from {keys})"


if __name__ == "__main__":
    try:
        compile_project(*map(Path, sys.argv[1:]))
    except Exception as error:  # noqa: BLE001 - told to who asked, in dbt's words
        sys.exit(str(error))
