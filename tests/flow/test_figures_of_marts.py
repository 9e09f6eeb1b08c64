"""What marts count, from files to figures: one small landing in which each rule has its say.

Reviews of chains that no campaign uses, records numbered from 1 in each chain, a supporter that
changed, grants booked after midnight, teams founded the evening before, old codes of a county,
overlapping 财务披露, odd refunds, a slip in a campaign's code, a raised target.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from pipelines.settings import Settings
from tests.flow.conftest import published
from tests.flow.figures import INITIATOR


@pytest.fixture(scope="module")
def release(figures: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with published(figures) as connection:
        yield connection


def _rows(release: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return release.execute(sql).fetchall()


def _verdict(release: duckdb.DuckDBPyConnection, rule: str) -> tuple[str, list[dict[str, Any]]]:
    sql = "select status, sample from ops.gate_results where rule_id = ?"
    [(status, sample)] = release.execute(sql, [f"dbt.{rule}"]).fetchall()
    return status, json.loads(sample) if sample else []


def test_records_are_known_by_chain_and_number(release: duckdb.DuckDBPyConnection) -> None:
    """Two registers that number from 1 hide nothing of each other, in one file or in two."""
    found = _rows(release, "select chain_id, record_no from star.fact_review_event order by all")
    assert found == [("CA", "1"), ("CA", "2"), ("CB", "1"), ("CB", "2"), ("CC", "1")]
    assert _verdict(release, "record_number_is_of_one_record")[0] == "pass"


def test_a_chain_of_no_campaign_is_judged_by_who_is_through(
    release: duckdb.DuckDBPyConnection,
) -> None:
    """B2 is past the last level without the first; in CC nobody is, which is no "satisfied"."""
    sql = """select chain_id, level_no, subjects_judged, is_satisfied, is_chain_satisfied
             from marts.audit_completeness where chain_id <> 'CA' order by all"""
    assert _rows(release, sql) == [
        ("CB", 1, 1, False, False), ("CB", 2, 1, True, False), ("CC", 1, 0, None, None),
    ]  # fmt: skip


def test_a_supporter_is_that_of_the_day_of_the_review(release: duckdb.DuckDBPyConnection) -> None:
    """OLD supported T1 when it reviewed it, though NEW does now; of T2 it never was."""
    sql = "select subject_id, gap_type from marts.audit_gaps where chain_id = 'CA' order by all"
    assert ("T1", "conflict_of_interest") in _rows(release, sql)
    assert ("T2", "conflict_of_interest") not in _rows(release, sql)


def test_grants_and_teams_follow_their_gifts(release: duckdb.DuckDBPyConnection) -> None:
    """Neither the hour of booking nor the evening of founding decides."""
    grants = "select matching_no, campaign_id from star.fact_matching order by all"
    assert _rows(release, grants) == [
        ("GRANT00001", "giving-2024"), ("GRANT00002", "autumn-2024"), ("GRANT00003", "giving-2024"),
    ]  # fmt: skip
    # GRANT00002 names another campaign than its gift is in
    assert _verdict(release, "grants_name_the_campaign_of_their_gift")[0] == "fail"
    years = "select campaign_id, year, matching_cny from marts.giving_day_yearly order by all"
    assert [row for row in _rows(release, years) if row[0] != "unknown"] == [
        ("autumn-2024", 2024, Decimal("3.00")), ("giving-2024", 2024, Decimal("11.00")),
    ]  # fmt: skip
    teams = "select team_id, campaign_id, campaigns from star.fact_team order by all"
    assert _rows(release, teams) == [
        ("TEAM01", None, 2), ("TEAM02", "giving-2024", 1), ("TEAM03", None, 2), ("TEAM04", None, 0),
    ]  # fmt: skip
    circles = """select teams, teams_of_several_campaigns, donation_count, gross_cny, raised_cny
                 from marts.circle_fundraising where campaign_id = 'giving-2024'"""
    assert _rows(release, circles) == [(3, 2, 3, Decimal("210.00"), Decimal("100.00"))]


def test_old_and_new_codes_are_one_county(release: duckdb.DuckDBPyConnection) -> None:
    """510122 is 510116 today; 130721 went to three, and none of them is picked."""
    growth = """select own_county_share, of_known_county_cny, of_split_county_cny
                from marts.org_growth where uscc = ?"""
    assert release.execute(growth, [INITIATOR]).fetchall() == [
        (Decimal("0.821429"), Decimal("280.00"), Decimal("30.00"))
    ]
    covered = """select counties_covered, admitted_of_unknown_county, own_county_share
                 from marts.campaign_summary where campaign_id = 'giving-2024'"""
    assert _rows(release, covered) == [(1, 1, Decimal("0.807692"))]
    cards = "select project_no, own_county_share from marts.project_card order by all"
    assert _rows(release, cards) == [("T1", Decimal(1)), ("T2", Decimal(0))]


def test_overlapping_spending_is_not_added_up(release: duckdb.DuckDBPyConnection) -> None:
    """One day in two periods is enough; periods that follow each other add up."""
    sql = """select payout_cny, spent_share, disclosure_overlaps
             from marts.project_card order by project_no"""
    assert _rows(release, sql) == [(None, None, 1), (Decimal("15.00"), Decimal("0.166667"), 0)]


def test_gross_is_refunded_net_and_unknown(release: duckdb.DuckDBPyConnection) -> None:
    """A day's gifts explain each other; an order says what became of it, and when."""
    sql = """select gross_cny, refunded_cny, net_cny, gifts_of_unknown_net, unknown_net_cny
             from marts.campaign_daily where date_day = date '2024-08-03'"""
    assert _rows(release, sql) == [
        (Decimal("80.00"), Decimal("20.00"), Decimal("10.00"), 1, Decimal("50.00"))
    ]
    sql = "select status, cast(refunded_at as varchar) from star.fact_donation where order_no = ?"
    assert release.execute(sql, ["GIFT000004"]).fetchall() == [("已退款", "2024-08-04 10:00:00")]
    status, sample = _verdict(release, "fact_donation_refunded_whole")
    assert (status, sample[0]["failing_rows"]) == ("fail", 1)


def test_an_unregistered_campaign_suggests_the_nearest(release: duckdb.DuckDBPyConnection) -> None:
    """A slip of two digits shows at once."""
    status, sample = _verdict(release, "campaigns_of_gifts_are_registered")
    assert status == "fail"
    assert [(r["campaign_id"], r["nearest_campaign_id"]) for r in sample] == [
        ("giving-2042", "giving-2024")
    ]


def test_a_raise_is_followed_to_completion(release: duckdb.DuckDBPyConnection) -> None:
    """First shown on 3 August, reached by the export of the 6th, reviewed before and not since."""
    sql = """select project_no, from_cny, to_cny, raised_before_cny, raised_since_cny,
                    share_collected, days_to_completion, review_state from marts.goal_raises"""
    assert _rows(release, sql) == [
        ("T1", Decimal("100.00"), Decimal("200.00"), Decimal("50.00"), Decimal("250.00"),
         Decimal("1.500000"), 3, "not_reviewed"),
    ]  # fmt: skip
