"""The comparison finds what differs, and only that."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from benchmarks.giving.compare import compare, mart_seconds

_MADE = """
    create schema star; create schema marts;
    create table star.fact_donation as
    select 'A' || i as order_no, (i * 1.25)::decimal(18, 2) as amount_cny, i % 3 = 0 as is_refunded
    from range(1000) t (i);
    create table marts.campaign_daily as
    select date '2020-09-07' as date_day, 5::bigint as donor_count, null::varchar as note;
"""


def _files(folder: Path, change: str) -> tuple[Path, Path]:
    bare, published = folder / "bare.duckdb", folder / "published.duckdb"
    for path, more in ((bare, ""), (published, change)):
        with duckdb.connect(str(path)) as db:
            db.execute(_MADE + more)
    return bare, published


def test_the_same_rows_in_another_order_are_the_same(tmp_path: Path) -> None:
    order = "create or replace table star.fact_donation as from star.fact_donation order by 2 desc;"
    found = compare(*_files(tmp_path, order))
    assert found.same
    assert found.tables == {"star.fact_donation": 1000, "marts.campaign_daily": 1}


def test_columns_that_only_juandi_has_are_told_and_no_difference(tmp_path: Path) -> None:
    more = "alter table marts.campaign_daily add column participations bigint;"
    found = compare(*_files(tmp_path, more))
    assert found.same
    assert found.only_published["marts.campaign_daily"] == ["participations"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("update star.fact_donation set amount_cny = amount_cny + 0.01 where order_no = 'A7';",
         "star.fact_donation: fen of amount_cny"),
        # two amounts changed places: the sum is right, the rows are not
        ("update star.fact_donation set amount_cny = case order_no when 'A1' then 2.5 else 1.25 end"
         " where order_no in ('A1', 'A2');", "star.fact_donation: checksum"),
        ("update star.fact_donation set is_refunded = not is_refunded where order_no = 'A7';",
         "star.fact_donation: other values in is_refunded"),
        ("delete from star.fact_donation where order_no = 'A7';", "star.fact_donation: rows"),
        ("insert into star.fact_donation from star.fact_donation where order_no = 'A7';",
         "star.fact_donation: rows 1000 against 1001"),
        ("update marts.campaign_daily set donor_count = 6;",
         "marts.campaign_daily: other values in donor_count"),
        ("update marts.campaign_daily set note = '';",
         "marts.campaign_daily: other values in note"),
        ("alter table marts.campaign_daily alter donor_count type integer;",
         "marts.campaign_daily.donor_count: BIGINT against INTEGER"),
        ("alter table marts.campaign_daily drop donor_count;",
         "marts.campaign_daily.donor_count: not in the published table"),
        ("drop table marts.campaign_daily;", "marts.campaign_daily: not in the published file"),
    ],
)  # fmt: skip
def test_a_planted_difference_is_found(tmp_path: Path, change: str, said: str) -> None:
    found = compare(*_files(tmp_path, change))
    assert not found.same
    assert any(one.startswith(said) for one in found.differences), found.differences


def test_nothing_to_compare_is_not_the_same(tmp_path: Path) -> None:
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    found = compare(empty, _files(tmp_path, "")[1])
    assert not found.same


def test_every_mart_is_fetched(tmp_path: Path) -> None:
    _, published = _files(tmp_path, "create table marts.other as select 1 as x;")
    assert mart_seconds(published).keys() == {"campaign_daily", "other"}
