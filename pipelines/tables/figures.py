"""What there is to say of a figure: the rows it counts, how it is worked out, or why neither.

Three ways are declared with each table (`Table.behind`, `worked`, `no_rows`); here a page, a
command and a test ask which one it is. Queries belong to `behind`, arithmetic to `worked`.
"""

from __future__ import annotations

from pipelines.dictionary import Kind, Unit, Words
from pipelines.tables.behind import behind_of
from pipelines.tables.declaration import Table, TableField

#: Of a fact, which is not counted but told.
AS_ITS_LINE_HAS_IT = Words(
    "照来源的那一行所载，不是数出来的：行号通向它的原文",
    "as a line of the source has it, not counted: the line number leads to its text",
)
#: Of the accounts of nights and files.
BOOKKEEPING = Words(
    "读文件、过关口与发布时记下的账，不是从发布的行数出来的；所指的文件、规则或发布在同一行",
    "written down while files were read, gates passed and the release was made, not counted from"
    " published rows; the file, rule or release that it is of is in the same row",
)


def needed_of(table: Table, column: str) -> tuple[str, ...] | None:
    """The columns whose values say which figure is meant; None of one that has no page."""
    behind = behind_of(table, column)
    if behind is not None:
        return behind.needed
    return table.keys if column in table.worked or column in table.no_rows else None


def why_no_rows(table: Table, column: str) -> Words | None:
    """Why a figure has neither rows nor arithmetic; None where it has, or nobody said."""
    if behind_of(table, column) is not None or column in table.worked:
        return None
    if column in table.no_rows:
        return table.no_rows[column]
    if table.layer == "ops":
        return BOOKKEEPING
    return AS_ITS_LINE_HAS_IT if "source_row" in table.fields.split() else None


def field_of(table: Table, name: str) -> TableField | None:
    """A column of a table or a part of one of its figures; None if it has none of that name."""
    column = next((c for c in table.columns if c.name == name), None)
    behind = behind_of(table, name)
    if column is not None or behind is None:
        return column
    if name.endswith("_cny"):
        return TableField(name, Kind.MONEY, behind.parts[name], Unit.YUAN, None)
    return TableField(name, Kind.INTEGER, behind.parts[name], None, None)
