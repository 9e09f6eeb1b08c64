"""What a table on a page is: which mart, which of its columns, what it can be narrowed by.

A section for a plain mart is one `Listing` in `declared`. Headings, units and definitions come
from the mart's declaration; how it is asked for belongs to `asking`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from pipelines.dictionary import Kind
from pipelines.tables.declaration import Table, TableField
from pipelines.tables.registry import MODELS, OPS

#: Every table that pages may show, by `schema.table`.
TABLES: Mapping[str, Table] = {t.id: t for t in (*MODELS.values(), *OPS.values())}

_NUMBERS = frozenset({Kind.MONEY, Kind.FINE_MONEY, Kind.INTEGER, Kind.SMALL, Kind.SHARE,
                      Kind.PERCENT, Kind.RATIO, Kind.NUMBER})  # fmt: skip # a list of words


class How(Enum):
    """How a filter compares."""

    IS = "is"  # one of the values given
    LEAST = "least"  # at least the number, or on the day or later
    MOST = "most"  # at most the number, or on the day or earlier


@dataclass(frozen=True)
class Narrow:
    """A filter of a listing: `?gap_type=late`, `?days_open_least=30`."""

    column: str
    how: How = How.IS

    @property
    def parameter(self) -> str:
        """Its name in a URL."""
        return self.column if self.how is How.IS else f"{self.column}_{self.how.value}"


@dataclass(frozen=True)
class Listing:
    """A table as pages show it and exports hand it out. Names are split at blanks.

    `columns`: those shown, in order; all of the table if empty. `narrows`: the columns it can be
    filtered by, as `gap_type days_open>= opened_at<=`; all columns if empty. `order`: sorted by, a
    name with `-` before it descending. `where`: a condition that always holds; `links`: column →
    path of what it names, `/projects/{project_no}`.
    """

    id: str
    table: str
    columns: str = ""
    narrows: str = ""
    order: str = ""
    where: str = ""
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def declared(self) -> Table:
        """The table's declaration. Raises KeyError for one that nobody declared."""
        return TABLES[self.table]

    @property
    def fields(self) -> tuple[TableField, ...]:
        """The columns shown, as declared. Raises KeyError for one that the table lacks."""
        declared = {column.name: column for column in self.declared.columns}
        return tuple(declared[name] for name in self.columns.split()) or tuple(declared.values())

    @property
    def filters(self) -> tuple[Narrow, ...]:
        """What it can be narrowed by."""
        if not self.narrows:
            return tuple(Narrow(column.name) for column in self.declared.columns)
        return tuple(_narrow(word) for word in self.narrows.split())

    @property
    def sorted_by(self) -> tuple[str, bool]:
        """(column, descending)."""
        name = self.order or self.declared.keys[0]
        return name.lstrip("-"), name.startswith("-")


def _narrow(word: str) -> Narrow:
    if word.endswith(">="):
        return Narrow(word[:-2], How.LEAST)
    if word.endswith("<="):
        return Narrow(word[:-2], How.MOST)
    return Narrow(word)


def is_number(column: TableField) -> bool:
    """Whether a column's values are figures: aligned at the right, added up by a spreadsheet.

    Keys and numbers in a series (a year, a level, a line of a file) are names made of digits.
    """
    named = column.name == "year" or column.name.endswith(("_key", "_no", "_row", "_year"))
    is_whole = column.kind in (Kind.INTEGER, Kind.SMALL) and column.unit is None
    return column.kind in _NUMBERS and not (named and is_whole)
