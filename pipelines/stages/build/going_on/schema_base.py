"""Schema `base` of the scratch database: in it dbt reads what came and went since the last release.

Of that release itself it has views on the database `last`, which is attached read-only: whoever
reads the old rows finds them as they were, whenever. Where a build starts from nothing its tables
are there, and empty. Which files changed is found out here; what follows for a gift is dbt's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from pipelines.settings import Settings
from pipelines.sources import SOURCES
from pipelines.stages.build.going_on.choosing import Base
from pipelines.stages.build.going_on.note import STATE, Readings, readings, state_file
from pipelines.stages.standing.values import Standing

#: What dbt reads of the last release itself, with the types that it has where there is none.
_RELEASE: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "gifts": ("fact_donation", {
        "platform_id": "varchar", "order_no": "varchar", "paid_at": "timestamp",
        "date_key": "integer", "project_no": "varchar", "initiator_uscc": "varchar",
        "donor_key": "varchar", "donor_kind": "varchar", "donor_region_code": "varchar",
        "project_region_code": "varchar", "campaign_id": "varchar", "channel_id": "varchar",
        "amount_cny": "decimal(18, 2)", "status": "varchar", "refunded_at": "timestamp",
        "source_file_id": "varchar",
    }),
    "campaigns": ("dim_campaign", {"campaign_id": "varchar"}),
    "notice_donors": ("fact_notice_donation", {"donor_key": "varchar"}),
    "offline_donors": ("fact_offline_gift", {"donor_key": "varchar"}),
}  # fmt: skip # a table


def write_base(
    db: duckdb.DuckDBPyConnection, settings: Settings, base: Base | None, known: Sequence[Standing]
) -> None:
    """Makes schema `base` in the open scratch database.

    The release that is gone on from is attached to it as `last`, where there is one.
    """
    db.execute("create schema base")
    db.execute(
        "create table base.release as select ? as release_id, ? as is_continued,"
        " ? as are_donors_continued",
        [base and base.release_id, base is not None, base is not None and base.are_donors_kept],
    )
    _write_changes(db, settings, base, readings(known))
    db.execute("create table base.totals (gifts hugeint, gross_fen hugeint, orders_hash hugeint)")
    if base:
        db.execute("insert into base.totals values (?, ?, ?)", list(base.totals))
    for name, columns in STATE.items():
        db.execute(f"create table base.{name} ({columns})")
        if base:
            parquet = state_file(settings, name)
            db.execute(f"insert into base.{name} by name select * from read_parquet('{parquet}')")
    for name, (table, types) in _RELEASE.items():
        if base:
            columns = ", ".join(types)
            db.execute(f"create view base.{name} as select {columns} from last.star.{table}")
        else:
            columns = ", ".join(f"{column} {kind}" for column, kind in types.items())
            db.execute(f"create table base.{name} ({columns})")


def _write_changes(
    db: duckdb.DuckDBPyConnection, settings: Settings, base: Base | None, now: Readings
) -> None:
    """What came and went: whole files, and orders of files that took another's place."""
    db.execute("create table base.changed_files (source_file_id varchar, change varchar)")
    db.execute("create table base.changed_orders (source_file_id varchar, order_no varchar)")
    if base is None:
        return
    old = {r.old.reading for r in base.replaced}
    new = {r.new.reading for r in base.replaced}
    went = sorted({file_id for file_id, _ in base.readings - now - old})
    changed = [[file_id, "came"] for file_id, _ in sorted(now - base.readings - new)]
    changed += [[file_id, "went"] for file_id in went]
    if changed:
        db.executemany("insert into base.changed_files values (?, ?)", changed)
    if base.replaced:
        db.execute(
            "insert into base.changed_orders select distinct source_file_id, order_no"
            " from restated.orders where list_contains(?, source_file_id)",
            [[r.new.receipt.file_id for r in base.replaced]],
        )
    for file_id in went:
        _write_orders(db, settings, file_id)


def _write_orders(db: duckdb.DuckDBPyConnection, settings: Settings, file_id: str) -> None:
    """The orders of a file of gifts that went: what it told of them another file may not tell."""
    for source in SOURCES.values():
        parts = settings.lake.glob(f"{source.name}/export_date=*/{file_id}/*.parquet")
        for part in parts if source.holds_gifts else ():
            db.execute(
                f'insert into base.changed_orders select ?, "{source.key[0]}"'
                f" from read_parquet('{part}', hive_partitioning = false)",
                [file_id],
            )
