"""What a file changed that took an earlier one's place: rows of `ops.restatements`.

From the two files' rows in the lake: line by line first, for most are what they were, then key by
key. Platform totals have fallen overnight before; this is where one sees which gifts. What a build
need not make anew of the lines that stayed is `base`'s to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import duckdb

from pipelines.settings import Settings
from pipelines.sources import SOURCES
from pipelines.sources.contract import META_COLUMNS
from pipelines.stages.standing.values import Reading, Standing
from pipelines.stages.store.zones import lake_folder

#: Schema `restated` of the scratch database: pairs of files, what they changed (as
#: `ops.restatements` has it), and gift orders that may be others in the new file than in the old.
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
    """A file and the one that took its place."""

    old: Standing
    new: Standing

    @property
    def pair(self) -> Pair:
        """Compared once, both say the same again."""
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
    told: ToldBefore | None = None,
) -> list[Replacement]:
    """Every file whose place another took, in order of receipt, and what that changed.

    Makes schema `restated` of the open scratch database. What the release of `told` has compared
    already is taken from there: of the two files' rows nothing can have changed since.
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
    due = [r for r in replaced if told is None or r.pair not in told.pairs]
    if told is not None and len(due) < len(replaced):
        _take(db, told, [r for r in replaced if r.pair in told.pairs])
    # two at a time: a pair is gone through line by line, on one core
    with ThreadPoolExecutor(2, thread_name_prefix="compare") as pool:
        list(pool.map(partial(_compare, db, settings), due))
    _find_in_several_files(db, settings, standings, due)
    return replaced


def _take(db: duckdb.DuckDBPyConnection, told: ToldBefore, replaced: Sequence[Replacement]) -> None:
    db.execute("create temp table known (old_file_id varchar, new_file_id varchar)")
    db.executemany(
        "insert into known values (?, ?)",
        [[r.old.receipt.file_id, r.new.receipt.file_id] for r in replaced],
    )
    db.execute(f"attach '{told.file}' as told (read_only)")
    db.execute(
        "insert into restated.rows by name select rows.* from told.ops.restatements as rows"
        " inner join known using (old_file_id, new_file_id)"
    )
    db.execute("detach told")


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
    # a row that says the same in a table of fewer columns may let an earlier export speak
    elsewhere = dict.fromkeys((*key, "unread", "not_told", *place))
    moved = [f'o."{c}" is distinct from n."{c}"' for c in elsewhere]
    money = source.by_name[source.money_column].lake_name if source.money_column else None

    def amount(side: str) -> str:
        return f'({side}."{money}" * 0.01)::decimal(18, 2)' if money else "null"

    names = [f"case when {d} then '{c}' end" for c, d in zip(own, changed, strict=True)]
    told = ", ".join(f'coalesce(o."{k}", n."{k}")::varchar' for k in key)
    join = " and ".join(f'o."{k}" is not distinct from n."{k}"' for k in key)
    with database.cursor() as db:
        # the rows that stand in the same place and say the same need no key to find each other
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
            select concat_ws('|', {told}) as key,
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

    Of those the file received last stands: received anew, one may come after another that came
    after it before, though its lines are the same.
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
