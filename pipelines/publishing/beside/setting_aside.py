"""Writes a release's file without its largest tables: these become parts, and views on them.

The build stays as it is: what is written is another file, so a publication that fails can be tried
again. An engine that has written a table as Parquet already hands its files over (`written`): they
are taken as they are, and what they hold is told by the release's content hash like all else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

from pipelines.publishing.beside.limits import beside_rules
from pipelines.publishing.beside.parts import (
    HINT,
    ReleasePart,
    delete_parts,
    parts_folder,
    sha256_of,
)
from pipelines.publishing.beside.views import make_views, write_parts_table
from pipelines.publishing.files import copy_bytes, move, sync_file, unfinished
from pipelines.settings import Settings
from pipelines.tables.ddl import quoted
from pipelines.tables.version import FILE_VERSION

#: A part is closed once it has come to this size.
PART_SIZE = "1GB"
_SCHEMA = "star"
#: The files that hold the rows of a table, which another engine has written.
Written = Mapping[str, Sequence[Path]]


def set_aside(
    settings: Settings, build: Path, target: Path, release_id: str, written: Written | None = None
) -> list[ReleasePart]:
    """Writes `target`, the file of the release, from `build`, and its parts beside kept releases.

    Returns the parts; where there are none to be, nothing is written. Raises SettingsError,
    OSError, duckdb.Error with what was written still there: `delete_needless_parts` deletes it.
    """
    written = written or {}
    with duckdb.connect() as db:
        db.execute(f"SET memory_limit = '{settings.memory_limit}'")
        if settings.threads:
            db.execute(f"SET threads = {settings.threads}")
        db.execute(f"SET temp_directory = {quoted(f'{target}.tmp')}")
        db.execute(f"ATTACH {quoted(str(build))} AS build (READ_ONLY)")
        limit = beside_rules(settings).largest_table
        large = [] if limit is None else list(_of_size(db, limit))
        tables = sorted({*large, *written})
        if not tables:
            return []
        parts = _write_parts(db, settings, release_id, tables, written)
        target.unlink(missing_ok=True)
        db.execute(f"ATTACH {quoted(str(target))} AS file (STORAGE_VERSION '{FILE_VERSION}')")
        _write_file(db, parts)
        db.execute("CHECKPOINT file")
        db.execute("DETACH file")
    sync_file(target)
    return parts


def _of_size(db: duckdb.DuckDBPyConnection, limit: int) -> Iterator[str]:
    """Tables of star that have rows and are as large in the build, or larger."""
    (block,) = db.execute(
        "SELECT block_size FROM pragma_database_size() WHERE database_name = 'build'"
    ).fetchone() or (0,)
    for (table,) in db.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'build' AND schema_name = ?",
        [_SCHEMA],
    ).fetchall():
        place = f'build.{_SCHEMA}."{table}"'
        if not db.execute(f"SELECT 1 FROM {place} LIMIT 1").fetchall():
            continue
        (blocks,) = db.execute(
            "SELECT count(DISTINCT block_id) FILTER (block_id >= 0)"
            " + coalesce(sum(len(additional_block_ids)), 0)"
            f" FROM pragma_storage_info({quoted(place)})"
        ).fetchone() or (0,)
        if int(blocks) * int(block) >= limit:
            yield str(table)


def _write_parts(
    db: duckdb.DuckDBPyConnection,
    settings: Settings,
    release_id: str,
    tables: Sequence[str],
    written: Written,
) -> list[ReleasePart]:
    folder = parts_folder(settings, release_id)
    begun = unfinished(folder)
    delete_parts(folder)  # of no kept release, or this one would have another id
    parts: list[ReleasePart] = []
    for table in tables:
        own = begun / HINT / f"{_SCHEMA}.{table}"
        own.mkdir(parents=True)
        files = _taken(db, written[table], own) if table in written else _copied(db, table, own)
        for file, rows in files:
            file.chmod(file.stat().st_mode & 0o444)
            sync_file(file)
            place = (folder / file.relative_to(begun)).relative_to(settings.warehouse)
            parts.append(
                ReleasePart(
                    f"{_SCHEMA}.{table}", place.as_posix(), rows, file.stat().st_size,
                    sha256_of(file), settings.warehouse.as_posix(),
                )
            )  # fmt: skip # a record
        sync_file(own)
    sync_file(begun / HINT)
    sync_file(begun)
    move(begun, folder)
    return parts


def _copied(db: duckdb.DuckDBPyConnection, table: str, folder: Path) -> Iterator[tuple[Path, int]]:
    """Writes a table of the build as parts: each with its rows."""
    folder.rmdir()  # the engine makes it
    found = db.execute(
        f'COPY (FROM build.{_SCHEMA}."{table}") TO {quoted(str(folder))} (FORMAT parquet,'
        f" COMPRESSION zstd, FILE_SIZE_BYTES '{PART_SIZE}', FILENAME_PATTERN 'part_{{i}}',"
        " RETURN_STATS)"
    ).fetchall()
    for file, rows, *_ in found:
        yield Path(file), int(rows)


def _taken(
    db: duckdb.DuckDBPyConnection, files: Sequence[Path], folder: Path
) -> Iterator[tuple[Path, int]]:
    """Takes over parts that another engine has written: by a second name where they may have one,
    as a copy where not. Nobody else may write into them."""
    for number, file in enumerate(files):
        own = folder / f"part_{number}.parquet"
        try:
            os.link(file, own)
        except OSError:  # of another file system, or one without links
            copy_bytes(file, own)
        (rows,) = db.execute(
            f"SELECT sum(num_rows) FROM parquet_file_metadata({quoted(str(own))})"
        ).fetchone() or (0,)
        yield own, int(rows)


def _write_file(db: duckdb.DuckDBPyConnection, parts: Sequence[ReleasePart]) -> None:
    """Everything of the build into `file`, but for the tables whose parts these are."""
    beside = {part.table_name for part in parts}
    db.execute("COPY FROM DATABASE build TO file (SCHEMA)")
    for schema, table in db.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'build'"
    ).fetchall():
        if f"{schema}.{table}" not in beside:
            db.execute(
                f'INSERT INTO file."{schema}"."{table}" SELECT * FROM build."{schema}"."{table}"'
            )
    make_views(db, "build", parts)
    write_parts_table(db, parts, "file")
