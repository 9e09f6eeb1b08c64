"""The views of a release's file on its parts: made, pointed elsewhere, and made tables again.

A view names each of its parts by the warehouse's folder and a path below it, so one that is missing
is an error, and one of another release is never read. The folder is that which readers were told
to find it at, unless the connection has the variable `parts.VARIABLE`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from pipelines.publishing.beside.limits import beside_rules
from pipelines.publishing.beside.parts import COLUMNS, VARIABLE, ReleasePart, parts_in
from pipelines.publishing.files import prepare_copy, sync_file
from pipelines.settings import Settings
from pipelines.tables.ddl import comments, create, quoted
from pipelines.tables.registry import MODELS, OPS

#: A relation's columns, by catalog and `schema.table`.
_COLUMNS = (
    "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE database_name = ?"
    " AND schema_name || '.' || table_name = ? ORDER BY column_index"
)
_COMMENT = """
SELECT comment FROM duckdb_tables()
WHERE database_name = $1 AND schema_name || '.' || table_name = $2
UNION ALL
SELECT comment FROM duckdb_views()
WHERE database_name = $1 AND schema_name || '.' || view_name = $2
"""


def write_parts_table(
    db: duckdb.DuckDBPyConnection, parts: Iterable[ReleasePart], catalog: str
) -> None:
    """Writes ``ops.release_parts`` of an open file; without a row where nothing lies beside it."""
    db.execute(create("release_parts", catalog, how="CREATE OR REPLACE TABLE"))
    for comment in comments(OPS["release_parts"], catalog):
        db.execute(comment)
    marks = ", ".join("?" for _ in COLUMNS)
    for part in parts:
        db.execute(
            f"INSERT INTO {catalog}.ops.release_parts ({', '.join(COLUMNS)}) VALUES ({marks})",
            [getattr(part, name) for name in COLUMNS],
        )


def make_views(db: duckdb.DuckDBPyConnection, source: str, parts: Sequence[ReleasePart]) -> None:
    """In the catalog `file`: a view for each table with parts, in the words of `source`'s of the
    same name. The parts have to be where it says, or the connection's variable."""
    for name in sorted({part.table_name for part in parts}):
        said = list(_words(db, source, name, "VIEW"))
        columns = ", ".join(f'"{c}"' for c, *_ in db.execute(_COLUMNS, [source, name]).fetchall())
        files = ", ".join(_place(part) for part in parts if part.table_name == name)
        db.execute(f"DROP {_kind(db, name)} file.{name}")
        db.execute(
            f"CREATE VIEW file.{name} AS SELECT {columns}"
            f" FROM read_parquet([{files}], hive_partitioning = false)"
        )
        for statement in said:
            db.execute(statement)


def _place(part: ReleasePart) -> str:
    below = quoted(f"/{part.part_path}")
    return f"coalesce(getvariable('{VARIABLE}'), {quoted(part.warehouse)}) || {below}"


def _kind(db: duckdb.DuckDBPyConnection, name: str) -> str:
    is_view = db.execute(
        "SELECT 1 FROM duckdb_views() WHERE database_name = 'file'"
        " AND schema_name || '.' || view_name = ?",
        [name],
    ).fetchall()
    return "VIEW" if is_view else "TABLE"


def _words(
    db: duckdb.DuckDBPyConnection, source: str, name: str, kind: str, target: str = "file"
) -> Iterator[str]:
    """The statements that say of `target`'s table or view what `source`'s says."""
    for (told,) in db.execute(_COMMENT, [source, name]).fetchall():
        if told is not None:
            yield f"COMMENT ON {kind} {target}.{name} IS {quoted(told)}"
    for column, _, told in db.execute(_COLUMNS, [source, name]).fetchall():
        if told is not None:
            yield f'COMMENT ON COLUMN {target}.{name}."{column}" IS {quoted(told)}'


def placed_copy(settings: Settings, kept: Path, target: Path, seen_at: str | None = None) -> Path:
    """As `prepare_copy`: a copy of a release's file under the unfinished name of `target`, whose
    views look for their parts below `seen_at`; by default where readers see this warehouse.

    Raises SettingsError, OSError, duckdb.Error with nothing left behind.
    """
    seen_at = seen_at or beside_rules(settings).readers_see
    copy = prepare_copy(kept, target)
    try:
        point_at(copy, seen_at, settings.warehouse)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return copy


def point_at(file: Path, seen_at: str, warehouse: Path) -> None:
    """Has the views of a release's file look for their parts below `seen_at`.

    Here they lie below `warehouse`, which may be another path. Raises duckdb.Error, OSError.
    """
    with duckdb.connect() as db:
        db.execute(f"ATTACH {quoted(str(file))} AS file (READ_ONLY)")
        parts = parts_in(db, "file")
        if all(part.warehouse == seen_at for part in parts):
            return
        db.execute("DETACH file")
        db.execute(f"ATTACH {quoted(str(file))} AS file")
        db.execute(f"SET VARIABLE {VARIABLE} = {quoted(warehouse.as_posix())}")
        pointed = [replace(part, warehouse=seen_at) for part in parts]
        make_views(db, "file", pointed)
        write_parts_table(db, pointed, "file")
        db.execute("CHECKPOINT file")
        db.execute("DETACH file")
    sync_file(file)


def take_in(db: duckdb.DuckDBPyConnection, catalog: str, name: str) -> None:
    """Makes `schema.table` of a file that is open for writing as `catalog` a table again, where it
    is a view on parts. They are read where the view says they are. Raises duckdb.Error."""
    said = list(_words(db, catalog, name, "TABLE", catalog))
    declared = MODELS.get(name.partition(".")[2])
    packed = {c.name: c.compression for c in declared.columns} if declared else {}
    columns = ", ".join(
        f'"{column}" {kind}'
        + (f" USING COMPRESSION {packed[column]}" if packed.get(column) else "")
        for column, kind, _ in db.execute(_COLUMNS, [catalog, name]).fetchall()
    )
    beside = f"{name}__beside"
    db.execute(f"ALTER VIEW {catalog}.{name} RENAME TO {beside.partition('.')[2]}")
    db.execute(f"CREATE TABLE {catalog}.{name} ({columns})")
    db.execute(f"INSERT INTO {catalog}.{name} FROM {catalog}.{beside}")
    db.execute(f"DROP VIEW {catalog}.{beside}")
    for statement in said:
        db.execute(statement)
