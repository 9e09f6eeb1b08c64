"""Every declared rule notices the one thing it is there for.

What a key, a reference or a set of values is broken by follows from the declaration; of a
condition it is said in `breaks.yml`. A condition without a case fails: a check that cannot fail
proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines.dictionary import TYPES, Kind
from pipelines.tables.declaration import Table, TableField
from pipelines.tables.registry import MODELS
from pipelines.tables.rules import unknown_member

BREAKS: dict[str, str] = yaml.safe_load(
    Path(__file__).with_name("breaks.yml").read_text(encoding="utf-8")
)


#: What stands where the tiny warehouse has nothing, by SQL's type; a number otherwise.
_FILLED = {
    "string": "'-'", "date": "DATE '2024-08-02'", "timestamp": "TIMESTAMP '2024-08-02 09:00:00'",
    "boolean": "true",
}  # fmt: skip


def _filled(table: Table) -> str:
    """SQL that leaves none of the columns null that no row is without, and breaks no rule."""
    known = {rule.column: f"'{rule.values[0]}'" for rule in table.one_of}
    values = []
    for column in table.columns:
        value = known.get(column.name, _FILLED.get(TYPES[column.kind].release, "0"))
        if column.refers:
            dimension, _, key = column.refers.partition(".")
            value = f"(SELECT any_value({key or column.name}) FROM juandi.star.{dimension})"
        if column.name in table.always:
            values.append(f'"{column.name}" = coalesce("{column.name}", {value})')
    return f"UPDATE juandi.{table.id} SET {', '.join(values)}" if values else "SELECT 1"


def _stranger(column: TableField) -> str:
    """A value that no dimension has."""
    return "7" if column.kind in (Kind.SMALL, Kind.INTEGER) else "'nowhere'"


def _breaks(table: Table) -> dict[str, tuple[str, str]]:
    """Name of a case → (dbt's name of the rule, SQL that breaks it)."""
    name, place = table.name, f"juandi.{table.id}"
    told = {"grain": (f"{name}_grain", f"INSERT INTO {place} FROM {place} LIMIT 1")}
    if table.history_of:
        sql = f"UPDATE {place} SET is_current = NOT is_current"
        told["history"] = (f"{name}_history_is_whole", sql)
    for needed in table.always:
        told[f"{needed} null"] = (f"{name}_present", f'UPDATE {place} SET "{needed}" = NULL')
    for column in table.columns:
        if column.refers:
            rule = f"{name}_{column.name}_in_{column.refers.partition('.')[0]}"
            sql = f'UPDATE {place} SET "{column.name}" = {_stranger(column)}'
            told[f"{column.name} nowhere"] = (rule, sql)
    for known in table.one_of:
        sql = f"UPDATE {place} SET \"{known.column}\" = 'nowhere'"
        told[f"{known.column} unknown"] = (f"{name}_{known.column}_known", sql)
    for column_name in table.known.split():
        rule = f"{name}_{column_name.rsplit('_', 1)[0]}_known"
        sql = f"UPDATE {place} SET \"{column_name}\" = '{unknown_member(column_name)}'"
        told[f"{column_name} unknown"] = (rule, sql)
    if table.register:
        told["lines of no file"] = (
            f"{name}_as_in_lake",
            f"UPDATE {place} SET source_file_id = 'x'",
        )
    for condition in table.holds:
        rule = f"{name}_{condition.name}"
        told[condition.name] = (rule, f"UPDATE {place} SET {BREAKS[rule]}")
    return told


def test_every_condition_has_a_breaking_case() -> None:
    """And no case outlives its rule."""
    declared = {f"{t.name}_{rule.name}" for t in MODELS.values() for rule in t.holds}
    assert set(BREAKS) == declared


@pytest.mark.parametrize("table", MODELS.values(), ids=list(MODELS))
def test_a_rule_notices_its_break(
    table: Table, compiled: Mapping[str, str], tiny_database: duckdb.DuckDBPyConnection
) -> None:
    """Each of the table's rules, one break at a time."""

    def failing(rule: str) -> int:
        asked = f"SELECT failing_rows FROM ({compiled[rule]}) WHERE rule = ?"
        found = tiny_database.execute(asked, [rule]).fetchone()
        return int((found or [0])[0])

    for case, (rule, sql) in _breaks(table).items():
        tiny_database.begin()
        try:
            if rule not in BREAKS:
                tiny_database.execute(_filled(table))
            before = failing(rule)
            tiny_database.execute(sql)
            after = failing(rule)
        finally:
            tiny_database.rollback()
        assert after > before, f"{rule} does not notice: {case}"
