"""A county list says which list it is on its rows, or once for all of them, or is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stages.landings import Landing, conserves, table

UNITS = [
    {"行政区划代码": "130631.0", "县域名称": "望都县", "所属省份": "河北省"},
    {"行政区划代码": "130729.0", "县域名称": "万全县", "所属省份": "河北省"},
]


@pytest.mark.parametrize(
    "place",
    [
        "poor_832/a.csv",
        "下发/全国832个贫困县/a.csv",
        "832个国家级贫困县名单_20200101.csv",
        "poor_832.csv",
    ],
)
def test_a_folder_or_a_name_says_which_list(tmp_path: Path, place: str) -> None:
    landing = Landing(tmp_path)
    landing.put(f"county_lists/{place}", table(UNITS))
    (record,) = landing.load()
    assert (record.status, record.rows_loaded) == ("loaded", 2)
    assert landing.lake("county_lists")["list_id"].to_list() == ["poor_832", "poor_832"]
    # the file never said how many there are: not told is not null by chance
    assert set(landing.lake("county_lists")["not_told"]) == {"official_count"}


def test_a_title_says_which_list(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    data = "四川省39个欠发达县域名单,,\n".encode() + table(UNITS)
    landing.put("county_lists/a.csv", data)
    landing.load()
    assert set(landing.lake("county_lists")["list_id"]) == {"sichuan_39"}


@pytest.mark.parametrize(
    "place", ["a.csv", "poor_counties.csv", "832.csv", "贫困县.csv", "poor_832/160个重点帮扶县.csv"]
)
def test_nothing_or_two_things_said_refuse_the_file(tmp_path: Path, place: str) -> None:
    landing = Landing(tmp_path)
    landing.put(f"county_lists/{place}", table(UNITS))
    (record,) = landing.load()
    assert record.status == "refused"
    assert str(record.reason).startswith("file.unstated")
    assert conserves(record)


def test_the_column_goes_before_the_folder(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    rows = [{**unit, "名单编号": "key_160", "官方数目": "160"} for unit in UNITS]
    landing.put("county_lists/poor_832/a.csv", table(rows))
    landing.load()
    assert set(landing.lake("county_lists")["list_id"]) == {"key_160"}


def test_a_unit_is_found_by_code_name_and_province_together(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    rows = [
        *UNITS,
        {"行政区划代码": "510122", "县域名称": "双流县", "所属省份": "四川省"},
        {"行政区划代码": "532600", "县域名称": "文山市", "所属省份": "云南省"},
        {"行政区划代码": "632825", "县域名称": "大柴旦行委", "所属省份": "青海省"},
        {"行政区划代码": "140211", "县域名称": "南郊区", "所属省份": "山西省"},
        {"行政区划代码": "513422", "县域名称": "木里县", "所属省份": "四川省"},
        {"行政区划代码": "513401", "县域名称": "不存在县", "所属省份": "四川省"},
    ]
    landing.put("county_lists/poor_832/a.csv", table(rows))
    landing.load()
    found = landing.lake("county_lists").select("resolved_code", "region_how", "candidate_codes")
    assert found.rows() == [
        ("130631", "exact", None),
        ("130708", "successor", None),
        ("510116", "successor", None),
        ("532601", "wrong_code", None),
        (None, "no_code", None),
        (None, "ambiguous", "140212;140213;140214"),
        ("513422", "renamed", None),
        (None, "unknown", "513401"),
    ]
