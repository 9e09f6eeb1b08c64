"""The shipped table of regions against the ministry's yearly lists and the lives of codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reference.conftest import Rows, read_csv

pytestmark = pytest.mark.oracle

Seed = Callable[[str], Rows]

YEARS = range(2014, 2025)
COUNTIES = {2020: 2844, 2021: 2843, 2022: 2843, 2023: 2844, 2024: 2846}


def in_use(rows: Rows, year: int) -> dict[str, str]:
    """{code: name} of a year; a code with two names at once would be an error of the table."""
    found: dict[str, str] = {}
    for row in rows:
        if int(row["valid_from_year"]) <= year <= int(row["valid_to_year"] or 9999):
            assert row["region_code"] not in found, row
            found[row["region_code"]] = row["name"]
    return found


@pytest.mark.parametrize("year", YEARS)
def test_a_year_holds_exactly_the_ministrys_list(seed: Seed, divisions: Path, year: int) -> None:
    text = (divisions / "mca-yearly" / f"{year}.txt").read_text(encoding="utf-8")
    listed = dict(line.split(" ", 1) for line in text.splitlines() if line.strip())
    assert in_use(seed("regions"), year) == listed


@pytest.mark.parametrize(("year", "count"), COUNTIES.items())
def test_the_number_of_counties_is_the_published_one(
    seed: Seed, divisions: Path, year: int, count: int
) -> None:
    stated = (divisions / "PROVENANCE.md").read_text(encoding="utf-8")
    assert f"{year} {count:,}" in stated
    codes = in_use(seed("regions"), year)
    assert sum(not code.endswith("00") for code in codes) == count


def test_the_current_rows_are_the_codes_in_use(seed: Seed, divisions: Path) -> None:
    listed = {
        row["代码"]: row for row in read_csv(divisions / "areacodes_1981-2024.csv")
        if row["状态"] == "在用"
    }  # fmt: skip
    current = {row["region_code"]: row for row in seed("regions") if row["is_current"] == "true"}
    assert current.keys() == listed.keys()
    assert len(current) == 2846 + 333 + 34
    kinds = {"省级": "province", "地级": "prefecture", "县级": "county"}
    for code, row in current.items():
        real = listed[code]
        assert (row["name"], row["level"], row["province_name"]) == (
            real["名称"], kinds[real["级别"]], real["一级行政区"]
        )  # fmt: skip
        prefecture = real["二级行政区"].replace("直辖", "")
        assert row["prefecture_name"] == prefecture
        assert row["valid_to_year"] == row["successor_codes"] == ""


def test_every_life_since_2002_has_the_years_of_the_real_one(seed: Seed, divisions: Path) -> None:
    """Years of all lives that ended in 2002 or later, or stand; starts before 1996 are not told."""
    ours = in_years(seed("regions"))
    real: dict[tuple[str, str], set[int]] = {}
    for row in read_csv(divisions / "areacodes_1981-2024.csv"):
        last = int(row["变更/弃用时间"] or 2025) - 1
        years = real.setdefault((row["代码"], row["名称"]), set())
        years.update(range(max(int(row["启用时间"]), 1995), last + 1))
    late = {key: years for key, years in real.items() if years and max(years) >= 2001}
    assert {k: ours.get(k) for k in late} == late


def in_years(rows: Rows) -> dict[tuple[str, str], set[int]]:
    """(code, name) → its years from 1995 on."""
    found: dict[tuple[str, str], set[int]] = {}
    for row in rows:
        first, last = int(row["valid_from_year"]), int(row["valid_to_year"] or 2024)
        years = found.setdefault((row["region_code"], row["name"]), set())
        years.update(range(max(first, 1995), last + 1))
    return found


def test_bands_are_the_published_ones(seed: Seed, divisions: Path) -> None:
    bands = {
        row["province_code"]: (row["band4_nbs2011"], row["band3_traditional"])
        for row in read_csv(divisions / "region_bands.csv")
    }
    assert len(bands) == 34
    for row in seed("regions"):
        assert (row["band4"], row["band3"]) == bands[row["province_code"]]


def real_successors(divisions: Path) -> dict[tuple[str, str, int], tuple[set[str], set[str]]]:
    """(code, name, year) of county lives that ended since 2002 → successors, `code[year]` parts."""
    found = {}
    for row in read_csv(divisions / "areacodes_1981-2024.csv"):
        if row["级别"] != "县级" or int(row["变更/弃用时间"] or 0) < 2002:
            continue
        tokens = set(filter(None, row["新代码"].split(";")))
        parts = {token for token in tokens if "[" in token}
        found[row["代码"], row["名称"], int(row["变更/弃用时间"])] = (tokens - parts, parts)
    return found


def test_successors_of_all_that_ended_since_2002_are_the_real_ones(
    seed: Seed, divisions: Path
) -> None:
    real = real_successors(divisions)
    ours = {
        (row["region_code"], row["name"], int(row["valid_to_year"]) + 1): set(
            row["successor_codes"].split(";")
        )
        for row in seed("regions")
        if row["level"] == "county" and int(row["valid_to_year"] or 0) >= 2001
    }
    # The real table begins a new life where only the prefecture's name changes (襄樊 → 襄阳, 2010):
    # ours stands, under the same code and name, and lists nobody in its place.
    current = {
        (row["region_code"], row["name"]) for row in seed("regions") if row["is_current"] == "true"
    }
    only_above = {key for key in real if key not in ours and (key[0], key[1]) in current}
    assert all(real[code, name, year][0] == {code} for code, name, year in only_above)
    assert real.keys() - ours.keys() == only_above
    assert ours.keys() - real.keys() == set()
    assert {key: real[key][0] for key in ours} == ours
    assert (len(ours), len(only_above)) == (640, 16)


def test_parts_that_left_since_2002_are_the_real_ones(seed: Seed, divisions: Path) -> None:
    """Parts that left before 2002 are not carried (`docs/decisions/region-table.md`)."""
    real = {
        (row["代码"], m.group(1), int(m.group(2)))
        for row in read_csv(divisions / "areacodes_1981-2024.csv")
        if row["级别"] == "县级"
        for m in re.finditer(r"(\d{6})\[(\d{4})\]", row["新代码"])
        if int(m.group(2)) >= 2002
    }
    ours = {
        (row["region_code"], row["successor_code"], int(row["year"]))
        for row in seed("region_successors")
        if row["kind"] == "transfer"
    }
    assert ours == real


def test_a_prefecture_that_ended_since_2002_goes_where_its_counties_went(
    seed: Seed, divisions: Path
) -> None:
    """The real table names no successors of prefectures: ours come from those of their counties."""
    ended = {
        row["代码"]
        for row in read_csv(divisions / "areacodes_1981-2024.csv")
        if row["级别"] == "地级" and row["状态"] == "弃用" and int(row["变更/弃用时间"]) >= 2002
    }
    ours = {
        row["region_code"]: row["successor_codes"].split(";")
        for row in seed("regions")
        if row["level"] == "prefecture" and int(row["valid_to_year"] or 0) >= 2001
        and row["region_code"] in ended
    }  # fmt: skip
    assert ours.keys() == ended
    split = {code: heirs for code, heirs in ours.items() if len(heirs) > 1}
    assert split == {
        "341400": ["340100", "340200", "340500"],  # 巢湖市: 合肥, 芜湖, 马鞍山
        "452100": ["450100", "451400"],  # 南宁地区: 南宁, 崇左
        "452200": ["450200", "451300"],  # 柳州地区: 柳州, 来宾
    }


def test_statistical_areas_are_what_the_bureau_codes_and_the_ministry_does_not(
    seed: Seed, divisions: Path
) -> None:
    text = (divisions / "mca-yearly" / "2023.txt").read_text(encoding="utf-8")
    ministry = {line.split(" ", 1)[0] for line in text.splitlines() if line.strip()}
    bureau = read_csv(divisions / "nbs2023_areas_modood.csv")
    alone = {row["code"]: row["name"] for row in bureau if row["code"] not in ministry}
    ours = {row["region_code"]: row["name"] for row in seed("statistical_areas")}
    assert ours == alone
    assert len(ours) == 133
