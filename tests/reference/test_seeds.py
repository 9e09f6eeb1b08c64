"""The small reference tables: platforms, channels, programmes, calendar, county lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from pipelines.sources.county_lists import LISTS
from tests.reference.conftest import SEEDS, Rows, read_csv

Seed = Callable[[str], Rows]


def documented() -> dict[str, dict[str, object]]:
    """{seed: its yml entry} of all yml files beside the seeds."""
    return {
        entry["name"]: entry
        for path in sorted(SEEDS.glob("*.yml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]
    }


def test_every_column_of_every_seed_has_a_type_and_words_in_both_languages() -> None:
    entries = documented()
    assert entries.keys() == {path.stem for path in SEEDS.glob("*.csv")}
    for name, entry in entries.items():
        heading = (SEEDS / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        columns = {column["name"]: column for column in entry["columns"]}  # type: ignore[attr-defined]  # yml
        types = entry["config"]["column_types"]  # type: ignore[index]  # yml
        assert list(columns) == heading == list(types), name
        for column, words in columns.items():
            assert " / " in words["description"], (name, column)
            assert not column.endswith("_code") or types[column] == "varchar"


def test_channels_are_spelt_as_the_export_spells_them(seed: Seed) -> None:
    assert [row["name_zh"] for row in seed("channels")] == [
        "单笔捐", "月捐", "一起捐", "小红花", "企业捐", "公益消费券", "接龙", "直播", "未知",
    ]  # fmt: skip


def test_platforms_stand_by_the_batches_of_the_notices(seed: Seed) -> None:
    rows = seed("platforms")
    assert Counter(row["batch"] for row in rows) == {"1": 13, "2": 9, "3": 10, "": 1}
    days = {(row["batch"], row["designated_on"]) for row in rows}
    assert days == {("1", "2016-08-31"), ("2", ""), ("3", "2021-11-15"), ("", "")}
    assert {"tencent", "alipay", "unknown"} <= {row["platform_id"] for row in rows}


def test_the_calendar_keeps_the_published_days(seed: Seed) -> None:
    rows = {row["campaign_id"]: row for row in seed("calendar_campaigns")}
    for year in range(2015, 2026):
        first, last = ("09-07", "09-09") if year < 2022 else ("09-01", "09-10")
        row = rows[f"99-{year}"]
        assert (row["starts_on"], row["ends_on"]) == (f"{year}-{first}", f"{year}-{last}")
    sichuan = rows["scsl-2024"]
    assert (sichuan["starts_on"], sichuan["ends_on"]) == ("2024-08-02", "2024-08-04")
    known = {row["program_id"] for row in seed("programs")}
    for row in rows.values():
        assert date.fromisoformat(row["starts_on"]) <= date.fromisoformat(row["ends_on"])
        assert row["program_id"] in known


def test_a_list_has_as_many_units_as_could_be_sourced(seed: Seed) -> None:
    units: Counter[str] = Counter()
    for row in seed("county_list_members"):
        units[row["list_id"]] += int(row["listed_units"])
    assert units == {"poor_832": 832, "key_160": 92, "sichuan_39": 39, "sanqu_sanzhou": 212}


def test_the_contract_knows_the_lists_of_the_reference(seed: Seed) -> None:
    counts = {row["list_id"]: row["official_count"] for row in seed("county_lists")}
    assert tuple(counts) == LISTS
    assert counts == {"key_160": "160", "poor_832": "832", "sichuan_39": "39", "sanqu_sanzhou": ""}


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("list_id", "file", "column"),
    [
        ("poor_832", "poverty_counties_832.csv", "code_2023"),
        ("key_160", "key_counties_160_sourced_92.csv", "code_2021"),
        ("sichuan_39", "sichuan_39_underdeveloped_counties.csv", "code_2023"),
    ],
)
def test_members_are_those_of_the_real_list(
    seed: Seed, programs: Path, list_id: str, file: str, column: str
) -> None:
    real = {row[column] for row in read_csv(programs / file)} - {""}
    ours = {row["region_code"] for row in seed("county_list_members") if row["list_id"] == list_id}
    assert ours - {""} == real


@pytest.mark.oracle
def test_sanqu_sanzhou_are_the_counties_of_the_named_areas(seed: Seed, programs: Path) -> None:
    areas = "".join(
        row["code"] + row["members_or_note"] for row in read_csv(programs / "sanqu_sanzhou.csv")
    )
    ours = [r for r in seed("county_list_members") if r["list_id"] == "sanqu_sanzhou"]
    for row in ours:
        code = row["region_code"]
        named = {code, code[:4] + "00", code[:2] + "0000"}
        assert any(area in areas for area in named), row
    current = {r["region_code"] for r in seed("regions") if r["is_current"] == "true"}
    members = {row["region_code"] for row in ours}
    for code in current:
        if not code.endswith("00") and (code[:4] + "00" in areas or code.startswith("54")):
            assert code in members
