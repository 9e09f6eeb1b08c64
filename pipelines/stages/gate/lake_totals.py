"""What the lake's rows come to, as helper tables of the gates: by file, by what they print for a
region, and of all gift orders.

Written without dbt's models, so that a star is held against the lake and not against itself.
What follows from a difference is the suites' to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from pipelines.dictionary.gifts import PAID_STATES
from pipelines.sources import SOURCES, Column, Kind, Source

if TYPE_CHECKING:
    import duckdb

    from pipelines.quality.connection import Helper

_PAID = "(" + ", ".join(f"'{state}'" for state in PAID_STATES) + ")"

# newest: partition, receipt, line; as one number, for tuples compare slowly
_NEWEST = (
    "((export_date - DATE '1990-01-01')::HUGEINT * 1000000000 + received_no) * 10000000000"
    " + source_row"
)


def lake_helpers() -> Mapping[str, Helper]:
    """The helpers that follow from the list of sources."""
    return {
        "paid_states": f"SELECT unnest([{_PAID[1:-1]}]) AS status",
        "lake_files": lake_files(SOURCES.values()),
        "lake_regions": lake_regions(SOURCES.values()),
        "lake_gifts": partial(_lake_gifts, SOURCES.values()),
    }


def lake_files(sources: Iterable[Source]) -> str:
    """The query of helper `gate.lake_files`: what each file in the lake comes to.

    (source, source_file_id, export_date, lake_rows, lake_fen), the amount null where a source has
    none, and of gift orders paid_rows, unread_rows, old_rows (paid over 400 days before the
    export), donor_rows (persons told apart) and largest_fen, else null. Every night of all files:
    what went missing from the lake since is to be noticed.
    """
    return "\nUNION ALL\n".join(
        f"SELECT '{source.name}' AS source, source_file_id, export_date, count(*) AS lake_rows, "
        f"{_money(source)} AS lake_fen, {_of_gifts(source)} "
        f"FROM lake.{source.name} GROUP BY source_file_id, export_date"
        for source in sources
    )


def lake_regions(sources: Iterable[Source]) -> str:
    """The query of helper `gate.lake_regions`: what is printed for a region, by source and column.

    (source, column_name, printed, lake_rows). Of what is no code of six digits donors' columns say
    only that it is words: in a row that has slipped it may be anything.
    """
    return "\nUNION ALL\n".join(
        f"SELECT '{source.name}' AS source, '{column.lake_name}' AS column_name, "
        f"{_shown_region(source, column)} AS printed, count(*) AS lake_rows "
        f"FROM lake.{source.name} WHERE {column.lake_name} IS NOT NULL GROUP BY ALL"
        for source in sources
        for column in source.columns
        if column.kind is Kind.REGION
    )


def _shown_region(source: Source, column: Column) -> str:
    name = column.lake_name
    if not source.identity:
        return name
    return f"CASE WHEN regexp_full_match({name}, '[0-9]+') THEN {name} ELSE '（文字 words）' END"


_GIFT_COLUMNS: Mapping[str, str] = {
    "paid_rows": f"count(*) FILTER (WHERE status IN {_PAID})",
    "unread_rows": "count(*) FILTER (WHERE unread IS NOT NULL)",
    "old_rows": "count(*) FILTER (WHERE paid_at < export_date - INTERVAL 400 DAY)",
    # not by the key itself: of all columns it takes longest to read
    "donor_rows": "count(*) FILTER (WHERE donor_kind = 'person')",
    "largest_fen": "max(amount_fen)",
}


def _of_gifts(source: Source) -> str:
    columns = _GIFT_COLUMNS if source.holds_gifts else dict.fromkeys(_GIFT_COLUMNS, "NULL::BIGINT")
    return ", ".join(f"{query} AS {name}" for name, query in columns.items())


def _lake_gifts(sources: Iterable[Source], connection: duckdb.DuckDBPyConnection) -> str:
    row = connection.execute("SELECT is_continued FROM base.release").fetchone()
    return lake_gifts(sources, is_continued=bool(row and row[0]))


def lake_gifts(sources: Iterable[Source], *, is_continued: bool) -> str:
    """The query of helper `gate.lake_gifts`: what the lake's orders come to, in one row.

    (gifts, gross_fen, orders_hash) of the orders whose newest state is a paid one, over every
    source that holds gifts, under the same columns and states as all of them. Of a build that
    goes on from the last release the lake is asked for the orders that changed; the others come
    to what the gates of that release found, less what the changed ones were then.
    """
    parts = [_newest_paid(s.name, is_continued=is_continued) for s in sources if s.holds_gifts]
    if is_continued:
        parts.append("SELECT gifts, gross_fen, orders_hash FROM base.totals")
        parts.append(
            "SELECT -gifts, -(gross_cny * 100)::HUGEINT, -orders_hash "
            "FROM intermediate.int_replaced_totals"
        )
    every = "\nUNION ALL\n".join(parts)
    return (
        "SELECT sum(gifts) AS gifts, coalesce(sum(fen), 0) AS gross_fen, "
        f"coalesce(sum(hashes), 0) AS orders_hash FROM ({every}) AS part(gifts, fen, hashes)"
    )


def _newest_paid(name: str, *, is_continued: bool) -> str:
    """Totals of one source: of every state that is paid, less those of the few orders that come
    again, and their newest instead; tens of millions that come once are joined to nothing."""
    fen = f"CASE WHEN status IN {_PAID} THEN amount_fen END"
    orders = f"SELECT order_no, {fen} AS fen, {_NEWEST} AS newest FROM lake.{name}"
    if is_continued:
        orders += (
            " WHERE order_no IN (SELECT order_no FROM intermediate.int_changed_orders "
            f"WHERE platform_id = (SELECT platform_id FROM staging.stg_{name} LIMIT 1))"
        )
    kept = "MATERIALIZED" if is_continued else "NOT MATERIALIZED"  # a few orders, or all of them
    return (
        f"SELECT * FROM (WITH orders AS {kept} ({orders}), "
        "again AS (SELECT hash(order_no)::HUGEINT AS order_hash, count(fen) AS gifts, "
        "sum(fen) AS fen, arg_max_null(fen, newest) AS newest_fen FROM orders "
        "WHERE hash(order_no) IN "
        "(SELECT hash(order_no) FROM orders GROUP BY ALL HAVING count(*) > 1) GROUP BY order_no) "
        "SELECT count(*), sum(fen)::HUGEINT, sum(hash(order_no)::HUGEINT) FROM orders "
        "WHERE fen IS NOT NULL "
        "UNION ALL SELECT -sum(gifts), -sum(fen)::HUGEINT, -sum(order_hash * gifts) FROM again "
        "UNION ALL SELECT count(*), sum(newest_fen)::HUGEINT, sum(order_hash) FROM again "
        "WHERE newest_fen IS NOT NULL)"
    )


def _money(source: Source) -> str:
    if source.money_column is None:
        return "NULL::BIGINT"
    return f"coalesce(sum({source.by_name[source.money_column].lake_name}), 0)::BIGINT"
