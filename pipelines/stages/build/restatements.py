"""What a file that replaced an earlier one changed: rows of `ops.restatements`.

The two files' rows in the lake are compared line by line first, for most are unchanged, then key by
key. Platform totals have fallen overnight before; here one sees which gifts were concerned. Which
unchanged lines a build need not make again is decided in `going_on`.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import duckdb

from pipelines.publishing.releases import kept_file, newest_release
from pipelines.settings import Settings
from pipelines.sources import SOURCES
from pipelines.sources.contract import META_COLUMNS
from pipelines.stages.standing.values import Reading, Standing
from pipelines.stages.store.zones import lake_folder

#: Schema `restated` of the scratch database: pairs of files, what they changed (as in
#: `ops.restatements`), and gift orders that may differ between the new file and the old.
_DDL = """
create schema restated;
create table restated.files (
    source varchar, old_file_id varchar, new_file_id varchar,
    old_rows bigint, new_rows bigint, old_fen bigint, new_fen bigint, is_accepted boolean
);
create table restated.rows (
    source varchar, partition date, key varchar, change varchar, changed_columns varchar,
    old_amount_cny decimal(18, 2), new_amount_cny decimal(18, 2),
    old_file_id varchar, new_file_id varchar, received_at timestamp
);
create table restated.orders (source_file_id varchar, order_no varchar);
"""

#: Old and new file, as they were read.
Pair: TypeAlias = tuple[Reading, Reading]


@dataclass(frozen=True)
class Replacement:
    """A file and the one that replaced it."""

    old: Standing
    new: Standing

    @property
    def pair(self) -> Pair:
        """What identifies it: a pair compared once compares the same again."""
        return self.old.reading, self.new.reading


@dataclass(frozen=True)
class ToldBefore:
    """The pairs that a kept release compared; `file` has what they changed."""

    file: Path
    pairs: frozenset[Pair]


def _replacements(standings: Sequence[Standing]) -> list[Replacement]:
    by_number = {s.receipt.received_no: s for s in standings}
    return [
        Replacement(old, by_number[old.other.received_no])
        for old in standings
        if old.status == "superseded" and old.other is not None and not old.is_never_let_in
    ]


def compare(
    db: duckdb.DuckDBPyConnection,
    settings: Settings,
    standings: Sequence[Standing],
    before: ToldBefore | None = None,
) -> list[Replacement]:
    """Every file that another replaced, in order of receipt, and what that changed.

    Makes schema `restated` of the open scratch database. Pairs that the release of `before` has
    compared are taken from it: nothing in the rows of the two files can have changed since.
    """
    db.execute(_DDL)
    replaced = _replacements(standings)
    if not replaced:
        return []
    db.executemany(
        "insert into restated.files values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            [
                r.old.receipt.source,
                r.old.receipt.file_id,
                r.new.receipt.file_id,
                r.old.outcome.rows_loaded,
                r.new.outcome.rows_loaded,
                r.old.outcome.fen_loaded,
                r.new.outcome.fen_loaded,
                r.new.decision == "accepted",
            ]
            for r in replaced
        ],
    )
    due = [r for r in replaced if before is None or r.pair not in before.pairs]
    if before is not None and len(due) < len(replaced):
        _take(db, before.file, [r for r in replaced if r.pair in before.pairs])
    if gone := [r for r in due if r.old.is_let_go and not _is_in_lake(settings, r.old)]:
        # nothing can compare them any more: what was found stands as the last release tells it
        _take_if_told(db, settings, gone)
        due = [r for r in due if r not in gone]
    # two at a time: comparing a pair line by line uses one core
    with ThreadPoolExecutor(2, thread_name_prefix="compare") as pool:
        list(pool.map(partial(_compare, db, settings), due))
    _find_in_several_files(db, settings, standings, due)
    return replaced


def _is_in_lake(settings: Settings, standing: Standing) -> bool:
    folder = lake_folder(settings, standing.receipt, standing.outcome.partition)
    return not standing.outcome.rows_loaded or folder.exists()


def _take_if_told(
    db: duckdb.DuckDBPyConnection, settings: Settings, replaced: Sequence[Replacement]
) -> None:
    """From the newest release, which may have been made by other code and not tell of them."""
    newest = newest_release(settings)
    file = kept_file(settings, newest.release_id) if newest else None
    if file is not None and file.is_file():
        with suppress(duckdb.CatalogException, duckdb.BinderException):
            _take(db, file, replaced)


def _take(db: duckdb.DuckDBPyConnection, file: Path, replaced: Sequence[Replacement]) -> None:
    db.execute("create or replace temp table known (old_file_id varchar, new_file_id varchar)")
    db.executemany(
        "insert into known values (?, ?)",
        [[r.old.receipt.file_id, r.new.receipt.file_id] for r in replaced],
    )
    db.execute(f"attach '{file}' as earlier (read_only)")
    try:
        db.execute(
            "insert into restated.rows by name select rows.* from earlier.ops.restatements as rows"
            " inner join known using (old_file_id, new_file_id)"
        )
    finally:
        db.execute("detach earlier")


def _rows(settings: Settings, standing: Standing) -> str:
    receipt = standing.receipt
    folder = lake_folder(settings, receipt, standing.outcome.partition)
    if not folder.exists():
        columns = ", ".join(f'null as "{name}"' for name in SOURCES[receipt.source].lake_schema())
        return f"(select {columns} where false)"
    return f"read_parquet('{folder}/*.parquet', hive_partitioning = false)"


def _compare(database: duckdb.DuckDBPyConnection, settings: Settings, pair: Replacement) -> None:
    old, new, source = pair.old, pair.new, SOURCES[pair.old.receipt.source]
    # a source without ids is compared by place: sheet and row
    place = ("source_sheet", "source_row")
    key = source.key or place
    own = [c for c in source.lake_schema() if c not in META_COLUMNS and c not in key]
    changed = [f'o."{c}" is distinct from n."{c}"' for c in own]
    # with fewer columns in its table, a row that says the same may leave values to earlier exports
    elsewhere = dict.fromkeys((*key, "unread", "not_told", *place))
    moved = [f'o."{c}" is distinct from n."{c}"' for c in elsewhere]
    money = source.by_name[source.money_column].lake_name if source.money_column else None

    def amount(side: str) -> str:
        return f'({side}."{money}" * 0.01)::decimal(18, 2)' if money else "null"

    names = [f"case when {d} then '{c}' end" for c, d in zip(own, changed, strict=True)]
    key_text = ", ".join(f'coalesce(o."{k}", n."{k}")::varchar' for k in key)
    join = " and ".join(f'o."{k}" is not distinct from n."{k}"' for k in key)
    with database.cursor() as db:
        # rows in the same place that say the same need no key to be matched
        db.execute(
            f"""
            create temp table apart as
            select o, n
            from (select * from {_rows(settings, old)}) o
            positional join (select * from {_rows(settings, new)}) n
            where {" or ".join((*changed, *moved))}
            """
        )
        db.execute(
            f"""
            create temp table compared as
            select concat_ws('|', {key_text}) as key,
                   case when o.source_row is null then 'added'
                        when n.source_row is null then 'removed'
                        when {" or ".join(changed)} then 'changed' end as change,
                   case when change = 'changed' then concat_ws(';', {", ".join(names)}) end
                       as changed_columns,
                   {amount("o")} as old_amount_cny, {amount("n")} as new_amount_cny
            from (select unnest(o) from apart where o.source_row is not null) o
            full join (select unnest(n) from apart where n.source_row is not null) n on {join}
            """
        )
        db.execute(
            "insert into restated.rows by name select *, ? as source, ? as partition,"
            " ? as old_file_id, ? as new_file_id, ? as received_at"
            " from compared where change is not null",
            [
                source.name,
                old.partition,
                old.receipt.file_id,
                new.receipt.file_id,
                new.receipt.first_seen_at.replace(tzinfo=None),
            ],
        )
        if source.holds_gifts:
            db.execute(
                "insert into restated.orders select ?, key from compared", [new.receipt.file_id]
            )


def _find_in_several_files(
    db: duckdb.DuckDBPyConnection,
    settings: Settings,
    standings: Sequence[Standing],
    due: Sequence[Replacement],
) -> None:
    """Orders that a new file shares with other files of its day.

    The one of the file received last counts: a file received again may now come after one that
    came after it before, though its lines are the same.
    """
    days = {(r.new.receipt.source, r.new.partition) for r in due}
    new = [r.new.receipt.file_id for r in due]
    for name, day in sorted(days, key=str):
        files = [
            s
            for s in standings
            if s.is_active
            and (s.receipt.source, s.partition) == (name, day)
            and s.outcome.rows_loaded
        ]
        source = SOURCES[name]
        if not source.holds_gifts or len(files) < 2:
            continue
        rows = " union all ".join(
            f'select source_file_id, "{source.key[0]}" as order_no from {_rows(settings, s)}'
            for s in files
        )
        # by a narrow hash: millions stand in one file, a few in several
        db.execute(
            f"""
            insert into restated.orders
            select source_file_id, order_no
            from ({rows})
            where
                list_contains(?, source_file_id)
                and hash(order_no) in (
                    select hash(order_no) from ({rows}) group by hash(order_no) having count(*) > 1
                )
            """,
            [new],
        )
