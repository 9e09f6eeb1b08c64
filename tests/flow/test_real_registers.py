"""Real registers, landed as they are: the 832 poor counties, and foundations with their renames."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.cleaning.regions import region_table
from pipelines.settings import PROJECT_ROOT, load_settings
from tests.flow.conftest import night, published
from tests.once import Once
from tests.reference.conftest import read_csv

DATA = PROJECT_ROOT.parent / "shared" / "data"
POOR = DATA / "cn-rural-programs" / "poverty_counties_832_raw.csv"
TWIN = DATA / "cn-rural-programs" / "poverty_counties_832.csv"
FOUNDATIONS = DATA / "cn-charity-orgs" / "foundations_sample.csv"
RENAMES = DATA / "cn-charity-orgs" / "foundation_renames_2013_2014.csv"
pytestmark = [
    pytest.mark.oracle,
    pytest.mark.flow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not all(path.is_file() for path in (POOR, TWIN, FOUNDATIONS, RENAMES)),
        reason="the real registers are not beside the project",
    ),
]

#: The one rename of which the register has a code, and a project of each of its names.
OLD, NEW, USCC = "上海市民帮困互助基金会", "上海市帮困互助基金会", "53310000501778865X"
PROJECTS = (
    "项目编号,项目名称,发起机构,项目状态,筹款目标,已筹金额\n"
    f"T1,甲,{OLD},筹款中,100.00,50.00\nT2,乙,{NEW},筹款中,100.00,50.00\n"
)

Rows = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def rows(once: Once) -> Rows:
    def make(folder: Path) -> None:
        for path, place in (
            (POOR, "county_lists/poor_832"),
            (FOUNDATIONS, "organizations"),
            (RENAMES, "organization_renames"),
        ):
            (folder / "landing" / place).mkdir(parents=True)
            shutil.copy2(path, folder / "landing" / place)
        projects = folder / "landing" / "tencent_projects" / "p_20240801.csv"
        projects.parent.mkdir()
        projects.write_text(PROJECTS, encoding="utf-8")
        gates = night(load_settings(folder / "warehouse", folder / "landing", env={}))
        assert not gates.blocked, [(r.rule_id, r.observed, r.sample) for r in gates.blocking]

    folder = once("real-registers", make)
    release = published(load_settings(folder / "warehouse", folder / "landing", env={}))
    return lambda sql: release.execute(sql).fetchall()


def test_every_file_loads_whole(rows: Rows) -> None:
    told = rows(
        "select source, status, rows_read, rows_loaded from ops.load_audit"
        " where source <> 'tencent_projects' order by 1"
    )
    assert told == [
        ("county_lists", "loaded", 832, 832),
        ("organization_renames", "loaded", 58, 58),
        ("organizations", "loaded", 231, 231),
    ]


def test_the_832_resolve_row_by_row_as_the_cleaned_twin_says(rows: Rows) -> None:
    found = rows(
        "select listed_code, listed_name, region_code, region_how from star.bridge_county_list"
        " where list_id = 'poor_832' order by source_row"
    )
    twin = read_csv(TWIN)
    today = region_table()
    notes: Counter[tuple[str, str]] = Counter()
    for (code, name, region, how), clean in zip(found, twin, strict=True):
        assert (code, name) == (clean["source_code"], clean["name_as_listed"])
        # the twin is of 2023, the release of today
        expected = today.heirs(clean["code_2023"]) if clean["code_2023"] else {"unknown"}
        assert {region} == expected, (code, name, how)
        notes[clean["resolution_note"].partition("_")[0].partition(" ")[0], how] += 1
    assert notes == {
        ("", "exact"): 787,
        ("renamed", "renamed"): 39,
        ("code", "successor"): 2,
        ("source", "wrong_code"): 3,
        ("大柴旦行委", "no_code"): 1,
    }


def test_the_832_are_complete_though_one_has_no_code_and_two_are_one_county(rows: Rows) -> None:
    assert rows(
        "select listed_units, listed_counties, list_is_complete, is_landed"
        " from star.dim_county_list where list_id = 'poor_832'"
    ) == [(832, 830, True, True)]
    assert rows("select count(*) from star.dim_region where is_current and is_poor_832") == [(830,)]


def test_foundations_are_organisations_and_their_code_says_the_kind(rows: Rows) -> None:
    assert rows(
        "select kind, count(*), count(founded_on), bool_and(is_uscc_valid)"
        " from star.dim_organization where not is_inferred group by all order by 2 desc"
    ) == [("基金会", 230, 40, True), (None, 1, 0, True)]
    assert rows(
        "select former_names from star.dim_organization where name = '中国社会福利基金会'"
    ) == [("中国社会福利教育基金会",)]


def test_projects_of_the_old_and_the_new_name_meet_one_organisation(rows: Rows) -> None:
    assert rows(
        "select project_no, initiator_uscc from star.dim_project"
        " where project_no <> 'unknown' order by 1"
    ) == [("T1", USCC), ("T2", USCC)]
    # of the other renames the register has no code: nobody knows whose they are, and a rule says so
    assert rows(
        "select status from ops.gate_results"
        " where rule_id = 'loaded.organization_renames.names_known'"
    ) == [("fail",)]
