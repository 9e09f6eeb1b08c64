"""What the lake's rows come to, as helper tables of the gates: by file, and of all gift orders.

Written without dbt's models, so that a star is held against the lake and not against itself.
What follows from a difference is the suites' to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from pipelines.sources import SOURCES, Source

if TYPE_CHECKING:
    import duckdb

    from pipelines.quality.connection import Helper

#: States in which an order is a gift.
_PAID = "('支付成功', '已退款', '部分退款')"

# newest: partition, receipt, line; as one number, for tuples compare slowly
_NEWEST = (
    "((export_date - DATE '1990-01-01')::HUGEINT * 1000000000 + received_no) * 10000000000"
    " + source_row"
)


def lake_helpers() -> Mapping[str, Helper]:
    """The helpers that follow from the list of sources."""
    return {
        "lake_files": lake_files(SOURCES.values()),
        "lake_gifts": partial(_lake_gifts, SOURCES.values()),
    }


def lake_files(sources: Iterable[Source]) -> str:
    """The query of helper `gate.lake_files`: rows and fen of each file in the lake.

    (source, source_file_id, lake_rows, lake_fen); the amount is null where a source has none.
    """
    return "\nUNION ALL\n".join(
        f"SELECT '{source.name}' AS source, source_file_id, count(*) AS lake_rows, "
        f"{_money(source)} AS lake_fen FROM lake.{source.name} GROUP BY source_file_id"
        for source in sources
    )


def _lake_gifts(sources: Iterable[Source], connection: duckdb.DuckDBPyConnection) -> str:
    row = connection.execute("SELECT is_continued FROM base.release").fetchone()
    return lake_gifts(sources, is_continued=bool(row and row[0]))


def lake_gifts(sources: Iterable[Source], *, is_continued: bool) -> str:
    """The query of helper `gate.lake_gifts`: what the lake's orders come to, in one row.

    (gifts, gross_fen, orders_hash) of the orders whose newest state is a paid one, over every
    source that holds gifts, under the same columns and states as all of them. Of a
    build that goes on from the last release the lake is asked for the orders that changed; the
    others come to what the gates of that release found, less what the changed ones were then.
    """
    gifts = [source.name for source in sources if source.holds_gifts]
    parts = [_newest_paid(name, is_continued=is_continued) for name in gifts]
    if is_continued:
        parts.append("SELECT gifts, gross_fen, orders_hash FROM base.totals")
        parts.append(
            "SELECT -gifts, -(gross_cny * 100)::HUGEINT, -orders_hash "
            "FROM intermediate.int_gifts_replaced"
        )
    every = "\nUNION ALL\n".join(parts)
    return (
        "SELECT sum(gifts) AS gifts, coalesce(sum(fen), 0) AS gross_fen, "
        f"coalesce(sum(hashes), 0) AS orders_hash FROM ({every}) AS part(gifts, fen, hashes)"
    )


def _newest_paid(name: str, *, is_continued: bool) -> str:
    """Totals of one source. Only orders that come again, a few, are asked which state is newest."""
    orders = f"lake.{name}"
    if is_continued:
        orders = (
            f"(SELECT * FROM lake.{name} WHERE order_no IN (SELECT order_no "
            f"FROM intermediate.int_changed_orders WHERE platform_id = "
            f"(SELECT platform_id FROM staging.stg_{name} LIMIT 1)))"
        )
    fen = f"CASE WHEN status IN {_PAID} THEN amount_fen END"
    return (
        f"SELECT * FROM (WITH again AS MATERIALIZED (SELECT hash(order_no) AS order_hash "
        f"FROM {orders} GROUP BY ALL HAVING count(*) > 1) "
        "SELECT count(*), sum(fen)::HUGEINT, sum(order_hash::HUGEINT) FROM (SELECT * FROM ("
        f"SELECT hash(order_no) AS order_hash, {fen} AS fen FROM {orders}) "
        "ANTI JOIN again USING (order_hash) UNION ALL "
        f"SELECT order_hash, arg_max_null({fen}, {_NEWEST}) FROM {orders} "
        "JOIN again ON hash(order_no) = order_hash GROUP BY order_hash) WHERE fen IS NOT NULL)"
    )


def _money(source: Source) -> str:
    if source.money_column is None:
        return "NULL::HUGEINT"
    return f"coalesce(sum({source.by_name[source.money_column].lake_name}), 0)"
