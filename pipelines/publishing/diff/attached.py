"""Two releases' files attached to one engine in memory, only read; and which file a word means.

What is spilled goes into the warehouse's build folder and is gone with the comparison.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.publishing.beside.reach import confine
from pipelines.publishing.releases import SPILL, FileHeld, Release, kept_file, read_release
from pipelines.publishing.switching import named_release
from pipelines.settings import Settings

#: Schemas whose tables are compared.
SCHEMAS = ("star", "marts", "ops")
_CONFINED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
BEFORE, AFTER = "before", "after"
_COLUMNS = (
    "SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns()"
    " WHERE database_name = ? AND list_contains(?, schema_name) ORDER BY 1, column_index"
)
#: `schema.table` → column → type.
Columns = Mapping[str, Mapping[str, str]]


def release_file(settings: Settings, word: str) -> tuple[Path, Release]:
    """The file that `word` means, and its release: as `named_release`, or a path of a file.

    Raises UnknownRelease, or FileHeld while a program has it open for writing.
    """
    path = Path(word)
    if path.suffix == ".duckdb" and (own := read_release(path)) is not None:
        return path.resolve(), own
    found = named_release(settings, word)
    file = kept_file(settings, found.release_id)
    return (file if file.is_file() else settings.published), found


class Attached:
    """Both releases, as schemas of one connection named `before` and `after`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.before = self._columns(BEFORE)
        self.after = self._columns(AFTER)

    def _columns(self, catalog: str) -> Columns:
        found: dict[str, dict[str, str]] = {}
        rows = self.connection.execute(_COLUMNS, [catalog, list(SCHEMAS)]).fetchall()
        for table, column, kind in rows:
            found.setdefault(table, {})[column] = kind
        return found

    def rows(self, sql: str, values: object = None) -> list[dict[str, object]]:
        """A query's rows by column name."""
        cursor = self.connection.execute(sql, values)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def row(self, sql: str) -> dict[str, object]:
        """The first of them."""
        return self.rows(sql)[0]


@contextmanager
def attached(settings: Settings, before: Path, after: Path) -> Iterator[Attached]:
    """Both files, open. Raises FileHeld, PartsLost, duckdb.Error."""
    config = {**_CONFINED, "memory_limit": settings.memory_limit}
    with duckdb.connect(":memory:", config=config) as connection, _spilling(settings) as folder:
        if settings.threads:
            connection.execute(f"SET threads = {settings.threads}")
        connection.execute(f"SET temp_directory = '{folder}'")
        connection.execute("SET preserve_insertion_order = false")
        for name, path in ((BEFORE, before), (AFTER, after)):
            file = str(path).replace("'", "''")
            try:
                connection.execute(f"ATTACH '{file}' AS \"{name}\" (READ_ONLY)")
            except duckdb.IOException as error:
                raise FileHeld(f"{path}: {error}") from error
        confine(connection, [(before, BEFORE), (after, AFTER)])  # a file may hold views
        yield Attached(connection)


@contextmanager
def _spilling(settings: Settings) -> Iterator[str]:
    """A folder of the build zone, quoted; none where the warehouse may only be read."""
    spill = settings.build / f"{SPILL}{os.getpid()}"
    try:
        spill.mkdir(parents=True, exist_ok=True)
    except OSError:  # what does not fit into memory is refused then
        yield ""
        return
    try:
        yield str(spill).replace("'", "''")
    finally:
        shutil.rmtree(spill, ignore_errors=True)
