"""dbt as a compiler: what the night runs, made once for a project and not every night.

dbt takes some 40 ms a node to find macros, render Jinja and word events before DuckDB hears of it:
of 430 nodes most of a small night. The texts only change with the project, so set-up has dbt parse
it, type the seeds and compile every node, and keeps that under `dbt_project/target/prepared`. Where
the project is another by now, a refresh does so itself, in its own build zone.

dbt runs in a process of its own: it takes 300 MB, and changes settings of the interpreter.
Running the statements is no business of this module.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.settings import DBT_PROJECT, PROJECT_ROOT, Settings
from pipelines.stages import statements
from pipelines.stages.statements import GoesOn, Node, seed_file, write_statements

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

#: Where set-up leaves what it prepared; a refresh only reads it.
PREPARED = DBT_PROJECT / "target" / "prepared"

#: dbt's description of the project, and the fingerprint of what it was made from.
MANIFEST, _STAMP = "manifest.json", "made-from"

_MODULE = "pipelines.stages.compiling"  # also where it runs as `__main__`
_PARTS = ("*.sql", "*.yml", "*.csv", "*.md")
_NOT_PROJECT = {"target", "logs"}

#: The macro that asks what a build goes on from: whatever calls it may read otherwise.
_ASKS = "macro.juandi._base_says"
_BASE: Mapping[GoesOn, tuple[bool, bool]] = {
    GoesOn.NOTHING: (False, False),
    GoesOn.GIFTS: (True, False),
    GoesOn.DONORS: (True, True),
}


class ProjectError(RuntimeError):
    """dbt could not compile its project; the message is dbt's."""


def dbt_target(settings: Settings) -> Path:
    """Where a warehouse keeps what was prepared of a project that set-up did not prepare."""
    return settings.build / "dbt"


def fingerprint(project: Path = DBT_PROJECT) -> str:
    """Changes when any file of the project, dbt itself with its adapter, or this code does."""
    tools = " ".join(version(name) for name in ("dbt-core", "dbt-adapters", "dbt-duckdb"))
    digest = hashlib.sha256(tools.encode())
    for code in (__file__, statements.__file__):
        digest.update(Path(code).read_bytes())
    for path in sorted(p for part in _PARTS for p in project.rglob(part)):
        inner = path.relative_to(project)
        if inner.parts[0] not in _NOT_PROJECT:
            digest.update(f"\n{inner.as_posix()}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def prepared(settings: Settings) -> Path:
    """The folder with manifest, statements and seeds of the project as it is, made if need be.

    Raises ProjectError with dbt's message.
    """
    now, own = fingerprint(), dbt_target(settings)
    for folder in (PREPARED, own):
        if _stamp(folder) == now:
            return folder
    prepare(own, now)
    return own


def _stamp(folder: Path) -> str | None:
    try:
        return (folder / _STAMP).read_text(encoding="utf-8")
    except OSError:
        return None


def prepare(folder: Path, stamp: str, project: Path = DBT_PROJECT) -> None:
    """Has dbt compile `project` into `folder`, in a process. Raises ProjectError."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _STAMP).unlink(missing_ok=True)
    told = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", _MODULE, str(folder), str(project)],
        cwd=PROJECT_ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"},
    )  # fmt: skip
    if told.returncode:
        raise ProjectError(told.stderr.strip() or f"dbt ended with status {told.returncode}")
    (folder / _STAMP).write_text(stamp, encoding="utf-8")


# in that process


def _compile(folder: Path, project: Path) -> None:
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
            "comments": _comments(node, relation),
            "forgets": _forgets(config.meta.get("forgets"), relation, relations),
        }
    return Node(
        unique_id=node.unique_id,
        resource_type=str(node.resource_type),
        relation=relation,
        after=sorted(parents),
        queries=queries,
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
    if len(sys.argv) == 1:  # of set-up
        prepare(PREPARED, fingerprint())
    else:
        try:
            _compile(*map(Path, sys.argv[1:]))
        except Exception as error:  # noqa: BLE001 - told to who asked, in dbt's words
            sys.exit(str(error))
