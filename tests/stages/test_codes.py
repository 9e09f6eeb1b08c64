"""Codes of organisations and regions are one way in the lake, whatever source printed them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.sources import SOURCES, Column, Kind, Source
from tests.stages.landings import USCC, Landing, row, table

COLUMNS = [(source, column) for source in SOURCES.values() for column in source.columns]


def with_kind(kind: Kind) -> set[tuple[str, str]]:
    return {(s.name, c.name) for s, c in COLUMNS if c.kind is kind}


def named(holds: Callable[[str], bool]) -> set[tuple[str, str]]:
    return {(s.name, c.name) for s, c in COLUMNS if holds(c.name)}


def test_every_column_of_codes_says_so() -> None:
    codes = named(lambda name: name.endswith("uscc") or name == "filing_no")
    assert len(codes) > 8
    assert with_kind(Kind.USCC) == codes
    regions = named(lambda n: n.endswith(("region_code", "county_code", "donor_region")))
    assert len(regions) > 4
    assert with_kind(Kind.REGION) == regions


def _heading(source: Source, column: Column) -> str:
    """The heading under which the good row has the column, or else one it may have."""
    return next((h for h in column.accepted if h in row(source.name)), column.accepted[-1])


@pytest.mark.parametrize(
    ("source", "column"),
    [pytest.param(s, c, id=f"{s.name}.{c.name}") for s, c in COLUMNS if c.kind is Kind.USCC],
)
def test_a_credit_code_is_the_same_in_every_source(
    tmp_path: Path, source: Source, column: Column
) -> None:
    landing = Landing(tmp_path)
    typed = f" {USCC[:8].lower()} {USCC[8:].lower()}"
    changed = row(source.name, **{_heading(source, column): typed})
    landing.put(f"{source.name}/a_20240802.csv", table([changed]))
    landing.load()
    assert landing.lake(source.name)[column.lake_name].to_list() == [USCC]


@pytest.mark.parametrize(
    ("source", "column"),
    [pytest.param(s, c, id=f"{s.name}.{c.name}") for s, c in COLUMNS if c.kind is Kind.REGION],
)
def test_a_region_is_the_same_in_every_source(
    tmp_path: Path, source: Source, column: Column
) -> None:
    forms = ("510104003001", "51 0104", "510104.0", "５１０１０４", "成都市锦江区")
    for typed, kept in zip(forms, [*["510104"] * 4, "成都市锦江区"], strict=True):
        landing = Landing(tmp_path / typed)
        changed = row(source.name, **{_heading(source, column): typed})
        landing.put(f"{source.name}/a_20240802.csv", table([changed]))
        landing.load()
        assert landing.lake(source.name)[column.lake_name].to_list() == [kept]


def test_two_spellings_of_a_code_are_one_organisation(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    rows = [row("organizations"), row("organizations", 统一社会信用代码=USCC.lower())]
    landing.put("organizations/名录_20240802.csv", table(rows))
    (account,) = landing.load()
    assert (account.rows_loaded, account.rows_duplicate) == (1, 1)
    assert landing.lake("organizations")["is_uscc_valid"].to_list() == [True]


def test_a_wrong_letter_is_not_repaired(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    wrong = USCC.replace("0", "O", 1).lower()
    rows = [row("organizations", 统一社会信用代码=wrong)]
    landing.put("organizations/a_20240802.csv", table(rows))
    landing.load()
    lake = landing.lake("organizations")
    assert lake.select("uscc", "is_uscc_valid").rows() == [(wrong.upper(), False)]


def test_an_organisation_under_review_is_written_as_all_are(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    rows = [
        row("review_records", 对象编号=USCC.lower()),
        row("review_records", 记录编号="r2", 对象编号="p-0012a"),
    ]
    landing.put("review_records/审查_20240802.csv", table(rows))
    landing.load()
    assert landing.lake("review_records")["subject_id"].to_list() == [USCC, "p-0012a"]


def test_codes_in_json_are_read_alike(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    project = {"project_no": "1", "name": "甲", "org_name": "乙", "state": 3, "target": 0,
               "org_uscc": USCC.lower(), "region_code": 510104000000}  # fmt: skip
    landing.put("tencent_projects/a_20240802.jsonl", json.dumps(project).encode())
    landing.load()
    lake = landing.lake("tencent_projects")
    assert lake.select("org_uscc", "region_code").rows() == [(USCC, "510104")]
