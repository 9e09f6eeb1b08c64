"""What a build's tables hold, in figures: their rows and their columns.

Looks only. What a row means is dbt's, whether it may be there the gates'.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import duckdb

from pipelines.publishing.releases import previous_file
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
    """The columns of every table and view of a build, in order; the rows of those counted, and
    how many the published release has."""

    columns: Mapping[Name, Sequence[Described]]
    rows: Mapping[Name, int]
    rows_before: Mapping[Name, int] = field(default_factory=dict)


def tables_made(
    settings: Settings, counted: Collection[Name], *, count_views: bool, compare: bool
) -> Tables:
    """What there is. A view has to be run to be counted: only where `count_views`; the published
    release is looked at where `compare`.

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
    return Tables(dict(columns), rows, _rows_published(settings, rows) if compare else {})


def _rows_published(settings: Settings, names: Iterable[Name]) -> dict[Name, int]:
    """Rows of those tables that the published release has; nothing where it cannot be opened."""
    last = previous_file(settings)
    if last is None:
        return {}
    with suppress(duckdb.Error), duckdb.connect(str(last), read_only=True) as db:
        there = db.execute(
            "select schema_name, table_name from duckdb_tables() union all"
            " select schema_name, view_name from duckdb_views() where not internal"
        ).fetchall()
        return {
            name: db.execute(f'select count(*) from "{name[0]}"."{name[1]}"').fetchall()[0][0]
            for name in set(names) & set(there)
        }
    return {}
