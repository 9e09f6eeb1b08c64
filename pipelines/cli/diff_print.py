"""What `juandi diff` writes: for people in tables, for programs as one document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipelines.cleaning.identities import mask_text
from pipelines.cli.console import complain, print_rows, shown

if TYPE_CHECKING:
    from pipelines.publishing.diff.values import (
        MovedRow,
        MovedSum,
        ReleaseDiff,
        TableMoves,
    )
    from pipelines.publishing.releases import Release

#: Files and rules that are listed for people; `--json` has all.
_MOST = 20
_STATES = {"changed": "变动 changed", "came": "新增 came", "went": "消失 went"}


def data(found: ReleaseDiff) -> dict[str, Any]:
    """The document that `--json` prints."""
    return {
        "is_same": found.is_same,
        "before": asdict(found.before),
        "after": asdict(found.after),
        "same_tables": found.same_tables,
        "tables": [_table_data(one) for one in found.tables],
        "rules": [asdict(rule) for rule in found.rules],
        "files": [asdict(file) for file in found.files],
        "not_compared": list(found.unknown),
    }


def _table_data(moves: TableMoves) -> dict[str, Any]:
    told = asdict(moves)
    told["columns_changed"] = dict(moves.columns_changed)
    told["money"] = [{**asdict(m), "difference": m.difference} for m in moves.money]
    told["figures"] = [{**asdict(f), "difference": f.difference} for f in moves.figures]
    return told


def rows_data(
    before: Release, after: Release, table: str, moves: TableMoves | None, rows: Sequence[MovedRow]
) -> dict[str, Any]:
    """The document of one table's rows."""
    return {
        "is_same": moves is None,
        "before": before.release_id,
        "after": after.release_id,
        "table": table,
        "moves": _table_data(moves) if moves else None,
        "rows": [
            {
                "change": row.change,
                "key": {k: _masked(v) for k, v in row.key.items()},
                "columns": {
                    c: {"before": _masked(was), "after": _masked(now)}
                    for c, (was, now) in row.values.items()
                },
            }
            for row in rows
        ],
    }


def _masked(value: Any) -> Any:
    """A cell without a person's number, should a text hold one."""
    return mask_text(value) if isinstance(value, str) else value


def shown_diff(found: ReleaseDiff) -> None:
    """The whole comparison, in the order in which one asks: what, how much, why."""
    print_rows(
        ("发布 release", "截至 as of", "发布于 published at", "行数 rows"),
        [(r.release_id, r.as_of, r.published_at, r.rows) for r in (found.before, found.after)],
        right=(3,),
    )
    if found.tables:
        _tables(found.tables)
        _money(found.tables)
        _figures(found.tables)
        _columns(found.tables)
    if found.rules:
        _rules(found)
    if found.files:
        _files(found)
    if any(moves.files for moves in found.tables):
        _files_of_rows(found.tables)
    for lacking in found.unknown:
        complain(f"无法比较，缺少 not compared, for it lacks: {lacking}")
    complain(
        f"两次发布相同 / the two releases are the same: {found.same_tables} 张表 tables"
        if found.is_same
        else f"{len(found.tables)} 张表有变动，{found.same_tables} 张相同 / {len(found.tables)} "
        f"tables moved, {found.same_tables} are the same; rules: {len(found.rules)}, "
        f"files: {len(found.files)}"
    )


def _tables(tables: Sequence[TableMoves]) -> None:
    print_rows(
        ("表 table", "状态", "行数 before", "after", "增 added", "删 removed", "改 changed"),
        [
            (
                moves.table,
                _STATES[moves.state] + (" *" if _is_by_rows(moves) else ""),
                moves.rows_before,
                moves.rows_after,
                moves.added,
                moves.removed,
                moves.changed,
            )
            for moves in tables
        ],
        right=(2, 3, 4, 5, 6),
    )
    if any(map(_is_by_rows, tables)):
        complain(
            "*：主键不足以区分各行，按整行比较 / no usable key: compared as whole rows, one that "
            "changed is one removed and one added"
        )


def _is_by_rows(moves: TableMoves) -> bool:
    """Whether rows that moved could not be told apart by a key."""
    return moves.state == "changed" and not moves.grain and bool(moves.added + moves.removed)


def _columns(tables: Sequence[TableMoves]) -> None:
    rows = [
        (
            moves.table,
            ", ".join(
                [f"+{c}" for c in moves.columns_came]
                + [f"-{c}" for c in moves.columns_went]
                + [f"~{c}" for c in moves.columns_retyped]
            )
            or "—",
            ", ".join(f"{c} {n:,}" for c, n in moves.columns_changed[:6])
            + (" …" if len(moves.columns_changed) > 6 else ""),
        )
        for moves in tables
        if moves.state == "changed"
        and (
            moves.columns_came
            or moves.columns_went
            or moves.columns_retyped
            or moves.columns_changed
        )
    ]
    if rows:
        print_rows(("表 table", "列的增减 columns", "改动所在列 changed in"), rows)


def _unit(money: MovedSum) -> str:
    return "" if money.unit == "yuan" else f" ({money.unit})"


def _money(tables: Sequence[TableMoves]) -> None:
    rows = [
        (moves.table, m.column + _unit(m), m.before, m.after, _signed(m.difference))
        for moves in tables
        for m in moves.money
        if m.difference or (m.before is None) != (m.after is None)
    ]
    if rows:
        print_rows(
            ("表 table", "金额 money", "之前 before", "之后 after", "差 difference"),
            rows,
            right=(2, 3, 4),
        )


def _signed(value: Any) -> str | None:
    return None if value is None else f"{value:+,}"


def _key(key: dict[str, Any]) -> str:
    return ", ".join(f"{k}={shown(_masked(v))}" for k, v in key.items())


def _figures(tables: Sequence[TableMoves]) -> None:
    rows = [
        (moves.table, _key(f.key), f.column, f.before, f.after, _signed(f.difference))
        for moves in tables
        for f in moves.figures
    ]
    if rows:
        print_rows(
            ("集市 mart", "行 row", "数字 figure", "之前 before", "之后 after", "差 difference"),
            rows,
            right=(3, 4, 5),
        )


def _rules(found: ReleaseDiff) -> None:
    print_rows(
        (
            "规则 rule",
            "级别 severity",
            "之前 before",
            "之后 after",
            "违规 failing",
            "含义 sentence",
        ),
        [
            (
                rule.rule_id,
                rule.severity,
                rule.before,
                rule.after,
                f"{_count(rule.failing_before)} → {_count(rule.failing_after)}",
                f"{rule.description_zh} / {rule.description_en}",
            )
            for rule in found.rules[:_MOST]
        ],
    )
    _more(len(found.rules))


def _count(number: int | None) -> str:
    return "—" if number is None else f"{number:,}"


def _more(count: int) -> None:
    if count > _MOST:
        complain(f"… 共 {count} 项，--json 列出全部 / {count} in all: --json lists them")


def _files(found: ReleaseDiff) -> None:
    print_rows(
        (
            "文件 file",
            "来源 source",
            "编号 id",
            "之前 before",
            "之后 after",
            "入库 rows",
            "原因 why",
        ),
        [
            (
                file.file_name,
                file.source,
                file.source_file_id,
                file.status_before,
                file.status_after,
                f"{_count(file.rows_before)} → {_count(file.rows_after)}",
                file.reason,
            )
            for file in found.files[:_MOST]
        ],
    )
    _more(len(found.files))


def _files_of_rows(tables: Sequence[TableMoves]) -> None:
    rows = [
        (moves.table, f.file_name, f.source_file_id, f.came, f.went, f.changed)
        for moves in tables
        for f in moves.files[:5]
    ]
    print_rows(
        ("表 table", "出自文件 from file", "编号 id", "增 added", "删 removed", "改 changed"),
        rows[:_MOST],
        right=(3, 4, 5),
    )
    _more(sum(len(moves.files) for moves in tables))


def rows(table: str, moves: TableMoves | None, found: Sequence[MovedRow]) -> None:
    """The rows of one table that moved."""
    if moves is None:
        complain(f"{table}：两次发布相同 / the same in both releases")
        return
    _tables([moves])
    _columns([moves])
    _money([moves])
    if found:
        print_rows(
            ("变化 change", "行 row", "列 columns"),
            [(row.change, _key(row.key), _told(row)) for row in found],
        )
    if moves.files:
        _files_of_rows([moves])
    total = moves.added + moves.removed + moves.changed
    if not moves.grain and moves.state == "changed" and total:
        complain("没有可用的主键，无法逐行列出 / without a usable key no rows can be listed")
    else:
        complain(
            f"{total:,} 行有变动，列出 {len(found)} 行 / {total:,} rows moved, {len(found)} shown"
        )


def _told(row: MovedRow) -> str:
    if row.change == "changed":
        return "; ".join(
            f"{c}: {_cell(was)} → {_cell(now)}" for c, (was, now) in row.values.items()
        )
    side = 0 if row.change == "removed" else 1
    return "; ".join(
        f"{c}={_cell(pair[side])}" for c, pair in row.values.items() if pair[side] is not None
    )


def _cell(value: Any) -> str:
    return "—" if value is None else shown(_masked(value))
