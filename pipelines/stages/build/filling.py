"""Tables of a build filled with rows that Python has at hand. Which tables is others' to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb


def filled(
    db: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[Any]],
) -> None:
    """A table of the scratch database, made of these rows."""
    declared = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    db.execute(f"create table {table} ({declared})")
    insert(db, table, columns, rows)


def insert(
    db: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[Any]],
) -> None:
    """One list per column: one statement per row would take half a second for some hundreds."""
    if rows:
        cells = ", ".join(f"unnest(?::{kind}[])" for kind in columns.values())
        lists = [list(column) for column in zip(*rows, strict=True)]
        db.execute(f"insert into {table} select {cells}", lists)
