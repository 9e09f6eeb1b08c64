"""What Spark computed, taken into the private build: typed as declared, with comments.

From here on the build is like any other: the gates weigh it and publishing knows no engine. A value
that its declared type does not hold ends the build; none is rounded or cut.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import duckdb

from pipelines.settings import Settings
from pipelines.stages.build.nodes import ModelsFailed
from pipelines.tables.ddl import comments, create
from pipelines.tables.declaration import Table
from pipelines.tables.registry import INNER, MODELS

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")


class NotAsDeclared(ModelsFailed):
    """A table that Spark made has other columns, or other types, than its declaration."""


def take_in(db: duckdb.DuckDBPyConnection, settings: Settings, names: Collection[str]) -> None:
    """Makes the models of `names` tables of the release, attached to `db` as `juandi`; those that
    are not published become views of the scratch database on what Spark wrote.

    Raises NotAsDeclared, duckdb.Error for a value that does not fit.
    """
    # rows of a table have no order, and need not wait in memory for one
    db.execute("set preserve_insertion_order = false")
    for name in sorted(names):
        if name in MODELS:
            _take(db, MODELS[name], _written(settings, MODELS[name].layer, name))
        elif name in INNER:
            for layer in ("staging", "intermediate"):
                if files := _written(settings, layer, name):
                    db.execute(f"create schema if not exists {layer}")
                    db.execute(f"create or replace view {layer}.{name} as select * from {files}")


def _written(settings: Settings, layer: str, name: str) -> str | None:
    """What reads the files of a table of Spark's; None of a view, which has none."""
    folder = settings.spark / "warehouse" / f"{layer}.db" / name
    if not any(folder.glob("*.parquet")):
        return None
    return f"read_parquet('{_quoted(folder)}/*.parquet', hive_partitioning = false)"


def _take(db: duckdb.DuckDBPyConnection, table: Table, files: str | None) -> None:
    if files is None:
        raise NotAsDeclared(f"Spark wrote no file of {table.id}")
    db.execute(f"create schema if not exists juandi.{table.layer}")
    db.execute(create(table.name, how="create or replace table"))
    _check(table, _columns(db, f"juandi.{table.id}"), _columns(db, files))
    db.execute(f"insert into juandi.{table.id} by name select * from {files}")
    for statement in comments(table):
        db.execute(statement)


def _columns(db: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    found = db.execute(f"describe select * from {relation}").fetchall()
    return {name: kind for name, kind, *_ in found}


def _check(table: Table, declared: dict[str, str], found: dict[str, str]) -> None:
    """Refuses what a conversion could change in silence: a float, another scale, a text."""
    if odd := sorted(declared.keys() ^ found.keys()):
        raise NotAsDeclared(f"{table.id}: column {odd[0]} is declared or computed, and not both")
    for name, kind in declared.items():
        if not _holds(kind, found[name]):
            raise NotAsDeclared(
                f"{table.id}.{name} is declared {kind}, and Spark computed {found[name]}"
            )


def _holds(declared: str, found: str) -> bool:
    """Whether every value of `found` is one of `declared`, or an error when it is taken."""
    if declared == found or (declared in _WHOLE and found in _WHOLE):
        return True
    wanted, given = _DECIMAL.fullmatch(declared), _DECIMAL.fullmatch(found)
    return bool(wanted and given and wanted[2] == given[2])


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
