"""The resolver of messy codes and names: on a small table, then on the real list of 832."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pipelines.cleaning.region_names import core_name, parse_code, tidy_name
from pipelines.cleaning.regions import Alias, RegionLife, RegionTable, Resolution, region_table
from tests.reference.conftest import read_csv


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("130631", "130631"),
        ("130631.0", "130631"),
        (130631.0, "130631"),
        (130631, "130631"),
        ("１３０６３１", "130631"),
        ("`130631", "130631"),
        ('="130631"', "130631"),
        (" 130631\t", "130631"),
        ("130631100", "130631"),
        ("130631100201", "130631"),
        ("1.3E+05", None),
        ("130631.5", None),
        ("13063", None),
        ("1306311", None),
        ("望都县", None),
        ("", None),
        (None, None),
    ],
)
def test_a_code_is_read_where_nothing_was_lost(typed: str | float | None, code: str | None) -> None:
    assert parse_code(typed) == code


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("郫县", "郫"),
        ("湄潭", "湄潭"),
        ("丽江纳西族自治县", "丽江"),
        ("积石山保安族东乡族撒拉族自治县", "积石山"),
        ("前郭尔罗斯蒙古族自治县", "前郭尔罗斯"),
        ("克孜勒苏柯尔克孜自治州", "克孜勒苏柯尔克孜"),
        ("四川省", "四川"),
        ("回族自治县", "回族"),
    ],
)
def test_the_core_of_a_name(name: str, core: str) -> None:
    assert core_name(name) == core


def test_a_name_is_tidied() -> None:
    assert tidy_name(" 东　乡\u00a0（县） ") == "东乡(县)"


@pytest.fixture
def table() -> RegionTable:
    """One province: 丙县 became 丙区, 丁县 was split, 戊 has the name of its prefecture."""
    lives = [
        RegionLife("990000", "某某省", 1984, None, ()),
        RegionLife("980000", "他省", 1984, None, ()),
        RegionLife("990100", "戊州市", 1984, None, ()),
        RegionLife("990200", "己州市", 1984, None, ()),
        RegionLife("990101", "甲区", 1984, 2009, ("990101",)),
        RegionLife("990101", "乙区", 2010, None, ()),
        RegionLife("990121", "丙县", 1984, 2011, ("990102",)),
        RegionLife("990102", "丙区", 2012, 2019, ("990103",)),
        RegionLife("990103", "新丙区", 2020, None, ()),
        RegionLife("990122", "丁县", 1984, 2014, ("990101", "990104")),
        RegionLife("990104", "庚区", 2015, None, ()),
        RegionLife("990181", "戊州市", 1990, None, ()),
        RegionLife("990202", "鼓楼区", 1984, None, ()),
        RegionLife("990105", "鼓楼区", 1984, None, ()),
        RegionLife("980102", "鼓楼区", 1984, None, ()),
    ]
    return RegionTable(
        lives, [Alias("990000", "辛行委", "990104"), Alias("990000", "壬行委", None)]
    )


@pytest.mark.parametrize(
    ("code", "name", "province", "expected"),
    [
        ("990101.0", "乙区", "某某省", Resolution("990101", "exact")),
        ("990101", None, None, Resolution("990101", "exact")),
        ("990101", "甲区", "某某省", Resolution("990101", "renamed")),
        ("990101", "乙", "某某", Resolution("990101", "renamed")),
        ("990121", None, None, Resolution("990103", "successor")),
        ("990121", "丙县", None, Resolution("990103", "successor")),
        ("990103", "丙县", "某某省", Resolution("990103", "renamed")),
        ("990122", None, None, Resolution(None, "ambiguous", ("990101", "990104"))),
        ("990122", "庚区", None, Resolution("990104", "successor")),
        ("990122", "丁县", None, Resolution(None, "ambiguous", ("990101", "990104"))),
        (None, "乙区", "某某省", Resolution("990101", "by_name")),
        (None, "戊州市", "某某省", Resolution("990181", "by_name")),
        ("990200", "乙区", "某某省", Resolution("990101", "wrong_code")),
        ("980102", "丙区", "某某省", Resolution("990103", "wrong_code")),
        ("990200", "鼓楼区", None, Resolution("990202", "wrong_code")),
        (None, "鼓楼区", "某某省", Resolution(None, "ambiguous", ("990105", "990202"))),
        (None, "鼓楼区", "他省", Resolution("980102", "by_name")),
        ("990101", "辛行委", "某某省", Resolution("990104", "wrong_code")),
        ("990104", "辛行委", "某某省", Resolution("990104", "renamed")),
        ("990104", "壬行委", "某某省", Resolution(None, "no_code")),
        ("990101", "癸县", "某某省", Resolution(None, "unknown", ("990101",))),
        ("999999", None, None, Resolution(None, "unknown")),
        (None, None, None, Resolution(None, "unknown")),
        (None, "乙", None, Resolution(None, "unknown")),
    ],
)
def test_code_name_and_province_are_weighed_together(
    table: RegionTable,
    code: str | None,
    name: str | None,
    province: str | None,
    expected: Resolution,
) -> None:
    assert table.resolve(code, name, province) == expected


def test_an_earlier_year_knows_what_was_in_use_then(table: RegionTable) -> None:
    then = RegionTable(table.lives, table.aliases, 2013)
    assert then.resolve("990121") == Resolution("990102", "successor")
    assert then.resolve("990122", "丁县") == Resolution("990122", "exact")
    assert then.resolve("990104") == Resolution(None, "unknown")  # not yet


def test_the_shipped_table_resolves_every_code_it_ever_held() -> None:
    """A code that ended since 2002 always leads to codes in use, through any number of steps."""
    table = region_table()
    for life in table.lives:
        if life.last_year is None or life.last_year >= 2001:
            heirs = table.heirs(life.code)
            assert heirs, life
            assert heirs <= table.in_use.keys()
    assert table.resolve("110103").code == "110101"
    assert table.resolve("542121", "昌都县", "西藏").code == "540302"


@pytest.mark.oracle
def test_the_real_832_list_resolves_as_its_cleaned_twin_says(programs: Path) -> None:
    raw = read_csv(programs / "poverty_counties_832_raw.csv")
    twin = read_csv(programs / "poverty_counties_832.csv")
    table = region_table(2023)
    seen: Counter[str] = Counter()
    for listed, clean in zip(raw, twin, strict=True):
        found = table.resolve(listed["行政区划代码"], listed["县域名称"], listed["所属省份"])
        assert (found.code or "") == clean["code_2023"], (listed, found)
        assert table.in_use.get(found.code or "", "") == clean["name_2023"]
        assert (found.how == "exact") == (clean["resolution_note"] == ""), (listed, found)
        seen[found.how] += 1
    assert seen == {"exact": 787, "renamed": 39, "successor": 2, "wrong_code": 3, "no_code": 1}
