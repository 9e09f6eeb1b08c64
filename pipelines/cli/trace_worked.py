"""A figure that is worked out of others, or has no rows: what `juandi trace` says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pages.words import catalogue
from pipelines.cli.console import print_rows
from pipelines.dictionary import Words
from pipelines.tables.declaration import Table, TableField
from pipelines.tables.figures import needed_of

if TYPE_CHECKING:
    from pages.data import Row
    from pages.queries.redone import Redone


def say(key: str, **values: object) -> str:
    """A word of the catalogue in both languages."""
    return f"{catalogue('zh')(key, **values)} / {catalogue('en')(key, **values)}"


def figure_data(table: Table, column: TableField, row: Row, release_id: str) -> dict[str, object]:
    """A figure as plain data: where it stands, in which row, and its definition."""
    return {
        "release": release_id,
        "table": table.id,
        "column": column.name,
        "unit": column.unit.en if column.unit else None,
        "definition": {"zh": column.words.zh, "en": column.words.en},
        "row": {name: row[name] for name in table.keys},
    }


@dataclass(frozen=True)
class WorkedCell:
    """A figure, the row it is in, and what it is worked out of or why it has no rows."""

    table: Table
    column: TableField
    row: Row
    again: Redone | None
    why: Words | None
    release_id: str

    @property
    def value(self) -> object:
        """The mart's figure."""
        return self.row[self.column.name]

    @property
    def agrees(self) -> bool:
        """Whether working it out again comes to the figure."""
        return self.again is not None and self.again.value == self.value

    @property
    def data(self) -> dict[str, object]:
        """As plain data."""
        found = figure_data(self.table, self.column, self.row, self.release_id)
        found["value"] = self.value
        if self.again is None:
            why = self.why or Words("", "")
            return found | {"worked": None, "no_rows": {"zh": why.zh, "en": why.en}}
        return found | {
            "worked": {
                "formula": self.again.formula.text,
                "parts": [
                    {
                        "name": part.field.name,
                        "value": part.value,
                        "rows": part.rows,
                        "table": part.table or None,
                        "trace": self.command(part.field.name),
                    }
                    for part in self.again.parts
                ],
                "unrounded": self.again.unrounded,
                "result": self.again.value,
                "agrees": self.agrees,
            }
        }

    def command(self, name: str) -> str | None:
        """How to trace a part; None of what is no figure."""
        if needed_of(self.table, name) is None:
            return None
        where = " ".join(f"--where {key}={self.row[key]}" for key in self.table.keys)
        return f"juandi trace {self.table.name} {name} {where}"


def print_worked(cell: WorkedCell) -> None:
    """The figure for people: its formula, its parts, and what it comes to again."""
    key = ", ".join(f"{name}={cell.row[name]}" for name in cell.table.keys)
    words = cell.column.words
    told: list[tuple[str, object]] = [
        ("数 figure", f"{cell.table.id}.{cell.column.name} ({key})"),
        ("值 value", cell.value),
        ("口径 definition", words.text),
        ("发布 release", cell.release_id),
    ]
    if cell.again is None:
        why = cell.why or Words("", "")
        print_rows(("", ""), [*told, ("没有行 no rows", why.zh), ("", why.en)])
        return
    values = {part.field.name: str(part.value) for part in cell.again.parts}
    told += [
        ("算法 worked out", cell.again.formula.written({})),
        ("", f"{cell.again.formula.written(values)} = {cell.again.unrounded}"),
        ("重算 again", cell.again.value),
        ("", f"＝ {say('rows.agrees')}" if cell.agrees else f"≠ {say('rows.differs')}"),
    ]
    print_rows(("", ""), told)
    print_rows(
        ("算自 of", "值 value", "行 rows", "取自 from", "追溯 trace"),
        [
            (p.field.name, p.value, p.rows if p.rows is not None else "—", p.table or "—",
             cell.command(p.field.name) or "—")
            for p in cell.again.parts
        ],
    )  # fmt: skip # a table
