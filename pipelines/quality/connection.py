"""One DuckDB instance for all checks of a run: the build, the release, the last release.

Catalogs that the suites' SQL may name: the work database (schemas `lake`, `gate`), `juandi` (the
release being built) and `previous` (the last published one, read-only; absent the first time).
Knows no rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.settings import Settings
from pipelines.tables.version import FILE_VERSION

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.engine.interfaces import DBAPICursor, ExecutionContext

#: A helper table's query, or a function that writes the query from what the catalog holds.
Helper = str | Callable[[duckdb.DuckDBPyConnection], str]

#: Rows kept of one result. Verdicts need a handful; Great Expectations asks at most 200.
KEPT_ROWS = 10_000

_HELPER = re.compile(r"\bgate\.([a-z][a-z0-9_]*)")


class TooManyRows(RuntimeError):  # noqa: N818 - reads as what it says
    """A check asked for more rows than a verdict needs: it should be pushed down as SQL."""


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
    """The configuration with which a build is opened, so that its gates share its memory.

    Within a process DuckDB gives one instance to everyone who asks for a database with the same
    configuration, and refuses any other while it is open; duckdb-engine adds its own name to it.
    """
    import sqlalchemy

    engine = sqlalchemy.create_engine(duckdb_url(Path(":memory:")))
    with engine.connect() as connection:
        agent = connection.exec_driver_sql("SELECT current_setting('custom_user_agent')").scalar()
    engine.dispose()
    return {"custom_user_agent": str(agent)}


def set_limits(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Limits what an instance may use, whoever uses it: memory, and cores where settings say so."""
    # the memory is for the release: little of the lake is read more than once
    limits: dict[str, str | int] = {
        "memory_limit": settings.memory_limit,
        "enable_external_file_cache": "false",
    }
    if settings.threads:
        limits["threads"] = settings.threads
    for name, value in limits.items():
        connection.execute(f"SET GLOBAL {name} = '{value}'")


class GateDatabase:
    """The open instance, and the helper tables made in it so far.

    Helpers are `gate.<name>`: small tables that several rules read, so that a large table is
    scanned once and not once per rule. Each is made once, when a rule first names it or, within
    `helpers_ahead`, before: Great Expectations is busy with Python between its queries.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, url: str, helpers: Mapping[str, Helper]
    ) -> None:
        self.connection = connection
        self.url = url
        self._helpers = dict(helpers)
        self._made: dict[str, Future[None]] = {}
        self._claims = Lock()

    def make_helpers(self, sql: str) -> None:
        """Makes the helper tables that `sql` names, and those that they name in turn.

        Raises duckdb.Error where a helper's own query cannot run.
        """
        for name in _HELPER.findall(sql):
            helper = self._helpers.get(name)
            if helper is None:
                continue
            with self._claims:
                is_ours = name not in self._made
                made = self._made.setdefault(name, Future())
            if is_ours:
                try:
                    self._make(name, helper)
                    made.set_result(None)
                except BaseException as error:  # noqa: BLE001 - raised to whoever waits for it
                    made.set_exception(error)
            made.result()

    def _make(self, name: str, helper: Helper) -> None:
        with self.connection.cursor() as cursor:
            query = helper if isinstance(helper, str) else helper(cursor)
            self.make_helpers(query)
            cursor.execute(f"CREATE OR REPLACE TABLE gate.{name} AS {query}")

    @contextmanager
    def helpers_ahead(self, queries: Iterable[str]) -> Iterator[None]:
        """Makes the helpers of `queries` in a thread, in their order, until the context ends.

        An error is raised where a helper that cannot be made is needed.
        """
        stopped = Event()

        def make() -> None:
            for sql in queries:
                if stopped.is_set():
                    return
                with suppress(duckdb.Error):
                    self.make_helpers(sql)

        with ThreadPoolExecutor(1, thread_name_prefix="helpers") as pool:
            made = pool.submit(make)
            try:
                yield
            finally:
                stopped.set()
                made.result()

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
    settings: Settings | None = None,
) -> Iterator[GateDatabase]:
    """Opens the build with the release and the last release attached; detaches all at the end.

    Within the limits of `settings`. Raises duckdb.Error if a file cannot be opened.
    """
    # as Great Expectations opens it: one instance in this process
    with duckdb.connect(str(work_db), config=gate_configuration()) as connection:
        if settings is not None:
            set_limits(connection, settings)
        connection.execute(
            f"ATTACH IF NOT EXISTS '{release_db}' AS juandi (STORAGE_VERSION '{FILE_VERSION}')"
        )
        if previous is not None:
            connection.execute(f"ATTACH IF NOT EXISTS '{previous}' AS previous (READ_ONLY)")
        connection.execute(_SETUP)
        try:
            yield GateDatabase(connection, duckdb_url(work_db), helpers)
        finally:
            connection.execute("DETACH DATABASE IF EXISTS previous")
            connection.execute("CHECKPOINT juandi")
            connection.execute("DETACH DATABASE IF EXISTS juandi")
