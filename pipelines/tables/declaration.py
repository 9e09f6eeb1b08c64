"""The words a published table is declared in: its grain, its fields, what must hold of them.

Declarations only. What a field is belongs to `dictionary`; how rows come about belongs to dbt's
SQL; thresholds, volumes and agreement between tables belong to the suites.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from pipelines.dictionary import FIELDS, Kind, Unit, Words

Severity = Literal["error", "warn"]


@dataclass(frozen=True)
class Holds:
    """A condition that every row holds; null counts as held.

    `shown` names the columns that tell failing rows apart; without it the grain and the row's line.
    `grouped` shows each of them once with its number of rows, where millions may fail alike.
    """

    name: str
    condition: str
    zh: str
    en: str
    shown: str | None = None
    severity: Severity = "error"
    grouped: bool = False


@dataclass(frozen=True)
class OneOf:
    """The only values that a column may have."""

    column: str
    values: tuple[str, ...]
    zh: str
    en: str


#: In a condition of `Behind`, the mart's column of that name.
PLACEHOLDER = re.compile(r"\$([a-z_]\w*)")


@dataclass(frozen=True)
class Behind:
    """The rows that figures of a mart count: which rows of which table, and what is made of them.

    `where` is a condition over `table`; in it `$name` is the mart's column of that name. `figures`
    gives for each column of the mart the aggregate over those rows that it equals. `parts` are the
    words of figures that are no column: what is divided where the mart has only the result.
    """

    table: str
    where: str
    figures: Mapping[str, str]
    parts: Mapping[str, Words] = field(default_factory=dict)

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The mart's columns whose values say which rows are meant, each once."""
        return tuple(dict.fromkeys(PLACEHOLDER.findall(self.where)))


@dataclass(frozen=True)
class TableField:
    """A field as one table has it."""

    name: str
    kind: Kind
    words: Words
    unit: Unit | None
    refers: str | None
    compression: str | None = None


@dataclass(frozen=True)
class Table:
    """A published table. Names are split at blanks: `"platform_id order_no"`.

    `nullable` or `present`, whichever is shorter, says which columns may be null or are always
    there; without either all of them are, and `present=""` promises nothing. `words` and `kinds`
    are the table's own where a field means something else here. `refers` adds references to those
    that fields bring along, `loose` names fields that hold none here. `history_of`: the key whose
    versions the rows are. `continues` names the model that knows what changed since the last
    release, and `counted_by` says that rows are distinguished elsewhere by the hash of their grain.
    `compressed` columns are kept as zstd. `register` names the `newest_only` source whose every
    line that stands is a row here, or `rows_per_line` of them; `sums` says in SQL where the fact
    has a register's money that it does not show under its name. `known` columns warn where they
    are the unknown member. `days` is the column of a
    calendar of days, which metrics need one of.

    Every figure of a mart says how it came about, in one of three ways: `behind`, which rows it
    counts; `worked`, the arithmetic over other figures of its row (`tables.worked`); `no_rows`, why
    it has neither.
    """

    layer: str
    name: str
    zh: str
    en: str
    grain: str
    fields: str
    nullable: str | None = None
    present: str | None = None
    words: Mapping[str, Words] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    refers: Mapping[str, str] = field(default_factory=dict)
    loose: str = ""
    history_of: str | None = None
    one_of: tuple[OneOf, ...] = ()
    holds: tuple[Holds, ...] = ()
    continues: str | None = None
    counted_by: bool = False
    compressed: str = ""
    register: str | None = None
    rows_per_line: int = 1
    sums: Mapping[str, str] = field(default_factory=dict)
    known: str = ""
    days: str | None = None
    behind: tuple[Behind, ...] = ()
    worked: Mapping[str, str] = field(default_factory=dict)
    no_rows: Mapping[str, Words] = field(default_factory=dict)

    @cached_property
    def behind_columns(self) -> Mapping[str, Behind]:
        """What is declared of each column or part whose rows are: a page asks for every cell."""
        there = set(self.fields.split())
        return {
            name: b
            for b in reversed(self.behind)
            for name in b.figures
            if name in there or name in b.parts
        }

    @property
    def id(self) -> str:
        """`schema.table`."""
        return f"{self.layer}.{self.name}"

    @property
    def keys(self) -> tuple[str, ...]:
        """The grain's columns."""
        return tuple(self.grain.split())

    @property
    def columns(self) -> tuple[TableField, ...]:
        """The table's fields in order. Raises KeyError for one that the dictionary lacks."""
        return tuple(self._column(name) for name in self.fields.split())

    @property
    def always(self) -> tuple[str, ...]:
        """The columns that no row is without, in the table's order."""
        names = self.fields.split()
        if self.present is not None:
            return tuple(n for n in names if n in self.present.split())
        return tuple(n for n in names if n not in (self.nullable or "").split())

    def _column(self, name: str) -> TableField:
        if name not in FIELDS:
            raise KeyError(f"{self.id}: the dictionary has no field {name}")
        known = FIELDS[name]
        refers = self.refers.get(name, known.refers)
        if name in self.loose.split() or (refers or "").split(".")[0] == self.name:
            refers = None
        return TableField(
            name,
            self.kinds.get(name, known.kind),
            self.words.get(name, known.words),
            known.unit,
            refers,
            "zstd" if name in self.compressed.split() else None,
        )


@dataclass(frozen=True)
class Inner:
    """A view of staging or intermediate: published nowhere, so it says no more than it must.

    `grain` is checked where `is_checked`.
    """

    name: str
    grain: str
    zh: str
    en: str
    is_checked: bool = False
    words: Mapping[str, Words] = field(default_factory=dict)
