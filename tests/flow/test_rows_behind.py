"""Every figure whose rows are declared equals what those rows come to, in every row of its mart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import duckdb
import pytest

from pages.listings import is_number
from pipelines.settings import Settings
from pipelines.tables.behind import behind_of, rows_behind
from pipelines.tables.declaration import Behind, Table
from pipelines.tables.figures import field_of, needed_of, why_no_rows
from pipelines.tables.registry import MODELS, OPS
from pipelines.tables.worked import Formula, formula_of, rounded
from tests.flow.conftest import Released, published

WORKED = [(table, name) for table in MODELS.values() for name in table.worked]
DECLARED = [(table, behind) for table in MODELS.values() for behind in table.behind]
#: What neither sample has a row of: column → values of its parts, and what it comes to.
UNSAMPLED: Mapping[str, tuple[Mapping[str, object], Decimal]] = {
    "giving_day_yearly.repeat_projects_share": (
        {"repeat_projects": 1, "projects": 3}, Decimal("0.333333")),
    "giving_day_yearly.growth_ratio": (
        {"gross_cny": Decimal("23.59"), "previous_gross_cny": Decimal("1.00")}, Decimal("23.59")),
    "giving_day_yearly.growth_rate": ({"growth_ratio": Decimal("23.590001")}, Decimal("22.590001")),
    "org_growth.growth_ratio": (
        {"raised_cny": Decimal("-0.05"), "previous_raised_cny": Decimal("3.00")},
        Decimal("-0.016667")),
    "org_growth.growth_rate": ({"growth_ratio": Decimal("0.25")}, Decimal("-0.75")),
    "regional_flow.received_east_to_centre": (
        {"received_east_cny": Decimal("2.00"), "received_centre_cny": Decimal("3.00")},
        Decimal("0.666667")),
    "regional_flow.received_east_to_west": (
        {"received_east_cny": Decimal("2.00"), "received_west_cny": Decimal("0.03")},
        Decimal("66.666667")),
}  # fmt: skip # a table of cases
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


COUNTED = [(t, b) for t, b in DECLARED if set(b.figures) & set(t.fields.split())]


@pytest.mark.parametrize(
    ("table", "behind"), COUNTED, ids=[f"{t.name}-{'-'.join(b.figures)}" for t, b in COUNTED]
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
    assert set(behind.figures) & (fields | set(behind.parts))
    assert set(behind.needed) <= fields
    assert behind.table in {known.id for known in MODELS.values()}
    assert all(behind_of(table, name) is not None for name in behind.figures if name in fields)
    assert not set(behind.parts) & fields
    used = {name for column in table.worked for name in _formula(table, column).names}
    assert set(behind.parts) <= used


@pytest.fixture(scope="module")
def others(some: duckdb.DuckDBPyConnection, figures: Settings) -> list[duckdb.DuckDBPyConnection]:
    """The sample's release, and the one of few rows that have what the sample lacks."""
    return [some, published(figures)]


def _formula(table: Table, column: str) -> Formula:
    found = formula_of(table, column)
    assert found is not None
    return found


def db_rows(db: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object]) -> list[object]:
    return list(db.execute(sql, list(values)).fetchall())


def redone(db: duckdb.DuckDBPyConnection, table: Table, column: str) -> tuple[int, list[str]]:
    """How many figures of a column there are, and those that their formula does not come to."""
    formula, field = _formula(table, column), field_of(table, column)
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
    has_rows = any(count for count, _ in found)
    assert has_rows != (f"{table.name}.{column}" in UNSAMPLED), "keep UNSAMPLED as it is"


@pytest.mark.parametrize(
    ("column", "values", "value"), [(n, *case) for n, case in UNSAMPLED.items()]
)
def test_the_arithmetic_that_no_sample_has(
    column: str, values: Mapping[str, object], value: Decimal
) -> None:
    """By hand, of figures that tell the parts apart."""
    table, name = column.split(".")
    field = field_of(MODELS[table], name)
    assert field is not None
    assert rounded(field.kind, _formula(MODELS[table], name).result(values)) == value


@pytest.mark.parametrize(
    "behind", [b for _, b in DECLARED if b.parts], ids=lambda b: "-".join(b.parts)
)
def test_parts_can_be_counted(behind: Behind, some: duckdb.DuckDBPyConnection) -> None:
    """Also those of marts whose sample has no such row: each is a query that runs."""
    row = dict.fromkeys(behind.needed, None) | {"scope_type": "campaign", "year": 2024}
    for name in behind.parts:
        one = rows_behind(behind, name, row)
        sql = f"select {one.aggregate} from {one.table} where {one.where}"
        assert len(db_rows(some, sql, one.values)) == 1


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
