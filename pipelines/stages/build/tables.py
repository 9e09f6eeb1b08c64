"""What a build's tables hold, in figures: their rows and their columns.

Looks only. What a row means is dbt's, whether it may be there the gates'.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import duckdb

from pipelines.quality.connection import gate_configuration
from pipelines.settings import Settings

#: (schema, name): star and marts lie in the release, all else in the scratch database.
Name: TypeAlias = tuple[str, str]


class Described(NamedTuple):
    """A column: DuckDB's type, and what the database says of it."""

    name: str
    kind: str
    comment: str | None


@dataclass(frozen=True)
class Tables:
    """The columns of every table and view of a build, in order; the rows of those counted."""

    columns: Mapping[Name, Sequence[Described]]
    rows: Mapping[Name, int]


def tables_made(settings: Settings, counted: Collection[Name], *, count_views: bool) -> Tables:
    """What there is. A view has to be run to be counted: only where `count_views`.

    The build may be open in this process with `gate_configuration`. Raises duckdb.Error.
    """
    with duckdb.connect(str(settings.work_db), config=gate_configuration()) as db:
        db.execute(f"attach if not exists '{settings.release_db}' as juandi")
        columns: dict[Name, list[Described]] = defaultdict(list)
        places: dict[Name, str] = {}
        for catalog, schema, table, *told in db.execute(
            "select database_name, schema_name, table_name, column_name, data_type, comment"
            " from duckdb_columns() where not internal and database_name in ('juandi', ?)"
            " order by column_index",
            [settings.work_db.stem],
        ).fetchall():
            columns[schema, table].append(Described(*told))
            places[schema, table] = f'"{catalog}"."{schema}"."{table}"'
        views = set(db.execute("select schema_name, view_name from duckdb_views()").fetchall())
        rows: dict[Name, int] = {}
        for name in set(counted) & columns.keys():
            if count_views or name not in views:
                (rows[name],) = db.execute(f"select count(*) from {places[name]}").fetchone() or (
                    0,
                )
    return Tables(dict(columns), rows)
