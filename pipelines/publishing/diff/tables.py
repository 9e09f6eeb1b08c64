"""What moved in one table: by its declared grain, in the columns that both releases have.

Which rows moved is `matching`'s; here is told what of them moved: columns, money, figures, files.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pipelines.dictionary import Kind
from pipelines.publishing.content import rows_hash
from pipelines.publishing.diff.attached import AFTER, BEFORE, Attached
from pipelines.publishing.diff.matching import DECLARED, TablePair, match
from pipelines.publishing.diff.values import (
    FileBehind,
    MovedFigure,
    MovedRow,
    MovedSum,
    TableMoves,
    TableState,
)

_FIGURES_TOLD = 5
_NUMBERS = frozenset(
    {Kind.MONEY, Kind.FINE_MONEY, Kind.INTEGER, Kind.SHARE, Kind.PERCENT, Kind.RATIO, Kind.NUMBER}
)


def moves_of(opened: Attached, table: str) -> TableMoves | None:
    """What moved in a table of either release; None if it is the same in both."""
    return moves_and_rows(opened, table, 0)[0]


def moves_and_rows(
    opened: Attached, table: str, limit: int
) -> tuple[TableMoves | None, list[MovedRow]]:
    """What moved, and of it the first `limit` rows by key.

    No rows of a table that one release lacks, or whose grain does not tell rows apart in both.
    """
    before, after = opened.before.get(table), opened.after.get(table)
    if before is None or after is None:
        return _one_sided(opened, TablePair(table, before or {}, after or {})), []
    pair = TablePair(table, before, after)
    cells = [pair.cell(c) for c in pair.common] or ["NULL"]
    hashes = [rows_hash(opened.connection, pair.of(side), cells) for side in (BEFORE, AFTER)]
    if hashes[0] == hashes[1]:
        if not (pair.came or pair.went or pair.retyped):
            return None, []
        return _told(opened, pair, hashes[0][0], hashes[1][0], {}), []
    counts, grain = match(opened, pair, hashes[0][0], hashes[1][0])
    moves = _told(opened, pair, hashes[0][0], hashes[1][0], counts, grain)
    return moves, _moved_rows(opened, pair, grain, limit) if grain and limit else []


def _one_sided(opened: Attached, pair: TablePair) -> TableMoves:
    side = AFTER if pair.after else BEFORE
    rows = int(str(opened.row(f"SELECT count(*) AS n FROM {pair.of(side)}")["n"]))
    came = bool(pair.after)
    return TableMoves(
        table=pair.table,
        state=TableState.CAME if came else TableState.WENT,
        rows_before=None if came else rows,
        rows_after=rows if came else None,
        added=rows if came else 0,
        removed=0 if came else rows,
        columns_came=pair.came,
        columns_went=pair.went,
        money=_money(opened, pair),
    )


def _told(
    opened: Attached,
    pair: TablePair,
    before: int,
    after: int,
    counts: Mapping[str, int],
    grain: tuple[str, ...] = (),
) -> TableMoves:
    declared = DECLARED.get(pair.table)
    changed = counts.get("changed", 0)
    is_mart = declared is not None and declared.layer == "marts"
    return TableMoves(
        table=pair.table,
        state=TableState.CHANGED,
        rows_before=before,
        rows_after=after,
        grain=grain,
        added=counts.get("added", 0),
        removed=counts.get("removed", 0),
        changed=changed,
        columns_came=pair.came,
        columns_went=pair.went,
        columns_retyped=pair.retyped,
        columns_changed=_changed_columns(opened, pair) if changed else (),
        money=_money(opened, pair),
        figures=_figures(opened, pair) if changed and is_mart else (),
        files=_files(opened, pair) if grain and counts else (),
        rests_on=tuple(sorted({b.table for b in declared.behind})) if declared else (),
    )


def _both(pair: TablePair, change: str) -> str:
    """`moved` with the rows of both sides, `o` and `n`."""
    return f"(FROM moved WHERE change = '{change}') m {_row(pair, 'o')} {_row(pair, 'n')}"


def _row(pair: TablePair, alias: str) -> str:
    """Joins the row of `m`'s key, as the release before (`o`) or after (`n`) has it."""
    on = " AND ".join(f'm."{k}" IS NOT DISTINCT FROM {pair.cell(k, alias)}' for k in pair.grain)
    return f"JOIN {pair.of(BEFORE if alias == 'o' else AFTER)} {alias} ON {on}"


def _differs(pair: TablePair, column: str) -> str:
    return f"{pair.cell(column, 'o')} IS DISTINCT FROM {pair.cell(column, 'n')}"


def _changed_columns(opened: Attached, pair: TablePair) -> tuple[tuple[str, int], ...]:
    columns = [c for c in pair.common if c not in pair.grain]
    counted = ", ".join(f'count(*) FILTER (WHERE {_differs(pair, c)}) AS "{c}"' for c in columns)
    found = opened.row(f"SELECT {counted} FROM {_both(pair, 'changed')}")
    told = [(name, int(str(n))) for name, n in found.items() if n]
    return tuple(sorted(told, key=lambda one: (-one[1], one[0])))


def _money(opened: Attached, pair: TablePair) -> tuple[MovedSum, ...]:
    units = pair.money
    if not units:
        return ()
    sums: list[dict[str, Any]] = []
    for side, there in ((BEFORE, pair.before), (AFTER, pair.after)):
        asked = ", ".join(f'sum("{c}") AS "{c}"' for c in units if c in there)
        sums.append(opened.row(f"SELECT {asked} FROM {pair.of(side)}") if asked else {})
    return tuple(
        MovedSum(c, unit, _exact(sums[0].get(c)), _exact(sums[1].get(c)))
        for c, unit in units.items()
    )


def _exact(value: Any) -> Decimal | int | None:
    """A sum as it is; a float (of a column that some other version had) never passes for money."""
    return value if value is None or isinstance(value, Decimal | int) else Decimal(str(value))


def _figures(opened: Attached, pair: TablePair) -> tuple[MovedFigure, ...]:
    """Of each figure of a mart the row in which it moved most, those first that moved furthest.

    How far is told by the share of what it was, for money and counts have no common measure.
    """
    declared = DECLARED[pair.table]
    keys = ", ".join(f'm."{k}"' for k in pair.grain)
    found: list[tuple[Decimal, MovedFigure]] = []
    for column in declared.columns:
        name = column.name
        is_figure = column.kind in _NUMBERS and name in pair.common and name not in pair.grain
        if not is_figure or name in pair.retyped:
            continue
        rows = opened.rows(
            f'SELECT {keys}, o."{name}" AS "a b", n."{name}" AS "a n"'
            f" FROM {_both(pair, 'changed')} WHERE {_differs(pair, name)}"
            f' AND o."{name}" IS NOT NULL AND n."{name}" IS NOT NULL'
            f' ORDER BY abs(n."{name}" - o."{name}") DESC, {keys} LIMIT 1'
        )
        for row in rows:
            before, after = row.pop("a b"), row.pop("a n")
            moved = MovedFigure(name, column.unit.en if column.unit else None, row, before, after)  # type: ignore[arg-type]
            most = max(abs(Decimal(str(before))), abs(Decimal(str(after))))
            share = abs(Decimal(str(moved.difference))) / most
            found.append((share, moved))
    found.sort(key=lambda one: (-one[0], one[1].column))
    return tuple(moved for _, moved in found[:_FIGURES_TOLD])


def _files(opened: Attached, pair: TablePair) -> tuple[FileBehind, ...]:
    """The files of the rows that moved: of those that went as the first release has them."""
    if "source_file_id" not in pair.common:
        return ()
    rows = opened.rows(
        "SELECT file, sum(came)::BIGINT AS came, sum(went)::BIGINT AS went,"
        " sum(changed)::BIGINT AS changed FROM ("
        " SELECT n.source_file_id AS file, (m.change = 'added')::INT AS came, 0 AS went,"
        " (m.change = 'changed')::INT AS changed"
        f" FROM moved m {_row(pair, 'n')} WHERE m.change <> 'removed'"
        " UNION ALL SELECT o.source_file_id, 0, 1, 0"
        f" FROM moved m {_row(pair, 'o')} WHERE m.change = 'removed')"
        " WHERE file IS NOT NULL GROUP BY file ORDER BY count(*) DESC, file"
    )
    return tuple(
        FileBehind(str(r["file"]), None, None, int(str(r["came"])), int(str(r["went"])),
                   int(str(r["changed"])))
        for r in rows
    )  # fmt: skip # a record


def _moved_rows(
    opened: Attached, pair: TablePair, grain: tuple[str, ...], limit: int
) -> list[MovedRow]:
    """The rows in `moved`, by key, at most `limit`."""
    keys = ", ".join(f'm."{k}"' for k in grain)
    columns = [c for c in pair.common if c not in grain]
    told = ", ".join(f'o."{c}" AS "o {c}", n."{c}" AS "n {c}"' for c in columns)
    joins = f"LEFT {_row(pair, 'o')} LEFT {_row(pair, 'n')}"
    rows = opened.rows(
        f"SELECT m.change{', ' + told if told else ''}, {keys}"
        f" FROM (FROM moved ORDER BY ALL LIMIT {limit}) m {joins} ORDER BY {keys}"
    )
    return [
        MovedRow(
            str(row["change"]),
            {k: row[k] for k in grain},
            {
                c: (row[f"o {c}"], row[f"n {c}"])
                for c in columns
                if row["change"] != "changed" or row[f"o {c}"] != row[f"n {c}"]
            },
        )
        for row in rows
    ]
