"""SQL that makes tables as they are declared, and says what they mean.

Of ops always; tables of star and marts are made by dbt's models, which carry the same words, and
only where another engine computed them, here.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.dictionary import TYPES
from pipelines.tables.declaration import Table
from pipelines.tables.registry import MODELS, OPS


def column_types(name: str) -> dict[str, str]:
    """Column → SQL type of a published table, in order."""
    return {column.name: TYPES[column.kind].release for column in _declared(name).columns}


def create(name: str, catalog: str | None = "juandi", *, how: str = "create table") -> str:
    """The statement that makes a published table, without `catalog` in the open database.

    `how` begins it, for where the table may exist already.
    """
    kept = {c.name: f" using compression {c.compression}" for c in _declared(name).columns
            if c.compression}  # fmt: skip # two lines of one thought
    columns = ", ".join(
        f'"{column}" {kind}{kept.get(column, "")}' for column, kind in column_types(name).items()
    )
    return f"{how} {_place(_declared(name), catalog)} ({columns})"


def comments(table: Table, catalog: str | None = "juandi") -> Iterator[str]:
    """The statements that write a table's words into the database."""
    place = _place(table, catalog)
    yield f"comment on table {place} is {quoted(f'{table.zh} / {table.en}')}"
    for column in table.columns:
        yield f'comment on column {place}."{column.name}" is {quoted(column.words.text)}'


def _declared(name: str) -> Table:
    return OPS.get(name) or MODELS[name]


def _place(table: Table, catalog: str | None) -> str:
    return f"{catalog}.{table.id}" if catalog else table.id


def quoted(text: str) -> str:
    """The text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
