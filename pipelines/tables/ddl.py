"""SQL that makes the tables of ops as they are declared, and says what they mean.

Tables of star and marts are made by dbt's models, which carry the same words.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.dictionary import TYPES
from pipelines.tables.declaration import Table
from pipelines.tables.registry import OPS


def column_types(name: str) -> dict[str, str]:
    """Column → SQL type of a table of ops, in order."""
    return {column.name: TYPES[column.kind].release for column in OPS[name].columns}


def create(name: str, catalog: str | None = "juandi", *, how: str = "create table") -> str:
    """The statement that makes a table of ops, without `catalog` in the open database.

    `how` begins it, for where the table may exist already.
    """
    columns = ", ".join(f'"{column}" {kind}' for column, kind in column_types(name).items())
    return f"{how} {_place(OPS[name], catalog)} ({columns})"


def comments(table: Table, catalog: str | None = "juandi") -> Iterator[str]:
    """The statements that write a table's words into the database."""
    place = _place(table, catalog)
    yield f"comment on table {place} is {quoted(f'{table.zh} / {table.en}')}"
    for column in table.columns:
        yield f'comment on column {place}."{column.name}" is {quoted(column.words.text)}'


def _place(table: Table, catalog: str | None) -> str:
    return f"{catalog}.{table.id}" if catalog else table.id


def quoted(text: str) -> str:
    """The text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
