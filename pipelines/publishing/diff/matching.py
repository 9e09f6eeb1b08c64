"""A table of both releases, what of it can be compared, and which of its rows moved.

Rows are matched as hashes, so that what did not change is never carried; the keys of those that
moved become a table of their own, `moved`, from which everything else is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pipelines.dictionary import Kind, Unit
from pipelines.publishing.content import RUN_COLUMNS
from pipelines.publishing.diff.attached import AFTER, BEFORE, Attached
from pipelines.tables.declaration import Table
from pipelines.tables.registry import MODELS, OPS

#: When files were last read, which a build from nothing changes.
_RUN = frozenset({*RUN_COLUMNS, "last_loaded_at"})
#: A table and its declaration; an undeclared one was made by another version of the code.
DECLARED: Mapping[str, Table] = {t.id: t for t in (*MODELS.values(), *OPS.values())}


@dataclass(frozen=True)
class TablePair:
    """A table of both releases and what of it can be compared."""

    table: str
    before: Mapping[str, str]
    after: Mapping[str, str]

    @cached_property
    def common(self) -> tuple[str, ...]:
        """Columns of both, without those that say when something ran."""
        return tuple(c for c in self.after if c in self.before and c not in _RUN)

    @property
    def came(self) -> tuple[str, ...]:
        return tuple(c for c in self.after if c not in self.before)

    @property
    def went(self) -> tuple[str, ...]:
        return tuple(c for c in self.before if c not in self.after)

    @property
    def retyped(self) -> tuple[str, ...]:
        return tuple(c for c in self.common if self.before[c] != self.after[c])

    @cached_property
    def grain(self) -> tuple[str, ...]:
        """The declared key; empty where one release lacks a part of it."""
        declared = DECLARED.get(self.table)
        keys = declared.keys if declared else ()
        return keys if keys and set(keys) <= set(self.common) else ()

    @property
    def money(self) -> dict[str, str]:
        """Money columns of either release, with their unit; those no longer declared by name."""
        declared = DECLARED.get(self.table)
        there = {**self.before, **self.after}
        units = {name: Unit.YUAN.en for name in there if name.endswith("_cny")}
        for column in declared.columns if declared else ():
            if column.kind in (Kind.MONEY, Kind.FINE_MONEY) and column.name in there:
                units[column.name] = (column.unit or Unit.YUAN).en
        return units

    def of(self, side: str) -> str:
        """The table in SQL."""
        schema, _, name = self.table.partition(".")
        return f'"{side}"."{schema}"."{name}"'

    def cell(self, column: str, alias: str = "") -> str:
        """A column in SQL; as text where its type is another in the other release."""
        name = f'{alias}."{column}"' if alias else f'"{column}"'
        return f"{name}::VARCHAR" if column in self.retyped else name


def match(
    opened: Attached, pair: TablePair, before: int, after: int
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Rows added, removed and changed, and the grain that told them; leaves table `moved`.

    A grain that does not tell rows apart in these releases is not used.
    """
    if pair.grain and _tells_apart(opened, pair, {BEFORE: before, AFTER: after}):
        return _by_grain(opened, pair), pair.grain
    return _as_wholes(opened, pair), ()


def _tells_apart(opened: Attached, pair: TablePair, rows: Mapping[str, int]) -> bool:
    """Whether the grain is unique in both: matched by one that is not, rows would multiply."""
    keys = ", ".join(pair.cell(k) for k in pair.grain)
    return all(
        opened.row(
            f"SELECT count(*) AS n FROM (SELECT DISTINCT hash(row({keys})) FROM {pair.of(s)})"
        )
        == {"n": n}
        for s, n in rows.items()
    )


def _by_grain(opened: Attached, pair: TablePair) -> dict[str, int]:
    keys = ", ".join(f'{pair.cell(k)} AS "{k}"' for k in pair.grain)
    cells = ", ".join(pair.cell(c) for c in pair.common)
    on = " AND ".join(f'o."{k}" IS NOT DISTINCT FROM n."{k}"' for k in pair.grain)
    both = ", ".join(f'coalesce(o."{k}", n."{k}") AS "{k}"' for k in pair.grain)
    sides = (f"(SELECT {keys}, hash(row({cells})) AS h FROM {pair.of(s)})" for s in (BEFORE, AFTER))
    opened.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE moved AS SELECT {both},"
        " CASE WHEN o.h IS NULL THEN 'added' WHEN n.h IS NULL THEN 'removed' ELSE 'changed' END"
        f" AS change FROM {next(sides)} o FULL JOIN {next(sides)} n ON {on}"
        " WHERE o.h IS DISTINCT FROM n.h"
    )
    rows = opened.rows("SELECT change, count(*) AS n FROM moved GROUP BY ALL")
    return {str(row["change"]): int(str(row["n"])) for row in rows}


def _as_wholes(opened: Attached, pair: TablePair) -> dict[str, int]:
    """Rows that one release has more often than the other, whatever their key."""
    cells = ", ".join(pair.cell(c) for c in pair.common) or "NULL"
    each = (
        f"SELECT hash(row({cells})) AS h, {sign} AS n FROM {pair.of(side)}"
        for sign, side in ((-1, BEFORE), (1, AFTER))
    )
    found = opened.row(
        "SELECT coalesce(sum(n) FILTER (WHERE n > 0), 0) AS added,"
        " coalesce(-sum(n) FILTER (WHERE n < 0), 0) AS removed FROM"
        f" (SELECT h, sum(n) AS n FROM ({next(each)} UNION ALL {next(each)}) GROUP BY h)"
    )
    return {name: int(str(found[name])) for name in ("added", "removed")}
