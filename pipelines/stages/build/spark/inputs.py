"""What models read, given to Spark under the names that dbt's sources and seeds have.

The lake's rows stay where they are: a table of Spark's is the list of the standing files' folders.
What is small (schema base, the run, seeds) is copied from the scratch database as Parquet. What
counts was decided when the build was prepared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.dictionary import sql_type
from pipelines.settings import Settings
from pipelines.sources import SOURCES, Source
from pipelines.stages.build.columns import lake_column
from pipelines.stages.build.nodes import ModelsFailed

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Database of Spark's with the lake's files as they are; `lake` has views on it.
_FILES = "lake_files"
_FOLDERS_AT_ONCE = 1000


def give_inputs(
    session: SparkSession, db: duckdb.DuckDBPyConnection, settings: Settings, manifest: Any
) -> None:
    """Makes every source and seed of dbt's `manifest` a table of `session`; none twice.

    `db` is open on the scratch database.
    """
    folders = defaultdict[str, list[str]](list)
    for name, folder in db.execute("select source, folder from lake.parts").fetchall():
        folders[name].append(folder)
    wanted = {(s.schema, s.identifier) for s in manifest.sources.values()}
    wanted |= {(n.schema, n.alias) for n in manifest.nodes.values() if n.resource_type == "seed"}
    for schema in (_FILES, *sorted({schema for schema, _ in wanted})):
        session.sql(f"create database if not exists {schema}")
    for schema, table in sorted(wanted):
        if session.catalog.tableExists(f"{schema}.{table}"):
            continue
        if schema == "lake" and table in SOURCES:
            _give_files(session, SOURCES[table], folders[table])
        else:
            _give_copy(session, db, settings, f"{schema}.{table}")


def _give_files(session: SparkSession, source: Source, folders: Sequence[str]) -> None:
    columns = ", ".join(f"`{name}` {sql_type(t)}" for name, t in source.lake_schema().items())
    if gone := next((folder for folder in folders if not Path(folder).is_dir()), None):
        raise ModelsFailed(f"{gone} is gone from the lake: `juandi refresh` reads its file again")
    table = f"{_FILES}.{source.name}"
    session.sql(
        f"create table {table} ({columns}, folder_no int) using parquet partitioned by (folder_no)"
    )
    named = [f"partition (folder_no={n}) location {_text(f)}" for n, f in enumerate(folders)]
    for first in range(0, len(named), _FOLDERS_AT_ONCE):
        some = named[first : first + _FOLDERS_AT_ONCE]
        session.sql(f"alter table {table} add {' '.join(some)}")
    shown = ", ".join(lake_column(source, name, "`") for name in source.lake_schema())
    # the condition has Spark list the files while it plans, and so know how much there is to read
    session.sql(
        f"create view lake.{source.name} as select {shown} from {table} where folder_no >= 0"
    )


def _give_copy(
    session: SparkSession, db: duckdb.DuckDBPyConnection, settings: Settings, table: str
) -> None:
    folder = settings.spark / "inputs" / table
    folder.mkdir(parents=True, exist_ok=True)
    described = db.execute(f"describe {table}").fetchall()
    db.execute(
        f"copy (select {_portable(described)} from {table}) to '{folder}/0.parquet'"
        " (format parquet)"
    )
    session.sql(f"create table {table} using parquet location {_text(str(folder))}")


def _portable(described: Iterable[tuple[Any, ...]]) -> str:
    """The columns of a table; whole numbers of 128 bits as decimals, for Parquet has none."""
    return ", ".join(
        f'"{name}"::decimal(38, 0) as "{name}"' if kind == "HUGEINT" else f'"{name}"'
        for name, kind, *_ in described
    )


def _text(path: str) -> str:
    """A path of this machine in Spark's SQL."""
    return "'file:" + path.replace("\\", "\\\\").replace("'", "\\'") + "'"
