"""A table on a page: columns as declared, rows as found, and what can be done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pages.data import Row
from pages.listings import TABLES, FoundRows
from pages.web.paths import line_path, reference_path, rows_path, segment
from pages.words import Catalogue
from pipelines.tables.declaration import TableField


@dataclass(frozen=True)
class Board:
    """What the template `board` draws. `id` has its caption and empty state in the catalogue.

    `table` is where its columns are defined, `counted` where its figures are declared if that is
    another; `links` give the path of what a cell names, `sorts`
    the URL that sorts by a column, `sorted_by` and `descending` how it is sorted now; `export` is
    the path of its file without the ending, `total` how many rows there are in all. `caption` is
    for a listing that the catalogue does not name.
    """

    id: str
    table: str
    columns: Sequence[TableField]
    rows: Sequence[Row]
    links: Mapping[str, str] = field(default_factory=dict)
    sorts: Mapping[str, str] = field(default_factory=dict)
    sorted_by: str = ""
    descending: bool = False
    export: str = ""
    more: str = ""
    total: int | None = None
    is_there: bool = True
    caption: str = ""
    counted: str = ""

    @property
    def figures(self) -> str:
        """The table whose declaration says how the figures came about."""
        return self.counted or self.table

    def link(self, column: str, row: Row) -> str | None:
        """Where a cell leads; None if nowhere, or if what the path needs is null.

        Where nothing else is said, a line's number or id leads to the line, a figure to its rows.
        """
        path = self.links.get(column)
        if row.get(column) is None:
            return None
        if path is None:
            return own_path_of(self.figures, column, row)
        needed = {name: value for name, value in row.items() if f"{{{name}}}" in path}
        if any(value is None or value == "" for value in needed.values()):
            return None
        return path.format(**{name: segment(value) for name, value in needed.items()})


def own_path_of(table: str, column: str, row: Row) -> str | None:
    """Where a value leads by what it is."""
    if column == "source_row":
        return line_path(row)
    if column == "quarantine_id":
        return reference_path(row[column])
    return rows_path(table, column, row)


def columns_of(table: str, names: str) -> tuple[TableField, ...]:
    """Columns of a declared table by name, split at blanks. Raises KeyError."""
    declared = {column.name: column for column in TABLES[table].columns}
    return tuple(declared[name] for name in names.split())


def in_language(say: Catalogue, columns: Sequence[TableField]) -> tuple[TableField, ...]:
    """Of columns that come in both languages, those of this one."""
    other = "_en" if say.language == "zh" else "_zh"
    own = f"_{say.language}"
    names = {column.name for column in columns}
    return tuple(
        column
        for column in columns
        if not (column.name.endswith(other) and column.name.removesuffix(other) + own in names)
    )


def listed(
    say: Catalogue,
    shown: FoundRows,
    *,
    sorts: Mapping[str, str] | None = None,
    export: str = "",
    more: str = "",
    caption: str = "",
) -> Board:
    """A listing as it was found, as a board of the same name."""
    return Board(
        shown.asked.listing.id,
        shown.asked.listing.table,
        in_language(say, shown.columns),
        shown.rows,
        shown.asked.listing.links,
        sorts or {},
        shown.asked.sort,
        shown.asked.descending,
        export,
        more,
        shown.total,
        shown.is_there,
        caption,
    )
