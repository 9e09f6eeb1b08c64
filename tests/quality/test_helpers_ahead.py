"""Helper tables: made once, before a rule asks or when it does; one that fails fails its rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from threading import Event, Timer

import duckdb
import pytest

from pipelines.quality.connection import GateDatabase


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA gate")
        yield connection


def test_a_helper_is_made_once_whoever_asks(connection: duckdb.DuckDBPyConnection) -> None:
    made: Counter[str] = Counter()
    begun = Event()

    def slow(_: duckdb.DuckDBPyConnection) -> str:
        begun.set()
        made["slow"] += 1
        return "SELECT 1 AS n FROM range(2000000) AS t(i) HAVING count(*) > 0"

    def above(_: duckdb.DuckDBPyConnection) -> str:
        made["above"] += 1
        return "SELECT n + 1 AS n FROM gate.slow"

    database = GateDatabase(connection, "", {"slow": slow, "above": above})
    queries = ["SELECT n FROM gate.slow", "SELECT n FROM gate.above"]
    with database.helpers_ahead(queries):
        assert begun.wait(30)
        assert database.value("SELECT n FROM gate.above") == 2
    assert database.value("SELECT n FROM gate.slow") == 1
    assert made == {"slow": 1, "above": 1}


def test_what_cannot_be_made_is_said_to_who_needs_it(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    helpers = {"broken": "SELECT * FROM nowhere", "whole": "SELECT 7 AS n"}
    database = GateDatabase(connection, "", helpers)
    with database.helpers_ahead(["SELECT * FROM gate.broken", "SELECT n FROM gate.whole"]):
        for _ in range(2):
            with pytest.raises(duckdb.CatalogException, match="nowhere"):
                database.make_helpers("SELECT * FROM gate.broken")
        assert database.value("SELECT n FROM gate.whole") == 7


def test_nothing_more_is_made_once_the_rules_are_through(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    begun, through = Event(), Event()

    def first(_: duckdb.DuckDBPyConnection) -> str:
        begun.set()
        through.wait(30)
        return "SELECT 1 AS n"

    database = GateDatabase(connection, "", {"first": first, "second": "SELECT 2 AS n"})
    with database.helpers_ahead(["SELECT n FROM gate.first", "SELECT n FROM gate.second"]):
        assert begun.wait(30)
        Timer(0.2, through.set).start()  # the rules have ended by then
    tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    assert tables == [("first",)]
    assert database.value("SELECT n FROM gate.second") == 2
