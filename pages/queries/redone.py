"""A figure that is worked out of others, done again: what they are and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pages.data import Reader, Row
from pages.listings import is_number
from pipelines.tables.behind import behind_of, rows_behind
from pipelines.tables.declaration import Table, TableField
from pipelines.tables.figures import field_of
from pipelines.tables.worked import Formula, rounded

#: Digits of a result that is shown before it is rounded.
_DIGITS = 12


@dataclass(frozen=True)
class FigurePart:
    """A figure that another is worked out of: its value, and how many rows of what it counts.

    `rows` is None of a figure that is itself worked out, or whose table the release has not.
    `read` are the tables that the value was counted from; none where the mart has it.
    """

    field: TableField
    value: object
    rows: int | None
    table: str
    read: frozenset[str] = frozenset()

    @property
    def is_figure(self) -> bool:
        """Whether it is counted; days and codes only say what is done."""
        return is_number(self.field)


@dataclass(frozen=True)
class Redone:
    """A figure worked out again: exactly, and as its column holds it."""

    formula: Formula
    parts: tuple[FigurePart, ...]
    exact: Fraction | None
    value: Decimal | int | None

    @property
    def read(self) -> frozenset[str]:
        """The tables that it was counted from, beside the mart's own row."""
        return frozenset().union(*(part.read for part in self.parts))

    @property
    def unrounded(self) -> str:
        """What it comes to before it is rounded, to twelve digits."""
        if self.exact is None:
            return ""
        digits = Decimal(self.exact.numerator) / Decimal(self.exact.denominator)
        text = f"{digits:.{_DIGITS}f}".rstrip("0").rstrip(".") or "0"
        return text if Fraction(text) == self.exact else f"{text}…"


def redone(reader: Reader, table: Table, field: TableField, formula: Formula, row: Row) -> Redone:
    """A figure of a row of a mart, worked out again of that row and of the rows it counts."""
    parts = {name: _part(reader, table, name, row) for name in formula.names}
    values: Mapping[str, object] = {name: part.value for name, part in parts.items()}
    exact = formula.result(values)
    left = formula.settled(values)
    return Redone(left, tuple(parts[n] for n in left.names), exact, rounded(field.kind, exact))


def _part(reader: Reader, table: Table, name: str, row: Row) -> FigurePart:
    """One of its parts: as the mart has it, or counted where the mart has no such column."""
    field, behind = field_of(table, name), behind_of(table, name)
    if field is None:
        raise KeyError(name)
    value = row.get(name)
    if behind is None or not reader.has(behind.table):
        return FigurePart(field, value, None, "" if behind is None else behind.table)
    one = rows_behind(behind, name, row)
    counted = reader.rows(
        f"SELECT {one.aggregate} AS v, count(*) AS n FROM {one.table} WHERE {one.where}",
        list(one.values),
    )[0]
    if name in row:
        return FigurePart(field, value, counted["n"], behind.table)
    return FigurePart(field, counted["v"], counted["n"], behind.table, one.tables)
