"""From a cell of a mart to the rows that it counts and the lines they were read from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pipelines.cli.console import Trouble
from pipelines.cli.trace_worked import WorkedCell, figure_data
from pipelines.tables.behind import RowsBehind, behind_of, rows_behind
from pipelines.tables.declaration import Table, TableField
from pipelines.tables.figures import field_of, needed_of, why_no_rows
from pipelines.tables.registry import MODELS, OPS
from pipelines.tables.worked import formula_of
from pipelines.tracing.references import reference_of

if TYPE_CHECKING:
    from pages.data import Reader, Row

_ALL = {table.name: table for table in (*MODELS.values(), *OPS.values())}
_MOST_SHOWN = 10


@dataclass(frozen=True)
class TracedCell:
    """A figure, the rows behind it (the first of `count`), their files, and what they come to."""

    table: Table
    column: TableField
    row: Row
    value: object
    behind: RowsBehind
    counted: object
    count: int
    files: Sequence[Row]
    rows: Sequence[Row]
    release_id: str

    @property
    def agrees(self) -> bool:
        """Whether the rows come to the figure."""
        return self.column.name not in self.row or self.value == self.counted

    @property
    def data(self) -> dict[str, object]:
        """As plain data."""
        return figure_data(self.table, self.column, self.row, self.release_id) | {
            "value": self.value,
            "behind": {
                "table": self.behind.table,
                "where": self.behind.where,
                "values": self.behind.values,
                "aggregate": self.behind.aggregate,
                "result": self.counted,
                "agrees": self.agrees,
                "rows": self.count,
            },
            "files": self.files,
            "lines": [{"reference": line_of(row), **row} for row in self.rows],
        }


def table_of(text: str) -> Table | None:
    """A published table by its name, with its schema or without."""
    table = _ALL.get(text.rpartition(".")[2])
    return table if table is not None and text in (table.name, table.id) else None


def names() -> list[str]:
    """Every table's name."""
    return list(_ALL)


def line_of(row: Row) -> str | None:
    """The reference of the line that a row was read from; None of a table that knows none."""
    if row.get("source_file_id") is None or row.get("source_row") is None:
        return None
    return reference_of(row["source_file_id"], row.get("source_sheet"), row["source_row"])


def cell(
    release: Reader, what: str, column: str, where: Sequence[str], limit: int
) -> TracedCell | WorkedCell:
    """The cell that is asked for, its rows and their files, or what it is worked out of.

    Raises Trouble.
    """
    table = table_of(what)
    if table is None:
        raise Trouble(f"没有这张表 no such table: {what}; {_near(what, list(_ALL))}")
    field = _figure(table, column)
    behind = behind_of(table, field.name)
    if behind is None and needed_of(table, field.name) is not None:
        return _worked(release, table, field, _row(release, table, where))
    if behind is None:
        known = [c.name for c in table.columns if behind_of(table, c.name)]
        told = f"有行可追的 / figures with rows: {', '.join(known)}" if known else _elsewhere(table)
        raise Trouble(
            f"{table.id}.{field.name} 未声明由哪些行计得 / it is not declared which rows "
            f"{table.id}.{field.name} counts; {told}"
        )
    row = _row(release, table, where)
    found = rows_behind(behind, field.name, row)
    if not release.has(found.table):
        raise Trouble(f"发布中没有 the release has no {found.table}; `juandi refresh`")
    one = f"FROM {found.table} WHERE {found.where}"
    counted = release.rows(f"SELECT {found.aggregate} AS v, count(*) AS n {one}", found.values)[0]
    declared = table_of(found.table)
    assert declared is not None  # noqa: S101 - a test reads every declaration
    there = release.columns[found.table]
    order = ", ".join(f'"{key}"' for key in declared.keys if key in there)
    shown = ", ".join(f'"{c.name}"' for c in declared.columns if c.name in there)
    files: list[Row] = []
    if {"source_file_id", "source_row"} <= there:
        files = release.rows(
            f"SELECT source_file_id, a.source, a.file_name, count(*) AS rows"
            f" FROM (SELECT source_file_id {one}) LEFT JOIN ops.load_audit a USING (source_file_id)"
            " GROUP BY ALL ORDER BY rows DESC, source_file_id",
            found.values,
        )
    rows = release.rows(f"SELECT {shown} {one} ORDER BY {order} LIMIT {limit}", found.values)
    return TracedCell(
        table, field, row, row.get(field.name), found, counted["v"], counted["n"], files, rows,
        release.release.release_id,
    )  # fmt: skip # a record


def _worked(release: Reader, table: Table, field: TableField, row: Row) -> WorkedCell:
    from pages.queries.redone import redone

    formula = formula_of(table, field.name)
    again = redone(release, table, field, formula, row) if formula is not None else None
    why = why_no_rows(table, field.name)
    return WorkedCell(table, field, row, again, why, release.release.release_id)


def _figure(table: Table, column: str) -> TableField:
    field = field_of(table, column)
    if field is None:
        asked = f"没有这一列 no such column: {table.id}.{column}" if column else (
            f"请写明列 / name a column of {table.id}"
        )  # fmt: skip # one choice
        raise Trouble(f"{asked}; {_near(column, [c.name for c in table.columns])}")
    return field


def _row(release: Reader, table: Table, where: Sequence[str]) -> Row:
    """The one row that the conditions name. Raises Trouble."""
    from pages.listings import BadParameter, typed

    fields = {c.name: c for c in table.columns}
    conditions, values = [], []
    for text in where:
        name, sign, value = text.partition("=")
        name = name.strip()
        if not sign or name not in fields:
            raise Trouble(
                f"--where {text!r}: 写作 列=值 / write COLUMN=VALUE; {_near(name, list(fields))}"
            )
        try:
            values.append(typed(name, fields[name].kind, value.strip()))
        except BadParameter:
            raise Trouble(f"--where {text!r}: 该列不会有此值 / no value of the column") from None
        conditions.append(f'"{name}" = ?')
    if not release.has(table.id):
        raise Trouble(f"发布中没有 the release has no {table.id}; `juandi refresh`")
    condition = " AND ".join(conditions) or "true"
    keys = ", ".join(f'"{key}"' for key in table.keys)
    found = release.rows(
        f"SELECT * FROM {table.id} WHERE {condition} ORDER BY {keys} LIMIT {_MOST_SHOWN + 1}",
        values,
    )
    if len(found) == 1:
        return found[0]
    shown = found or release.rows(
        f"SELECT {keys} FROM {table.id} ORDER BY {keys} LIMIT {_MOST_SHOWN + 1}"
    )
    told = [" ".join(f"--where {key}={row[key]}" for key in table.keys) for row in shown]
    more = ["…"] if len(told) > _MOST_SHOWN else []
    listed = "\n  ".join(told[:_MOST_SHOWN] + more) or "—"
    what = (
        "有多行符合，请写全 / several rows match, name one"
        if found
        else "没有这样的行，现有 / there is no such row; there are"
    )
    raise Trouble(f"{what}:\n  {listed}")


def _near(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=5, cutoff=0.5) or known[:40]
    return f"相近的 near: {', '.join(near)}"


def _elsewhere(table: Table) -> str:
    if table.layer == "marts":
        return f'见 / see docs/marts, juandi sql "from {table.id}"'
    return "事实的各行即来源的行，用 文件:表:行 追 / its rows are lines: trace FILE:SHEET:LINE"
