"""One release held against another: every table, the account of files, the gates' verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from pipelines.publishing.diff.attached import AFTER, BEFORE, Attached, attached
from pipelines.publishing.diff.matching import DECLARED
from pipelines.publishing.diff.tables import moves_and_rows, moves_of
from pipelines.publishing.diff.values import (
    FileMove,
    MovedRow,
    ReleaseDiff,
    RuleMove,
    TableMoves,
)
from pipelines.publishing.releases import Release
from pipelines.settings import Settings

#: Told of in their own way: by file, by rule, and of a release's own history nothing.
_ACCOUNT, _VERDICTS = "ops.load_audit", "ops.gate_results"
_NOT_AS_TABLES = frozenset(
    {_ACCOUNT, _VERDICTS, "ops.gate_history", "ops.release_parts", "ops.releases"}
)

_FILE_MOVES = f"""
SELECT coalesce(n.source_file_id, o.source_file_id) AS source_file_id,
       coalesce(n.source, o.source) AS source, coalesce(n.file_name, o.file_name) AS file_name,
       o.status AS status_before, n.status AS status_after,
       o.rows_loaded AS rows_before, n.rows_loaded AS rows_after,
       coalesce(n.reason, o.reason) AS reason
FROM "{BEFORE}".{_ACCOUNT} o FULL JOIN "{AFTER}".{_ACCOUNT} n USING (source_file_id)
WHERE o.status IS DISTINCT FROM n.status OR o.rows_loaded IS DISTINCT FROM n.rows_loaded
ORDER BY source, n.received_at, o.received_at, source_file_id
"""
_RULE_MOVES = f"""
SELECT coalesce(n.rule_id, o.rule_id) AS rule_id, coalesce(n.severity, o.severity) AS severity,
       o.status AS before, n.status AS after, o.failing_rows AS failing_before,
       n.failing_rows AS failing_after,
       coalesce(n.description_zh, o.description_zh) AS description_zh,
       coalesce(n.description_en, o.description_en) AS description_en
FROM "{BEFORE}".{_VERDICTS} o FULL JOIN "{AFTER}".{_VERDICTS} n USING (rule_id)
WHERE o.status IS DISTINCT FROM n.status
   OR (o.status = 'fail' AND o.failing_rows IS DISTINCT FROM n.failing_rows)
ORDER BY severity, rule_id
"""
_ACCOUNT_COLUMNS = frozenset(
    {"source_file_id", "source", "file_name", "status", "rows_loaded", "reason", "received_at"}
)
_VERDICT_COLUMNS = frozenset(
    {"rule_id", "severity", "status", "failing_rows", "description_zh", "description_en"}
)


def compare(
    settings: Settings, before: tuple[Path, Release], after: tuple[Path, Release]
) -> ReleaseDiff:
    """Everything that moved. Raises FileHeld, duckdb.Error."""
    if before[0].resolve() == after[0].resolve():
        return ReleaseDiff(before[1], after[1], (), 0, (), ())
    with attached(settings, before[0], after[0]) as opened:
        tables = [t for t in _in_order(opened) if t not in _NOT_AS_TABLES]
        moves = [moves for table in tables if (moves := moves_of(opened, table))]
        unknown: list[str] = []
        files = (
            [FileMove(**row) for row in opened.rows(_FILE_MOVES)]  # type: ignore[arg-type]
            if _has(opened, _ACCOUNT, _ACCOUNT_COLUMNS, unknown)
            else []
        )
        rules = (
            [RuleMove(**row) for row in opened.rows(_RULE_MOVES)]  # type: ignore[arg-type]
            if _has(opened, _VERDICTS, _VERDICT_COLUMNS, unknown)
            else []
        )
        return ReleaseDiff(
            before[1],
            after[1],
            tuple(_with_names(opened, moves)),
            len(tables) - len(moves),
            tuple(files),
            tuple(rules),
            tuple(unknown),
        )


def compare_rows(
    settings: Settings, before: Path, after: Path, table: str, limit: int
) -> tuple[TableMoves | None, list[MovedRow]]:
    """What moved in one table, and the rows themselves, at most `limit`.

    Raises KeyError for a table that neither release has, FileHeld, duckdb.Error.
    """
    if before.resolve() == after.resolve():
        return None, []
    with attached(settings, before, after) as opened:
        if table not in opened.before and table not in opened.after:
            raise KeyError(table)
        moves, rows = moves_and_rows(opened, table, limit)
        return next(iter(_with_names(opened, [moves])), None) if moves else None, rows


def _in_order(opened: Attached) -> list[str]:
    """Tables of either release, as they are declared, then those that this code does not know."""
    there = opened.before.keys() | opened.after.keys()
    return [*(t for t in DECLARED if t in there), *sorted(there - DECLARED.keys())]


def _has(opened: Attached, table: str, columns: frozenset[str], unknown: list[str]) -> bool:
    """Whether both releases have what a comparison needs; else what is lacking is said."""
    lacking = [
        f"{release} {table}" + ("" if table not in there else f" ({', '.join(sorted(missing))})")
        for release, there in ((BEFORE, opened.before), (AFTER, opened.after))
        if (missing := columns - there.get(table, {}).keys())
    ]
    unknown += lacking
    return not lacking


def _with_names(opened: Attached, moves: Iterable[TableMoves]) -> Iterable[TableMoves]:
    """Files behind rows with the names that the accounts have for them."""
    names: Mapping[str, tuple[str, str]] = {}
    for side, there in ((BEFORE, opened.before), (AFTER, opened.after)):
        if {"source_file_id", "source", "file_name"} <= there.get(_ACCOUNT, {}).keys():
            found = opened.connection.execute(
                f'SELECT source_file_id, source, file_name FROM "{side}".{_ACCOUNT}'
            ).fetchall()
            names = {**names, **{i: (source, name) for i, source, name in found}}
    for one in moves:
        yield replace(
            one,
            files=tuple(
                replace(f, source=known[0], file_name=known[1])
                if (known := names.get(f.source_file_id))
                else f
                for f in one.files
            ),
        )
