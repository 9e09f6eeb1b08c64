"""What a file changed that took an earlier one's place: rows of `ops.restatements`.

Key by key, from the two files' rows in the lake. Platform totals have fallen overnight before;
this is where one sees which gifts.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipelines.settings import Settings
from pipelines.sources import SOURCES
from pipelines.sources.contract import META_COLUMNS
from pipelines.stages.catalog import Receipt
from pipelines.stages.resolve import Standing
from pipelines.stages.zones import lake_folder

DDL = """
create table if not exists restatements (
    source varchar, partition date, key varchar, change varchar, changed_columns varchar,
    old_amount_cny decimal(18, 2), new_amount_cny decimal(18, 2),
    old_file_id varchar, new_file_id varchar, received_at timestamp
)
"""


def write_restatements(
    db: duckdb.DuckDBPyConnection, table: str, settings: Settings, standings: Sequence[Standing]
) -> None:
    """Appends to `table` what each replacement changed."""
    by_number = {s.receipt.received_no: s for s in standings}
    for old in standings:
        if old.status == "superseded" and old.other is not None:
            _append(db, table, settings, old, by_number[old.other.received_no])


def _rows(settings: Settings, standing: Standing) -> str:
    receipt: Receipt = standing.receipt
    folder = lake_folder(settings, receipt, standing.outcome.partition)
    if not folder.exists():
        columns = ", ".join(f'null as "{name}"' for name in SOURCES[receipt.source].lake_schema())
        return f"(select {columns} where false)"
    return f"read_parquet('{folder}/*.parquet', hive_partitioning = false)"


def _append(
    db: duckdb.DuckDBPyConnection, table: str, settings: Settings, old: Standing, new: Standing
) -> None:
    source = SOURCES[old.receipt.source]
    # a source without ids is compared by place: sheet and row
    key = source.key or ("source_sheet", "source_row")
    own = [c for c in source.lake_schema() if c not in META_COLUMNS and c not in key]
    money = source.by_name[source.money_column].lake_name if source.money_column else None
    differs = [f'o."{c}" is distinct from n."{c}"' for c in own]
    names = [f"case when {d} then '{c}' end" for c, d in zip(own, differs, strict=True)]
    join = " and ".join(f'o."{k}" is not distinct from n."{k}"' for k in key)
    told = ", ".join(f'coalesce(o."{k}", n."{k}")::varchar' for k in key)
    here = 'o."source_row"', 'n."source_row"'

    def amount(side: str) -> str:
        return f'({side}."{money}" * 0.01)::decimal(18, 2)' if money else "null"

    db.execute(
        f"""
        insert into {table}
        select ?, ?, concat_ws('|', {told}),
               case when {here[0]} is null then 'added' when {here[1]} is null then 'removed'
                    else 'changed' end,
               case when {here[0]} is not null and {here[1]} is not null
                    then concat_ws(';', {", ".join(names)}) end,
               {amount("o")}, {amount("n")}, ?, ?, ?
        from {_rows(settings, old)} o
        full join {_rows(settings, new)} n on {join}
        where {here[0]} is null or {here[1]} is null or {" or ".join(differs)}
        """,
        [source.name, old.partition, old.receipt.file_id, new.receipt.file_id,
         new.receipt.first_seen_at.replace(tzinfo=None)],
    )  # fmt: skip
