"""One DuckDB instance for all checks of a run: the build, the release, the last release.

Catalogs that the suites' SQL may name: the work database (schemas `lake`, `gate`), `juandi` (the
release being built) and `previous` (the last published one, read-only; absent the first time).
Knows no rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.engine.interfaces import DBAPICursor, ExecutionContext

#: A helper table's query, or a function that writes the query from what the catalog holds.
Helper = str | Callable[[duckdb.DuckDBPyConnection], str]

#: Rows kept of one result. Verdicts need a handful; Great Expectations asks at most 200.
KEPT_ROWS = 10_000

_HELPER = re.compile(r"\bgate\.([a-z][a-z0-9_]*)")


class TooManyRows(RuntimeError):  # noqa: N818 - reads as what it says
    """A check asked for more rows than a verdict needs; pushing it down would not."""


def keep_rows(engine: Engine) -> None:
    """Makes results of `engine` readable after their connection went back to the pool.

    Great Expectations reads a result after it has returned the connection; duckdb-engine's rows
    are gone by then and every expectation ends in "list index out of range". So the rows are
    fetched when the statement has run. At most `KEPT_ROWS`: Great Expectations learns a table's
    columns from ``SELECT *`` and never reads its rows. Reading past them raises `TooManyRows`.
    """
    from sqlalchemy import event
    from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

    class Kept(FullyBufferedCursorFetchStrategy):
        cut = False

        def fetchall(self, result: Any, dbapi_cursor: Any) -> Any:
            if self.cut:
                raise TooManyRows(f"a check may not read more than {KEPT_ROWS} rows")
            return super().fetchall(result, dbapi_cursor)

    def after(
        _connection: object,
        cursor: DBAPICursor,
        _statement: str,
        _parameters: object,
        context: ExecutionContext,
        _many: bool,
    ) -> None:
        if cursor.description:
            rows = cursor.fetchmany(KEPT_ROWS + 1)
            kept = Kept(cursor, initial_buffer=rows[:KEPT_ROWS])
            kept.cut = len(rows) > KEPT_ROWS
            context.cursor_fetch_strategy = kept  # type: ignore[attr-defined]  # DefaultExecutionContext

    event.listen(engine, "after_cursor_execute", after)


def duckdb_url(path: Path) -> str:
    """The SQLAlchemy address of a DuckDB file."""
    return f"duckdb:///{path}"


@cache
def gate_configuration() -> dict[str, str | bool | int | float | list[str]]:
    """With what a build is opened whose gates are to find in memory what was read of it before.

    Within a process DuckDB gives one instance to all who ask for a database with the same
    configuration, and refuses others while it is open; duckdb-engine adds its own name to it.
    """
    import sqlalchemy

    engine = sqlalchemy.create_engine(duckdb_url(Path(":memory:")))
    with engine.connect() as connection:
        said = connection.exec_driver_sql("SELECT current_setting('custom_user_agent')").scalar()
    engine.dispose()
    return {"custom_user_agent": str(said)}


class GateDatabase:
    """The open instance, and the helper tables made in it so far.

    Helpers are `gate.<name>`: small tables that several rules read, so that a large table is
    scanned once and not once per rule. Each is made when a rule first names it.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, url: str, helpers: Mapping[str, Helper]
    ) -> None:
        self.connection = connection
        self.url = url
        self._helpers = dict(helpers)
        self._made: set[str] = set()

    def make_helpers(self, sql: str) -> None:
        """Creates the helper tables that `sql` names, and those which they name themselves.

        Raises duckdb.Error where a helper's own query cannot run.
        """
        for name in _HELPER.findall(sql):
            helper = self._helpers.get(name)
            if helper is None or name in self._made:
                continue
            query = helper if isinstance(helper, str) else helper(self.connection)
            self.make_helpers(query)
            self.connection.execute(f"CREATE OR REPLACE TABLE gate.{name} AS {query}")
            self._made.add(name)

    def value(self, sql: str) -> object:
        """The first column of the first row; None if there is no row."""
        self.make_helpers(sql)
        row = self.connection.execute(sql).fetchone()
        return row[0] if row else None


_SETUP = """
CREATE SCHEMA IF NOT EXISTS gate;
CREATE OR REPLACE TABLE gate.previous_columns AS
  SELECT schema_name || '.' || table_name AS table_name, column_name
  FROM duckdb_columns() WHERE database_name = 'previous';
"""


@contextmanager
def open_gate_database(
    work_db: Path,
    release_db: Path,
    previous: Path | None,
    helpers: Mapping[str, Helper],
    limits: Mapping[str, str | int] | None = None,
) -> Iterator[GateDatabase]:
    """Opens the build with the release and the last release attached; detaches all at the end.

    `limits` are DuckDB settings, such as memory_limit. Raises duckdb.Error if a file cannot be
    opened.
    """
    import sqlalchemy

    url = duckdb_url(work_db)
    engine = sqlalchemy.create_engine(url)  # as Great Expectations does: same configuration
    try:
        raw = engine.raw_connection()
        connection: Any = raw.dbapi_connection
        for name, value in (limits or {}).items():
            connection.execute(f"SET GLOBAL {name} = '{value}'")
        connection.execute(
            f"ATTACH IF NOT EXISTS '{release_db}' AS juandi (STORAGE_VERSION 'v1.4.0')"
        )
        if previous is not None:
            connection.execute(f"ATTACH IF NOT EXISTS '{previous}' AS previous (READ_ONLY)")
        connection.execute(_SETUP)
        try:
            yield GateDatabase(connection, url, helpers)
        finally:
            connection.execute("DETACH DATABASE IF EXISTS previous")
            connection.execute("CHECKPOINT juandi")
            connection.execute("DETACH DATABASE IF EXISTS juandi")
            raw.close()
    finally:
        engine.dispose()
