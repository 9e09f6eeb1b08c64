"""One release's file, open for reading: an engine of its own and a pool of its connections.

The file is attached to an engine in memory. So two releases that lay at the same path are two
engines, and what is open stays what it was when the file is replaced. For whoever sees a part of it
alone (`pages.access.seen`) the engine has a second database of views: its readers are in there.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pages.access import seen
from pages.access.seen import EVERYTHING, Scope
from pages.data.watch import Watch
from pipelines.publishing.beside.reach import confine
from pipelines.publishing.releases import Release, check_schema, release_of
from pipelines.publishing.switching import OlderShown

#: A row by column name.
Row = dict[str, Any]

#: Neither the network nor extensions can be reached from a query; of files the release's parts.
_CONFINED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
}


#: How many answers are remembered of a release, and of how many rows at most.
_MOST_KEPT, _MOST_ROWS_KEPT = 500, 500


class TooSlow(RuntimeError):  # noqa: N818 - reads as what it says
    """The queries of a request took longer than allowed."""


class Busy(RuntimeError):  # noqa: N818 - reads as what it says
    """All connections stayed in use for as long as a request may take."""


@dataclass(frozen=True)
class SeenPart:
    """What a scope sees of a release: a database, its columns, and the answers remembered of it."""

    scope: Scope
    database: str
    columns: Mapping[str, frozenset[str]]
    remembered: dict[str, list[Row]]


@dataclass(frozen=True)
class Limits:
    """What reading may cost: seconds of a request's queries, memory and threads of an engine."""

    seconds: float = 10
    connections: int = 6
    memory: str = "256MB"
    threads: int = 2


class Reader:
    """A connection to one release for the time of one request."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        release: Release,
        part: SeenPart,
        seconds: float,
        watch: Watch,
    ) -> None:
        self._connection = connection
        self._left = seconds
        self._watch = watch
        self._remembered = part.remembered
        self.release = release
        #: That a newer release is kept, and since when this one is shown instead; None if not.
        self.older_shown: OlderShown | None = None
        self.scope = part.scope
        #: `schema.table` → its columns in this file, which may be older than the code.
        self.columns = part.columns
        self.was_interrupted = False

    def has(self, table: str) -> bool:
        """Whether the release holds `schema.table`."""
        return table in self.columns

    def rows(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> list[Row]:
        """All rows of a query; its values are bound. Raises TooSlow."""
        return [row for some in self.batches(sql, parameters) for row in some]

    def kept(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> list[Row]:
        """The same, remembered for as long as the release is open: a release does not change.

        For the few rows that many pages ask for, as the levels of a chain; never for a fact's.
        """
        key = repr((sql, parameters))
        if key not in self._remembered:
            found = self.rows(sql, parameters)
            if len(self._remembered) >= _MOST_KEPT or len(found) > _MOST_ROWS_KEPT:
                return found
            self._remembered[key] = found
        return [dict(row) for row in self._remembered[key]]

    def batches(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = (), size: int = 5_000
    ) -> Iterator[list[Row]]:
        """The same, `size` rows at a time. Raises TooSlow."""
        with self._timed(sql):
            cursor = self._connection.execute(sql, parameters)
            names = [column[0] for column in cursor.description or ()]
        while True:
            with self._timed(sql):
                found = cursor.fetchmany(size)
            if not found:
                return
            yield [dict(zip(names, values, strict=True)) for values in found]

    def arrow(self, sql: str, parameters: Sequence[object] = (), size: int = 50_000) -> Any:
        """The same as Arrow's batches (a `pyarrow.RecordBatchReader`), of the table's types."""
        with self._timed(sql):
            return self._connection.sql(sql, params=list(parameters)).to_arrow_reader(size)

    def row(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> Row | None:
        """The first row; None if there is none."""
        return next(iter(self.rows(sql, parameters)), None)

    def value(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> Any:
        """The first column of the first row; None if there is none."""
        row = self.row(sql, parameters)
        return None if row is None else next(iter(row.values()))

    @contextmanager
    def _timed(self, sql: str) -> Iterator[None]:
        """What the engine does within may take what the request's queries have left of their time.

        Writing a file and sending it to a slow reader is not the engine's time.
        """
        began = time.monotonic()
        try:
            with self._watch.within(self._left, self._interrupt):
                yield
        except duckdb.InterruptException as error:
            raise TooSlow(sql) from error
        finally:
            self._left -= time.monotonic() - began

    def _interrupt(self) -> None:
        self.was_interrupted = True
        self._connection.interrupt()


class OpenRelease:
    """One release, open. `close` waits for nobody: call it when no reader is out."""

    def __init__(self, file: Path, limits: Limits) -> None:
        """Opens the file. Raises duckdb.Error if it cannot be read or is no release, PartsLost if
        parts of it are gone, and OtherSchema if its tables are another version's."""
        self._limits = limits
        self._root = duckdb.connect(
            ":memory:",
            config=_CONFINED | {"memory_limit": limits.memory, "threads": limits.threads},
        )
        try:
            quoted = str(file).replace("'", "''")
            self._root.execute(f"ATTACH '{quoted}' AS release (READ_ONLY)")
            self._reach = confine(self._root, [(file, "release")])
            self._root.execute("SET lock_configuration = true")
            self._root.execute("USE release")
            self.release = _own_release(self._root)
            self.older_shown: OlderShown | None = None
            check_schema(self.release)
            whole = SeenPart(EVERYTHING, "release", _columns(self._root, "release"), {})
            self._parts = {EVERYTHING: whole}
        except BaseException:
            self._root.close()
            raise
        self._making = threading.Lock()
        self._watch = Watch()
        self._free: queue.LifoQueue[duckdb.DuckDBPyConnection | None] = queue.LifoQueue()
        for _ in range(limits.connections):
            self._free.put(None)  # made when first needed

    @contextmanager
    def reader(self, scope: Scope = EVERYTHING) -> Iterator[Reader]:
        """A connection of the pool, for one request. Raises Busy; its queries raise TooSlow."""
        part = self._part(scope)
        try:
            connection = self._free.get(timeout=self._limits.seconds)
        except queue.Empty:
            raise Busy from None
        reader = None
        try:
            if connection is None:
                connection = self._cursor()
            connection.execute(f"USE {part.database}")
            reader = Reader(connection, self.release, part, self._limits.seconds, self._watch)
            reader.older_shown = self.older_shown
            yield reader
        finally:
            # one that was stopped might have its next query stopped too: another takes its place
            is_sound = reader is not None and not reader.was_interrupted
            self._free.put(connection if is_sound else None)

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = self._root.cursor()
        self._reach.tell(cursor)
        return cursor

    def _part(self, scope: Scope) -> SeenPart:
        """What a scope sees; made when it is first asked for, while others read on."""
        if scope in self._parts:
            return self._parts[scope]
        with self._making:
            if scope not in self._parts:
                self._parts[scope] = self._made(scope)
            return self._parts[scope]

    def _made(self, scope: Scope) -> SeenPart:
        """A database in memory: the scope's keys, and a view of each table that it sees.

        A table that lacks a column of its condition is left out: what cannot be filtered is not
        seen.
        """
        whole, name = self._parts[EVERYTHING].columns, scope.name
        with self._cursor() as connection:
            connection.execute(f"ATTACH ':memory:' AS {name}")
            try:
                _fill(connection, scope, whole)
            except BaseException:
                connection.execute(f"DETACH {name}")
                raise
            return SeenPart(scope, name, _columns(connection, name), {})

    def close(self) -> None:
        """Lets go of the file."""
        self._watch.close()
        while not self._free.empty():
            if (connection := self._free.get()) is not None:
                connection.close()
        self._root.close()


def _own_release(connection: duckdb.DuckDBPyConnection) -> Release:
    """What the open file says of itself. Raises duckdb.Error where it is no release."""
    cursor = connection.execute("SELECT * FROM ops.releases ORDER BY rowid DESC LIMIT 1")
    names = [column[0] for column in cursor.description or ()]
    row = cursor.fetchone()
    if row is None:
        raise duckdb.CatalogException("ops.releases is empty")
    return release_of(names, row)


def _fill(
    connection: duckdb.DuckDBPyConnection, scope: Scope, whole: Mapping[str, frozenset[str]]
) -> None:
    """The keys and views of a scope, in its database."""
    name = scope.name
    for schema in ("own", *sorted({table.partition(".")[0] for table in whole})):
        connection.execute(f"CREATE SCHEMA {name}.{schema}")
    if scope.campaigns is not None:
        connection.execute(f"CREATE TABLE {name}.own.assigned (id VARCHAR)")
        for campaign in sorted(scope.campaigns):
            connection.execute(f"INSERT INTO {name}.own.assigned VALUES (?)", [campaign])
        for sql in seen.keys(frozenset(whole), f"{name}.own", "release"):
            connection.execute(sql)
    for table, columns in sorted(whole.items()):
        statement = seen.view(table, sorted(columns), scope, name, "release")
        if statement is not None:
            with suppress(duckdb.BinderException):
                connection.execute(statement)


def _columns(connection: duckdb.DuckDBPyConnection, database: str) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for schema, table, column in connection.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns()"
        " WHERE database_name = ? AND schema_name <> 'own' AND NOT internal",
        [database],
    ).fetchall():
        found.setdefault(f"{schema}.{table}", set()).add(column)
    return {table: frozenset(columns) for table, columns in found.items()}
