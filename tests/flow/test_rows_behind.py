"""Every figure whose rows are declared equals what those rows come to, in every row of its mart."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from pipelines.tables.behind import behind_of, rows_behind
from pipelines.tables.declaration import Behind, Table
from pipelines.tables.registry import MODELS
from tests.flow.conftest import Released

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
