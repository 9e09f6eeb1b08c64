"""What is printed of 活水计划, from files to figures: growth, the own county, flows, coverage.

Names and amounts per gift are invented; totals and ratios are those that articles print. The list
of participants is a workbook as such lists come: a title, a note, merged headings and a total.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter

from pipelines.settings import load_settings
from tests.flow.conftest import night, published

pytestmark = pytest.mark.flow

YANHE, NAYONG, XUANEN, YUPING, EAST, CENTRE = (f"5252000050178{n}028T" for n in range(6))
COUNTIES = {YANHE: "520627", NAYONG: "520525", XUANEN: "422825", YUPING: "520622",
            EAST: "310101", CENTRE: "420106"}  # fmt: skip
PROJECTS = {"W1": YANHE, "W2": NAYONG, "B1": EAST, "M1": CENTRE, "X1": XUANEN}
#: Year, project, yuan, county of the donor.
GIFTS = (
    (2020, "W1", "550000.00", "110101"), (2021, "W1", "740000.00", "110101"),
    (2022, "W1", "2250000.00", "110101"), (2023, "W1", "250000.00", "110101"),
    # half of 纳雍's own county gives by the code that the county had until 2011
    (2023, "W2", "135000.00", "520525"), (2023, "W2", "135000.00", "522426"),
    (2023, "W2", "30000.00", "110101"),
    (2023, "B1", "1540000.00", "110101"), (2023, "M1", "280000.00", "110101"),
)  # fmt: skip
ENROLLED = (
    ("huoshui", "520627", YANHE, "第一批", "2022-04-08", 20, 1, 3, "否", "W1"),
    ("huoshui", "522426", NAYONG, "第一批", "2022-04-08", 20, 0, 3, "是", "W2"),
    ("huoshui", "422825", XUANEN, "第二批", "2023-04-08", 20, None, 3, None, None),
    ("huoshui", "520622", YUPING, "第二批", "2023-04-08", None, None, None, None, None),
)


def _texts() -> dict[str, list[str]]:
    projects = [
        f"{no},名{no},发起,{org},公募,{EAST},筹款中,9000000.00,0.00,1,{COUNTIES[org]},2019-01-01"
        for no, org in PROJECTS.items()
    ]
    gifts = [
        f"GIFT{n:06d},{no},{yuan},{year}-09-01 10:00:00,支付成功,单笔捐,甲{n},否,{county}"
        for n, (year, no, yuan, county) in enumerate(GIFTS)
    ]
    organizations = [
        f"{org},合成机构{code},社会服务机构,县,{code}" for org, code in COUNTIES.items()
    ]
    return {
        "tencent_projects/p_20231231.csv": [
            "项目编号,项目名称,发起机构,发起机构统一社会信用代码,公募机构,公募机构统一社会信用代码,"
            "项目状态,筹款目标,已筹金额,捐款人次,落地区划代码,立项时间",
            *projects,
        ],
        "tencent_donations/d_20231231.csv": [
            "订单号,项目编号,捐款金额,支付时间,支付状态,捐款方式,捐款人昵称,是否匿名,捐款人地区代码",
            *gifts,
        ],
        "organizations/o_20230101.csv": [
            "统一社会信用代码,名称,组织类型,登记层级,行政区划代码",
            *organizations,
        ],
    }


def _list(path: Path) -> None:
    """The list of participants; the two numbers of staff stand under a merged heading."""
    singles = ("项目计划编号", "县级区划代码", "机构统一社会信用代码", "批次", "入选日期",
               "启动资金（万元）")  # fmt: skip
    path.parent.mkdir(parents=True)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 9, "活水计划入选名单（合成）")
        sheet.write_row(1, 0, ("截至日期：2023-12-01", "注：启动资金为非限定性资金"))
        for at, heading in enumerate(singles):
            sheet.merge_range(2, at, 3, at, heading)
        sheet.merge_range(2, 6, 2, 7, "专职人数")
        sheet.write_row(3, 6, ("入选前", "入选后"))
        sheet.merge_range(2, 8, 3, 8, "首次互联网筹款")
        sheet.merge_range(2, 9, 3, 9, "品牌项目编号")
        for at, row in enumerate(ENROLLED):
            sheet.write_row(4 + at, 0, row)
        sheet.write_row(4 + len(ENROLLED), 0, ("合计", None, None, None, None, 60))


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    settings = load_settings(tmp_path_factory.mktemp("huoshui"), env={})
    for name, lines in _texts().items():
        path = settings.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _list(settings.landing / "huoshui_enrollments" / "名单.xlsx")
    gates = night(settings)
    assert not gates.blocked, [r for r in gates.results if r.status in ("fail", "error")]
    with published(settings) as connection:
        yield connection


def _rows(release: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return release.execute(sql).fetchall()


def test_an_organisation_grows_from_55_to_74_to_225(release: duckdb.DuckDBPyConnection) -> None:
    """In 万元; the year after it is back below 300,000, which the other reaches exactly."""
    sql = f"""select year, raised_cny, growth_ratio, first_online_year, below_300k
              from marts.org_growth where uscc = '{YANHE}' order by year"""
    assert _rows(release, sql) == [
        (2020, Decimal("550000.00"), None, 2020, False),
        (2021, Decimal("740000.00"), Decimal("1.345455"), 2020, False),
        (2022, Decimal("2250000.00"), Decimal("3.040541"), 2020, False),
        (2023, Decimal("250000.00"), Decimal("0.111111"), 2020, True),
    ]


def test_nine_tenths_come_from_the_own_county(release: duckdb.DuckDBPyConnection) -> None:
    """By the code of today; 300,000.00 yuan is 30万元以下, and it is the first year online."""
    sql = f"""select raised_cny, own_county_share, first_online_year, below_300k
              from marts.org_growth where uscc = '{NAYONG}'"""
    assert _rows(release, sql) == [(Decimal("300000.00"), Decimal("0.900000"), 2023, True)]


def test_the_east_receives_5_5_and_2_8_times_as_much(release: duckdb.DuckDBPyConnection) -> None:
    sql = """select distinct received_east_to_centre, received_east_to_west
             from marts.regional_flow where year = 2023"""
    assert _rows(release, sql) == [(Decimal("5.500000"), Decimal("2.800000"))]


def test_a_list_with_merged_headings_is_read(release: duckdb.DuckDBPyConnection) -> None:
    """万元 are yuan, the total agrees, and nothing is refused or left."""
    sql = """select rows_read, rows_loaded, amount_loaded_cny, footer_agrees, partition::varchar
             from ops.load_audit where source = 'huoshui_enrollments'"""
    assert _rows(release, sql) == [(4, 4, Decimal("600000.00"), True, "2023-12-01")]
    sql = """select seed_grant_cny, staff_before, staff_after, first_online_fundraising
             from star.fact_enrollment where county_code = '522426'"""
    assert _rows(release, sql) == [(Decimal("200000.00"), 0, 3, True)]


def test_coverage_is_county_by_county(release: duckdb.DuckDBPyConnection) -> None:
    """Raised since enrolment: nothing from before April 2022; of 玉屏 no project is known."""
    sql = """select county_code, is_listed, staff_before, staff_after, first_online,
                    seed_grant_cny, raised_cny
             from marts.program_coverage where enrolled order by county_code"""
    grant = Decimal("200000.00")
    assert _rows(release, sql) == [
        ("422825", False, None, 3, None, grant, Decimal("0.00")),
        ("520525", True, 0, 3, True, grant, Decimal("300000.00")),
        ("520622", False, None, None, None, None, None),
        ("520627", True, 1, 3, False, grant, Decimal("2500000.00")),
    ]
    sql = """select enrolled, is_listed, list_is_complete, listed_counties, raised_cny, count(*)
             from marts.program_coverage where is_listed and not enrolled group by all"""
    [(_, _, complete, listed, raised, rest)] = _rows(release, sql)
    assert (complete, rest, raised) == (False, listed - 2, None)


def test_who_is_off_the_list_is_a_warning(release: duckdb.DuckDBPyConnection) -> None:
    sql = """select status, severity, sample from ops.gate_results
             where rule_id = 'dbt.fact_enrollment_on_the_list'"""
    [(status, severity, sample)] = _rows(release, sql)
    assert (status, severity) == ("fail", "warning")
    assert {row["county_code"] for row in json.loads(sample)} == {"422825", "520622"}
