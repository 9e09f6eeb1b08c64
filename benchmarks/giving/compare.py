"""Compares the star and marts of two database files: only equal results have comparable times.

Every table of the bare file is compared with the table of that name in the published one: the
number of rows, every sum of money in fen, and a checksum over all columns that both have. Nothing
here depends on how either was made.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

SCHEMAS = ("star", "marts")


@dataclass
class Comparison:
    """What was compared, and what differs: one sentence each."""

    differences: list[str] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)  # name → rows of the published table
    only_published: dict[str, list[str]] = field(default_factory=dict)  # table → columns

    @property
    def same(self) -> bool:
        """True if nothing differs and something was compared."""
        return bool(self.tables) and not self.differences


def _columns(db: duckdb.DuckDBPyConnection, base: str) -> dict[str, dict[str, str]]:
    """{schema.table: {column: type}} of one attached database."""
    rows = db.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        " where database_name = ? and schema_name in ('star', 'marts') order by column_index",
        [base],
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for schema, table, column, kind in rows:
        found.setdefault(f"{schema}.{table}", {})[column] = kind
    return found


def compare(bare: Path, published: Path) -> Comparison:
    """Compares every table of `bare` with that of `published`."""
    result = Comparison()
    with duckdb.connect() as db:
        for name, path in (("bare", bare), ("published", published)):
            db.execute(f"attach '{path}' as {name} (read_only)")
        ours, theirs = _columns(db, "bare"), _columns(db, "published")
        if not ours:
            result.differences.append("the bare file has no tables")
        for table, columns in ours.items():
            if table not in theirs:
                result.differences.append(f"{table}: not in the published file")
                continue
            lacking = [c for c in columns if c not in theirs[table]]
            result.differences += [f"{table}.{c}: not in the published table" for c in lacking]
            shared = [c for c in columns if c in theirs[table]]
            result.only_published[table] = [c for c in theirs[table] if c not in columns]
            result.differences += [
                f"{table}.{c}: {columns[c]} against {theirs[table][c]}"
                for c in shared
                if columns[c] != theirs[table][c]
            ]
            result.tables[table] = _compare_table(db, table, shared, columns, result.differences)
    return result


def _compare_table(
    db: duckdb.DuckDBPyConnection, table: str, shared: list[str], kinds: dict[str, str],
    differences: list[str],
) -> int:  # fmt: skip
    """Adds the differences of one table; returns the number of rows of the published one."""
    money = [c for c in shared if kinds[c] == "DECIMAL(18,2)"]
    figures = {"rows": "count(*)"} | {f"fen of {c}": f"sum({c} * 100)::hugeint" for c in money}
    # independent of row order; equal rows do not cancel each other out
    figures["checksum"] = f"sum(hash({', '.join(shared)})::hugeint)"
    asked = ", ".join(figures.values())
    ours, theirs = (
        db.execute(f"select {asked} from {base}.{table}").fetchone() or ()
        for base in ("bare", "published")
    )
    wrong = [
        f"{table}: {name} {one} against {other}"
        for name, one, other in zip(figures, ours, theirs, strict=True)
        if one != other
    ]
    if wrong:
        differences += wrong + _columns_that_differ(db, table, shared)
    return int(theirs[0])


def _columns_that_differ(db: duckdb.DuckDBPyConnection, table: str, shared: list[str]) -> list[str]:
    sums = ", ".join(f"sum(hash({c})::hugeint)" for c in shared)
    ours, theirs = (
        db.execute(f"select {sums} from {base}.{table}").fetchone() or ()
        for base in ("bare", "published")
    )
    names = [c for c, one, other in zip(shared, ours, theirs, strict=True) if one != other]
    return [f"{table}: other values in {', '.join(names)}"] if names else []


def mart_seconds(published: Path) -> dict[str, float]:
    """Seconds to open the published file and fetch all of each mart, slowest first."""
    with duckdb.connect(str(published), read_only=True) as db:
        marts = [
            row[0]
            for row in db.execute(
                "select table_name from duckdb_tables() where schema_name = 'marts'"
            ).fetchall()
        ]
    seconds = {}
    for mart in marts:
        began = time.perf_counter()
        with duckdb.connect(str(published), read_only=True) as db:
            db.execute(f'select * from marts."{mart}"').fetchall()
        seconds[mart] = round(time.perf_counter() - began, 3)
    return dict(sorted(seconds.items(), key=lambda one: -one[1]))
