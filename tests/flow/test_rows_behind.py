"""Every figure whose rows are declared equals what those rows come to, in every row of its mart."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from pages.listings import is_number
from pipelines.settings import Settings
from pipelines.tables.behind import behind_of, rows_behind
from pipelines.tables.declaration import Behind, Table
from pipelines.tables.figures import field_of, needed_of, why_no_rows
from pipelines.tables.registry import MODELS, OPS
from pipelines.tables.worked import formula_of, rounded
from tests.flow.conftest import Released, published

WORKED = [(table, name) for table in MODELS.values() for name in table.worked]
DECLARED = [(table, behind) for table in MODELS.values() for behind in table.behind]
#: Rows of a mart that are looked at, spread over it: each costs a query.
_MOST = 60


@pytest.fixture(scope="module")
def some(released: Callable[[str], Released]) -> duckdb.DuckDBPyConnection:
    """The release of the small sample with some faults."""
    return released("some").file


def differing(db: duckdb.DuckDBPyConnection, table: Table, behind: Behind) -> list[str]:
    """The cells that their rows do not come to."""
    figures = [name for name in behind.figures if name in table.fields.split()]
    cursor = db.execute(f"from {table.id} order by all")
    names = [column[0] for column in cursor.description or ()]
    rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    wrong = []
    for row in rows[:: max(1, len(rows) // _MOST)]:
        found = rows_behind(behind, figures[0], row)
        aggregates = ", ".join(behind.figures[name] for name in figures)
        sql = f"select {aggregates} from {found.table} where {found.where}"
        (got,) = db.execute(sql, list(found.values)).fetchall()
        wrong += [
            f"{name}: {row[name]} is not {value} in {row}"
            for name, value in zip(figures, got, strict=True)
            if row[name] is not None and row[name] != value
        ]
    return wrong


@pytest.mark.parametrize(
    ("table", "behind"), DECLARED, ids=[f"{t.name}-{'-'.join(b.figures)}" for t, b in DECLARED]
)
def test_the_rows_come_to_the_figure(
    table: Table, behind: Behind, some: duckdb.DuckDBPyConnection
) -> None:
    """In money and in counts, exactly."""
    assert differing(some, table, behind) == []


@pytest.mark.parametrize(
    ("table", "behind"), DECLARED, ids=[f"{t.name}-{'-'.join(b.figures)}" for t, b in DECLARED]
)
def test_what_is_declared_is_there(table: Table, behind: Behind) -> None:
    """The figures and the names in the condition are columns of the mart, the rows a table's."""
    fields = set(table.fields.split())
    assert set(behind.figures) & fields
    assert set(behind.needed) <= fields
    assert behind.table in {known.id for known in MODELS.values()}
    assert all(behind_of(table, name) is not None for name in behind.figures if name in fields)
    assert not set(behind.parts) & fields
    assert set(behind.parts) <= {name for text in table.worked.values() for name in text.split()}


@pytest.fixture(scope="module")
def others(some: duckdb.DuckDBPyConnection, figures: Settings) -> list[duckdb.DuckDBPyConnection]:
    """The sample's release, and the one of few rows that have what the sample lacks."""
    return [some, published(figures)]


def redone(db: duckdb.DuckDBPyConnection, table: Table, column: str) -> tuple[int, list[str]]:
    """How many figures of a column there are, and those that their formula does not come to."""
    formula, field = formula_of(table, column), field_of(table, column)
    assert formula is not None
    assert field is not None
    cursor = db.execute(f'from {table.id} where "{column}" is not null order by all')
    names = [head[0] for head in cursor.description or ()]
    rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    if any(name not in names for name in formula.names):  # each part costs a query
        rows = rows[:: max(1, len(rows) // _MOST)]
    wrong = []
    for row in rows:
        for name in formula.names:
            if name not in row:
                part = rows_behind(table.behind_columns[name], name, row)
                sql = f"select {part.aggregate} from {part.table} where {part.where}"
                row[name] = db.execute(sql, list(part.values)).fetchall()[0][0]
        value = rounded(field.kind, formula.result(row))
        left = formula.settled(row)
        assert rounded(field.kind, left.result(row)) == value
        wrong += [] if value == row[column] else [f"{column}: {row[column]} is not {value}: {row}"]
    return len(rows), wrong


@pytest.mark.parametrize(("table", "column"), WORKED, ids=[f"{t.name}-{c}" for t, c in WORKED])
def test_the_arithmetic_comes_to_the_figure(
    table: Table, column: str, others: list[duckdb.DuckDBPyConnection]
) -> None:
    """Every share, mean and ratio of every row, worked out again: exactly what is printed."""
    found = [redone(db, table, column) for db in others]
    assert [wrong for _, some in found for wrong in some] == []
    assert sum(count for count, _ in found), "no row has it: neither sample tests it"


@pytest.mark.parametrize("table", [*MODELS.values(), *OPS.values()], ids=lambda table: table.id)
def test_every_figure_says_how_it_came_about(table: Table) -> None:
    """By rows, by arithmetic, or by saying why neither: one of them, and of nothing else."""
    figures = {column.name for column in table.columns if is_number(column)}
    ways = {name: [name in table.behind_columns, name in table.worked, name in table.no_rows]
            for name in table.fields.split()}  # fmt: skip # a table
    assert not [name for name, some in ways.items() if sum(some) > 1]
    assert not [name for name in (*table.worked, *table.no_rows) if name not in figures]
    assert not [
        name
        for name in figures
        if needed_of(table, name) is None and why_no_rows(table, name) is None
    ]


def test_a_wrong_relation_is_noticed(some: duckdb.DuckDBPyConnection) -> None:
    """The check itself: another column, other rows."""
    mart = MODELS["campaign_summary"]
    right = "campaign_id = $campaign_id"
    assert not differing(
        some, mart, Behind("star.fact_donation", right, {"net_cny": "sum(net_cny)"})
    )
    for where, aggregate in (
        (right, "sum(amount_cny) + 1"),
        (f"{right} and not is_refunded", "sum(net_cny)"),
    ):
        wrong = Behind("star.fact_donation", where, {"net_cny": aggregate})
        assert differing(some, mart, wrong)
