"""A campaign's gifts against its payment bills: what differs is what was planted, by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import duckdb
import pytest

from sample import Faults, Manifest
from tests.flow.conftest import Released

pytestmark = [pytest.mark.flow, pytest.mark.timeout(600)]

Made = tuple[Manifest, duckdb.DuckDBPyConnection]


@pytest.fixture(scope="module")
def made(released: Callable[[Faults], Released]) -> Made:
    release = released("some")
    return release.manifest, release.file


def test_found_is_planted_by_kind(made: Made) -> None:
    """Over bills of orders; a revoked payment is two lines that owe each other nothing."""
    manifest, db = made
    found = db.execute(
        "select distinct match_status, order_no from star.fact_settlement"
        " where bill_family = 'trade' and match_status <> 'matched'"
    ).fetchall()
    planted = [(p.rule, p.key) for p in manifest.of_level("bill") if p.rule != "matched"]
    assert Counter(found) == Counter(planted)
    assert {rule for rule, _ in planted} == {"only_in_bill", "only_in_export", "amount_differs"}
    (revoked,) = [p.key for p in manifest.of_level("bill") if p.rule == "matched"]
    told = db.execute(
        "select line_kind, match_status, amount_cny, difference_cny from star.fact_settlement"
        " where order_no = ? order by line_kind",
        [revoked],
    ).fetchall()
    assert told == [
        ("payment", "matched", Decimal("5.00"), Decimal("0.00")),
        ("revocation", "matched", Decimal("-5.00"), Decimal("0.00")),
    ]


def test_every_gift_meets_its_bill_line_or_is_listed(made: Made) -> None:
    manifest, db = made
    (gifts,) = db.execute(
        "select count(distinct order_no) from star.fact_settlement"
        " semi join star.fact_donation using (platform_id, order_no)"
        " where bill_source = 'wechat_trade_bills' and line_kind = 'payment'"
    ).fetchone() or (0,)
    assert gifts == manifest.totals["gifts"]


def test_a_late_line_finds_an_older_order(made: Made) -> None:
    _, db = made
    late = db.execute(
        "select match_status, bill_date > order_paid_at::date from star.fact_settlement"
        " where is_late"
    ).fetchall()
    assert late
    assert set(late) == {("matched", True)}


def test_the_differences_add_up(made: Made) -> None:
    """Bill less export: one fen too much, 12.34 without an order, less what no bill has."""
    manifest, db = made
    (missing,) = [p.key for p in manifest.of_level("bill") if p.rule == "only_in_export"]
    (gift,) = db.execute(
        "select amount_cny from star.fact_donation where order_no = ?", [missing]
    ).fetchone() or (None,)
    told = db.execute(
        "select sum(difference_cny) from marts.settlement_reconciliation"
        " where bill_source = 'wechat_trade_bills' and line_kind = 'payment'"
    ).fetchone()
    assert gift is not None
    assert told == (Decimal("0.01") + Decimal("12.34") - gift,)


def test_what_teams_raised_is_what_the_gifts_that_name_them_sum_to(made: Made) -> None:
    """Team by team and project by project, to the fen."""
    _, db = made
    told = db.execute(
        "with gifts as (select team_id, project_no, sum(amount_cny) as cny, count(*) as n"
        " from star.fact_donation where team_id is not null group by all),"
        " teams as (select team_id, project_no, raised_cny as cny, participations as n from"
        " star.fact_team where participations > 0) select count(*), count(g.cny = t.cny),"
        " count(*) filter (where g.cny = t.cny and g.n = t.n)"
        " from gifts g full join teams t using (team_id, project_no)"
    ).fetchone()
    assert told is not None
    assert told[0] == told[1] == told[2] > 100


def test_refunds_and_fees_stand_apart(made: Made) -> None:
    _, db = made
    kinds = dict(
        db.execute(
            "select line_kind, sum(bill_cny) from marts.settlement_reconciliation group by all"
        ).fetchall()
    )
    assert {"payment", "refund", "fee"} <= kinds.keys()
    assert kinds["refund"] < 0
    refunds = db.execute(
        "select match_status, count(*) from star.fact_settlement"
        " where line_kind = 'refund' group by all"
    ).fetchall()
    # one is paid back and no export says so; every other refund is in both
    assert dict(refunds).keys() == {"matched", "only_in_bill"}
    assert dict(refunds)["only_in_bill"] == 1


def test_fees_are_taken_where_they_were_planted(made: Made) -> None:
    manifest, db = made
    bills = db.execute(
        "select a.landing_path, sum(fee_millifen), sum(amount_cny) from star.fact_settlement"
        " join ops.load_audit a using (source_file_id) where bill_family = 'trade'"
        " and line_kind = 'payment' and bill_source = 'wechat_trade_bills'"
        " and bill_kind <> 'export' group by all"
    ).fetchall()
    planted = {p.path for p in manifest.of_level("flag") if p.rule == "fee_where_none"}
    assert len(bills) > len(planted)
    for path, fee, paid in bills:
        # 0.60%, to the thousandth of a fen
        assert fee == (paid * 600 if path in planted else 0), path


def test_a_refund_that_two_bills_tell_counts_once(made: Made) -> None:
    """The old merchant's bill of all lines has the day's refunds too, as has its bill of these."""
    _, db = made
    (lines, repeated) = db.execute(
        "select count(*), count(*) - count(distinct (platform_id, order_no))"
        " from star.fact_settlement where line_kind = 'refund' and bill_family = 'trade'"
    ).fetchone() or (0, 0)
    assert lines > 2
    assert repeated == 0
    printed = db.execute(
        "select printed_cny < 0, printed_cny = amount_cny from star.fact_settlement join"
        " ops.load_audit a using (source_file_id) where line_kind = 'refund'"
        " and (a.file_name like '%旧版%' or a.file_name like '%back_office_gb%')"
    ).fetchall()
    assert set(printed) == {(True, True)}


def test_both_of_alipays_bills_tell_the_same_payments(made: Made) -> None:
    """Each in its own family, where it is matched alone; a fee is an entry, or on the payment."""
    _, db = made
    told = db.execute(
        "select bill_family, count(*) filter (where line_kind = 'payment'),"
        " sum(amount_cny) filter (where line_kind = 'payment'),"
        " count(distinct order_no) filter (where line_kind = 'payment'),"
        " count(*) filter (where match_status <> 'matched' or difference_cny <> 0),"
        " coalesce(-sum(amount_cny) filter (where line_kind = 'fee'), 0) * 100000"
        "  + coalesce(sum(fee_millifen) filter (where line_kind = 'payment'), 0)"
        " from star.fact_settlement where bill_source = 'alipay_business_bills'"
        " group by all order by all"
    ).fetchall()
    (account, *of_account), (trade, *of_trade) = told
    assert (account, trade) == ("account", "trade")
    assert of_account == of_trade
    payments, paid, orders, astray, fees = of_trade
    assert (payments, astray) == (orders, 0)
    assert payments > 20
    assert fees > 0
    (gifts,) = db.execute(
        "select sum(amount_cny) from star.fact_donation where platform_id = 'alipay'"
    ).fetchone() or (None,)
    assert paid == gifts


def test_a_fee_finds_its_order_beside_its_payment_or_alone(made: Made) -> None:
    _, db = made
    entries = db.execute(
        "select line_kind, match_status, difference_cny, count(*) > 10 from star.fact_settlement"
        " where bill_source = 'wechat_fundflow_bills' group by all order by all"
    ).fetchall()
    assert entries == [
        ("fee", "matched", Decimal("0.00"), True),
        ("payment", "matched", Decimal("0.00"), True),
    ]


def test_payments_reach_the_account_order_by_order(made: Made) -> None:
    """All that the trade bills of the gifts' own days have, but for what was made to differ."""
    manifest, db = made
    row = db.execute(
        "select count(distinct order_no), count(*) filter (where match_status <> 'matched'),"
        " (select count(distinct order_no) from star.fact_settlement where bill_family = 'trade'"
        "  and line_kind = 'payment' and bill_kind <> 'export' and not is_late"
        "  and bill_source = 'wechat_trade_bills')"
        " from star.fact_settlement"
        " where bill_source = 'wechat_fundflow_bills' and line_kind = 'payment'"
    ).fetchone()
    assert row is not None
    entered, astray, billed = row
    assert astray == 0
    assert billed - len(manifest.of_level("bill")) <= entered
    assert min(billed, entered) > 1000
