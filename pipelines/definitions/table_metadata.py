"""What Dagster's pages show of a table that a run made: rows, how many more than the published
release has, columns, and where columns are from.

How they are found is the build stage's.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import dagster as dg

from pipelines.definitions.keys import BUILD
from pipelines.settings import Engine
from pipelines.sources import SOURCES
from pipelines.stages.build.lineage import ColumnRead, columns_read
from pipelines.stages.build.tables import Name, Tables


def table_metadata(
    name: Name, tables: Tables, query: str | None, engine: Engine = Engine.duckdb
) -> Mapping[str, Any]:
    """Under the names that Dagster gives them; of columns without lineage for a `query` of None."""
    columns = tables.columns.get(name)
    if columns is None:
        return {}
    told: dict[str, Any] = {
        "dagster/column_schema": dg.TableSchema(
            columns=[dg.TableColumn(c.name, c.kind.lower(), c.comment) for c in columns]
        )
    }
    if name in tables.rows:
        told["dagster/row_count"] = tables.rows[name]
        if name in tables.rows_before:
            told["rows_change"] = tables.rows[name] - tables.rows_before[name]
    if query is not None:
        read = columns_read(query, tables.columns, engine)
        if lineage := {c.name: list(_above(read.get(c.name, ()))) for c in columns}:
            told["dagster/column_lineage"] = dg.TableColumnLineage(lineage)
    return told


def _above(columns: Iterable[ColumnRead]) -> Iterator[dg.TableColumnDep]:
    """What the build itself wrote is one asset: of its tables several may have the column."""
    places: dict[tuple[dg.AssetKey, str], None] = {}
    for column in columns:
        is_source = column.schema == "lake" and column.table in SOURCES
        is_model = column.schema not in ("lake", "base")
        key = dg.AssetKey([column.schema, column.table]) if is_source or is_model else BUILD
        places[key, column.name] = None
    return (dg.TableColumnDep(key, name) for key, name in places)
