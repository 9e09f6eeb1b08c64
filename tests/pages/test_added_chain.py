"""A chain that a user adds: two files land, and every page of reviews has it, without code.

It is of organisations, has three levels and a sample; its statuses and gaps were worked out by
hand from the records below. The chains that were there before stay as they were.
"""

# ruff: noqa: E501 - rows as they stand in a file
from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pages.app import create_app
from pages.words import catalogue
from pipelines.settings import Settings, load_settings
from tests.flow.conftest import Released, night
from tests.pages.conftest import PageReader

CHAIN, NAME = "party-building-3", "社会组织三级评审"
LEVELS = ["组织自评", "县级复核", "市级抽查"]
#: All pass; the second is left out; the second is sent back; the second has no evidence.
WHOLE, OPEN, RETURNED, BARE = (
    "51510000HEC000488D", "51510116HEC000001A", "53510000HEC000859X", "51510725HEC02675XJ"
)  # fmt: skip # four codes
_COUNTY, _CITY = "51511802HEC015655P", "51510104HEC0000023"
_CHAINS = f"""审查链编号,审查链名称,对象类型,层级,层级代码,层级名称,覆盖方式,抽查比例,须回避,时限天数,需要佐证
{CHAIN},{NAME},组织,1,self,{LEVELS[0]},全部,,,5,否
{CHAIN},{NAME},组织,2,county,{LEVELS[1]},全部,,previous_reviewer,10,是
{CHAIN},{NAME},组织,3,city,{LEVELS[2]},抽查,0.5,previous_reviewer,10,是
"""
_RECORDS = f"""记录编号,审查链编号,对象编号,轮次,层级,审查单位统一社会信用代码,提交时间,决定时间,决定,意见,佐证数量
1,{CHAIN},{WHOLE},1,1,{WHOLE},2024-06-03 09:00:00,2024-06-03 10:00:00,通过,符合。,0
2,{CHAIN},{WHOLE},1,2,{_COUNTY},2024-06-04 09:00:00,2024-06-05 10:00:00,通过,符合。,2
3,{CHAIN},{WHOLE},1,3,{_CITY},2024-06-06 09:00:00,2024-06-07 10:00:00,通过,符合。,1
4,{CHAIN},{OPEN},1,1,{OPEN},2024-06-03 09:00:00,2024-06-03 10:00:00,通过,符合。,0
9,{CHAIN},{OPEN},1,3,{_CITY},2024-06-06 09:00:00,2024-06-07 10:00:00,通过,符合。,1
5,{CHAIN},{RETURNED},1,1,{RETURNED},2024-06-03 09:00:00,2024-06-03 10:00:00,通过,符合。,0
6,{CHAIN},{RETURNED},1,2,{_COUNTY},2024-06-04 09:00:00,2024-06-05 10:00:00,退回,请补充。,1
7,{CHAIN},{BARE},1,1,{BARE},2024-06-03 09:00:00,2024-06-03 10:00:00,通过,符合。,0
8,{CHAIN},{BARE},1,2,{_COUNTY},2024-06-04 09:00:00,2024-06-05 10:00:00,通过,符合。,0
"""
#: Subject → its status at each level.
STATUSES = {
    WHOLE: ["passed", "passed", "passed"],
    OPEN: ["passed", "missing", "passed"],
    RETURNED: ["passed", "returned", "not_sampled"],
    BARE: ["passed", "passed", "not_sampled"],
}
ZH = catalogue("zh")
pytestmark = pytest.mark.flow


@pytest.fixture(scope="module")
def added(
    released: Callable[[str], Released], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, TestClient]]:
    """The pages the night before, and the night after the two files landed."""
    before = released("some").settings
    folder = tmp_path_factory.mktemp("added")
    warehouse, landing = folder / "warehouse", folder / "landing"
    shutil.copytree(before.warehouse, warehouse, symlinks=True)
    for name, text in (("review_chains", _CHAINS), ("review_records", _RECORDS)):
        file: Path = landing / name / f"{CHAIN}_20240805.csv"
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    settings: Settings = load_settings(warehouse, landing, env={})
    gates = night(settings)
    assert not gates.blocked, [r for r in gates.results if r.status in ("fail", "error")]
    with (
        TestClient(create_app(before), base_url="http://127.0.0.1") as old,
        TestClient(create_app(settings), base_url="http://127.0.0.1") as new,
    ):
        yield old, new


def read(client: TestClient, path: str) -> PageReader:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return PageReader(answer.text)


def test_its_levels_and_matrix(added: tuple[TestClient, TestClient]) -> None:
    """Named as the register names them; each status as worked out."""
    old, new = added
    assert old.get(f"/reviews?chain={CHAIN}").status_code == 400
    text = new.get(f"/reviews?chain={CHAIN}").text
    assert NAME in text
    assert NAME in new.get("/").text
    found = PageReader(text)
    levels = found.tables["levels"]
    at = {name: levels.columns.index(name) for name in levels.columns[:-1]}
    assert [row[at["level_name"]] for row in levels.rows] == LEVELS
    passed = [row[at["subjects_passed"]] for row in levels.rows]
    assert passed == ["<4>4", "<2>2", "<1>1"]
    matrix = found.tables["matrix"]
    shown = {
        row[matrix.columns.index("subject_id")]: [
            row[matrix.columns.index(f"level:{number}")] for number in (1, 2, 3)
        ]
        for row in matrix.rows
    }
    assert set(shown) == set(STATUSES)
    for subject, statuses in STATUSES.items():
        for cell, status in zip(shown[subject], statuses, strict=True):
            assert ZH(f"codes.status.{status}") in cell
    only = read(new, f"/reviews?chain={CHAIN}&level=2&status=returned").tables["matrix"]
    assert [row[only.columns.index("subject_id")] for row in only.rows] == [RETURNED]
    read(new, f"/reviews?chain={CHAIN}&view=map")
    last = read(new, f"/reviews?chain={CHAIN}&sort=level_3").tables["matrix"]
    assert len(last.rows) == 4
    assert new.get(f"/reviews?chain={CHAIN}&sort=level_4").status_code == 400


def test_its_gaps(added: tuple[TestClient, TestClient]) -> None:
    """Who owes what: what is missing and what lacks evidence; the filter offers the chain."""
    _, new = added
    page = new.get(f"/gaps?chain_id={CHAIN}").text
    assert f'value="{CHAIN}" selected' in page
    gaps = PageReader(page).tables["gaps"]
    at = {name: gaps.columns.index(name) for name in gaps.columns}
    found = {(row[at["subject_id"]], row[at["level_no"]], row[at["gap_type"]]) for row in gaps.rows}
    assert (BARE, "2", ZH("codes.gap_type.no_evidence")) in found
    assert (OPEN, "2", ZH("codes.gap_type.missing_level")) in found
    assert {subject for subject, _, _ in found} <= {OPEN, RETURNED, BARE, "—"}
    assert all(row[at["chain_id"]] == CHAIN for row in gaps.rows)


def test_a_subject_of_it(added: tuple[TestClient, TestClient]) -> None:
    """Its levels, its records with their file, and where to find it from the search."""
    _, new = added
    text = new.get(f"/subjects/{CHAIN}/{WHOLE}").text
    for level in LEVELS:
        assert level in text
    events = PageReader(text).tables["reviews"]
    assert [row[events.columns.index("record_no")] for row in events.rows] == ["1", "2", "3"]
    assert f"/subjects/{CHAIN}/{WHOLE}" in read(new, f"/search?q={WHOLE}").links


def test_its_files_and_its_api(added: tuple[TestClient, TestClient]) -> None:
    """A column per level, named by the register; the same rows for programs."""
    _, new = added
    content = new.get(f"/export/matrix.csv?chain={CHAIN}").content.decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(content))
    assert [name for name in head if name in LEVELS] == LEVELS
    assert len(lines) == 4
    rows: list[dict[str, Any]] = new.get(f"/api/v1/tables/audit_matrix?chain_id={CHAIN}").json()[
        "rows"
    ]
    assert {(r["subject_id"], r["level_no"]): r["status"] for r in rows} == {
        (subject, number): status
        for subject, statuses in STATUSES.items()
        for number, status in enumerate(statuses, 1)
    }


@pytest.mark.parametrize("chain", ["scsl-2024-6", "hcqy-5"])
def test_the_chains_before_are_as_they_were(
    chain: str, added: tuple[TestClient, TestClient]
) -> None:
    old, new = (
        client.get(f"/api/v1/tables/audit_matrix.csv?chain_id={chain}").content for client in added
    )
    assert old == new
