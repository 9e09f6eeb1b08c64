"""What a comparison finds, as values. Before is the first release, after the second."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pipelines.publishing.releases import Release

#: A row's key by column.
Key = dict[str, Any]


class TableState(StrEnum):
    """How a table is in the second release, seen from the first."""

    SAME = "same"
    CHANGED = "changed"  # rows, or columns, or both
    CAME = "came"
    WENT = "went"


@dataclass(frozen=True)
class MovedSum:
    """A money column added up over all rows, exactly; None on the side that lacks the column.

    `unit` is yuan, or 1/1000 fen of channels' fees.
    """

    column: str
    unit: str
    before: Decimal | int | None
    after: Decimal | int | None

    @property
    def difference(self) -> Decimal | int | None:
        """After less before; a column without a value in any row counts as 0."""
        if self.before is None and self.after is None:
            return None
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True)
class MovedFigure:
    """A figure of a mart's row and what it was; of its column the one that moved most."""

    column: str
    unit: str | None
    key: Key
    before: Decimal | int
    after: Decimal | int

    @property
    def difference(self) -> Decimal | int:
        """After less before."""
        return self.after - self.before


@dataclass(frozen=True)
class FileBehind:
    """A file that rows which came, went or changed in a table are from."""

    source_file_id: str
    source: str | None  # None: in neither account
    file_name: str | None
    came: int
    went: int
    changed: int


@dataclass(frozen=True)
class TableMoves:
    """What moved in a table. Counts of rows by `grain` are None where none of both can be used.

    Without a usable grain (`grain` is empty) rows are compared as wholes: one that changed is one
    that went and one that came. `columns_changed`: in how many of the changed rows each differs.
    `rests_on` names the tables whose rows its figures count.
    """

    table: str
    state: TableState
    rows_before: int | None
    rows_after: int | None
    grain: tuple[str, ...] = ()
    added: int = 0
    removed: int = 0
    changed: int = 0
    columns_came: tuple[str, ...] = ()
    columns_went: tuple[str, ...] = ()
    columns_retyped: tuple[str, ...] = ()
    columns_changed: tuple[tuple[str, int], ...] = ()
    money: tuple[MovedSum, ...] = ()
    figures: tuple[MovedFigure, ...] = ()
    files: tuple[FileBehind, ...] = ()
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileMove:
    """A file of the account that is in one release only, or stands otherwise in the other."""

    source_file_id: str
    source: str
    file_name: str
    status_before: str | None  # None: it is not in the first release
    status_after: str | None
    rows_before: int | None  # loaded
    rows_after: int | None
    reason: str | None


@dataclass(frozen=True)
class RuleMove:
    """A rule whose verdict is another; None: it was not asked there."""

    rule_id: str
    severity: str
    before: str | None
    after: str | None
    failing_before: int | None
    failing_after: int | None
    description_zh: str
    description_en: str


@dataclass(frozen=True)
class ReleaseDiff:
    """Everything that moved from `before` to `after`; `tables` are those that are not the same.

    `unknown` names what could not be compared because a release has no such table.
    """

    before: Release
    after: Release
    tables: tuple[TableMoves, ...]
    same_tables: int
    files: tuple[FileMove, ...]
    rules: tuple[RuleMove, ...]
    unknown: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether nothing moved."""
        return not (self.tables or self.files or self.rules)


@dataclass(frozen=True)
class MovedRow:
    """A row that came, went or changed: its key, and of its columns what was and what is.

    Of a row that came or went all columns are told; of a changed one those that differ.
    """

    change: str  # added | removed | changed
    key: Key
    values: dict[str, tuple[Any, Any]]
