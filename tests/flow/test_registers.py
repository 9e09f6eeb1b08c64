"""County lists, statistical areas and renamed organisations, from a landing to the release."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.settings import load_settings
from tests.flow.conftest import night, published
from tests.once import Once

pytestmark = [pytest.mark.flow, pytest.mark.timeout(600)]

USCC = "53310000501781028T"
FILES = {
    "county_lists/poor_832/名单.csv": [
        "行政区划代码,县域名称,所属省份",
        "130631.0,望都县,河北省",
        "130708.0,万全县,河北省",
        "140211.0,南郊区,山西省",
        "632825.0,大柴旦行委,青海省",
    ],
    "county_lists/三区三州_20240101.csv": [
        "行政区划代码,县域名称,官方数目",
        "513400,凉山彝族自治州,6",
    ],
    "organizations/名录_20240101.csv": [
        "former_name,name,uscc,region_code,established",
        f",新名基金会,{USCC},371371,2010-01-01",
    ],
    "organization_renames/renames.csv": ["name_2013,name_2014", "旧名基金会,新名基金会"],
    "tencent_projects/p_20240801.csv": [
        "项目编号,项目名称,发起机构,项目状态,筹款目标,已筹金额,落地区划代码",
        "T1,甲,旧名基金会,筹款中,100.00,50.00,371371003001",
        "T2,乙,新名基金会,筹款中,100.00,50.00,140211",
        "T3,丙,无人知基金会,筹款中,100.00,50.00,371379",
    ],
    "tencent_projects/p_20240803.csv": [
        "项目编号,项目名称,发起机构,项目状态,筹款目标,已筹金额,落地区划代码",
        "T1,甲,新名基金会,筹款中,100.00,60.00,371371003001",
    ],
    "tencent_donations/d_20240804.csv": [
        "订单号,项目编号,捐款金额,支付时间,支付状态,捐款人地区代码",
        "GIFT000001,T1,60.00,2024-08-02 10:00:00,支付成功,371371",
        "GIFT000002,T1,30.00,2024-08-04 10:00:00,支付成功,371371",
        "GIFT000003,T2,10.00,2024-08-02 10:00:00,支付成功,140211",
    ],
}

Rows = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def rows(once: Once) -> Rows:
    def make(folder: Path) -> None:
        for place, lines in FILES.items():
            path = folder / "landing" / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        gates = night(load_settings(folder / "warehouse", folder / "landing", env={}))
        assert not gates.blocked, [(r.rule_id, r.observed, r.sample) for r in gates.blocking]

    folder = once("registers", make)
    release: duckdb.DuckDBPyConnection = published(
        load_settings(folder / "warehouse", folder / "landing", env={})
    )
    return lambda sql: release.execute(sql).fetchall()


def warned(rows: Rows) -> set[str]:
    return {rule for (rule,) in rows("select rule_id from ops.gate_results where status = 'fail'")}


def test_sichuan_has_21_prefectures_and_183_counties(rows: Rows) -> None:
    current = (
        "select count(*) from star.dim_region where is_current and province_code = '510000'"
        " and level = "
    )
    assert rows(current + "'prefecture'") == [(21,)]
    assert rows(current + "'county'") == [(183,)]
    assert rows(
        "select count(distinct prefecture_code), count(*) from star.dim_region"
        " where is_current and level = 'county' and province_name = '四川省'"
    ) == [(21, 183)]


def test_a_statistical_area_is_told_apart_and_has_its_prefecture(rows: Rows) -> None:
    assert rows(
        "select region_code, level, prefecture_name, county_name, band4 from star.dim_region"
        " where region_code = '371371'"
    ) == [("371371", "statistical_area", "临沂市", None, "东部")]
    assert rows(
        "select project_no, region_code, region_text from star.dim_project where is_current"
        " and project_no <> 'unknown' order by 1"
    ) == [("T1", "371371", None), ("T2", "140211", None), ("T3", "unknown", "371379")]
    # both ends lie in the east, and no county is said to be the gift's own
    assert rows("select distinct donor_band, project_band from marts.regional_flow order by 1") == [
        ("东部", "东部"), ("中部", "中部"),
    ]  # fmt: skip # a line of values
    assert rows("select own_county_share from marts.org_growth") == [(None,)]


def test_a_split_county_keeps_its_successors_and_none_is_picked(rows: Rows) -> None:
    assert rows(
        "select code_today, successor_codes from star.dim_region where region_code = '140211'"
    ) == [(None, "140212;140213;140214")]


def test_an_unknown_code_says_in_which_prefecture_it_would_lie(rows: Rows) -> None:
    (sample,) = rows(
        "select sample from ops.gate_results where rule_id = 'star.dim_region.printed_codes_known'"
    )
    assert "371379" in sample[0]
    assert "临沂市" in sample[0]


def test_a_list_says_what_its_units_came_to_and_that_it_is_incomplete(rows: Rows) -> None:
    assert rows(
        "select listed_code, listed_name, region_code, region_how, candidate_codes,"
        " list_is_complete, is_landed, source_row from star.bridge_county_list"
        " where list_id = 'poor_832' order by source_row"
    ) == [
        ("130631", "望都县", "130631", "exact", None, False, True, 2),
        ("130708", "万全县", "130708", "renamed", None, False, True, 3),
        ("140211", "南郊区", "unknown", "ambiguous", "140212;140213;140214", False, True, 4),
        ("632825", "大柴旦行委", "unknown", "no_code", None, False, True, 5),
    ]
    lists = (
        "select list_id, official_count, listed_units, listed_counties, list_is_complete, is_landed"
        " from star.dim_county_list order by 1"
    )
    assert rows(lists) == [
        ("key_160", 160, 92, 92, False, False),
        ("poor_832", 832, 4, 2, False, True),
        ("sanqu_sanzhou", 6, 1, 17, False, True),
        ("sichuan_39", 39, 39, 39, True, False),
    ]
    assert {
        "dbt.dim_county_list_complete",
        "dbt.landed_lists_hold_the_reference",
        "dbt.bridge_county_list_resolved",
    } <= warned(rows)


def test_the_flags_of_a_region_follow_the_list_that_was_handed_in(rows: Rows) -> None:
    flags = (
        "select count(*) filter (where is_poor_832), count(*) filter (where is_key_160),"
        " count(*) filter (where is_sichuan_39), count(*) filter (where is_sanqu_sanzhou)"
        " from star.dim_region where is_current"
    )
    assert rows(flags) == [(2, 92, 39, 17)]


def test_a_project_keeps_its_organisation_over_a_new_name(rows: Rows) -> None:
    assert rows(
        "select project_no, initiator_name, initiator_uscc, is_initiator_by_name"
        " from star.dim_project where project_no <> 'unknown' order by 1, valid_from"
    ) == [
        ("T1", "旧名基金会", USCC, True),
        ("T1", "新名基金会", USCC, True),
        ("T2", "新名基金会", USCC, True),
        ("T3", "无人知基金会", None, False),
    ]
    assert rows("select uscc, raised_cny from marts.org_growth") == [(USCC, 100)]
    assert rows(
        "select name, former_names, kind, founded_on::varchar from star.dim_organization"
        f" where uscc = '{USCC}'"
    ) == [("新名基金会", "旧名基金会", "基金会", "2010-01-01")]
