"""Every row in the lake knows which columns of its contract its table did not have."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from pipelines.settings import DBT_PROJECT
from pipelines.sources import SOURCES
from tests.stages.landings import Landing, row, table


def lacking(landing: Landing, source: str) -> list[set[str]]:
    return [set((told or "").split(";")) - {""} for told in landing.lake(source)["not_told"]]


def without(source: str, *headings: str, **changed: str) -> dict[str, str]:
    return {name: text for name, text in row(source, **changed).items() if name not in headings}


def test_a_table_says_what_it_lacks_and_a_blank_is_no_lack(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put("tencent_donations/a_20240802.csv", table([
        without("tencent_donations", "活动编号", 捐款方式="")]))  # fmt: skip
    landing.load()
    (found,) = lacking(landing, "tencent_donations")
    assert "campaign_id" in found
    assert not {"channel", "donor_id", "amount", "phone"} & found


def test_a_table_with_every_column_lacks_none(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    source = SOURCES["tencent_progress"]
    assert len(row(source.name)) == len(source.columns)
    landing.put("tencent_progress/a_20240802.csv", table([row(source.name)]))
    landing.load()
    assert landing.lake(source.name)["not_told"].to_list() == [None]


def test_in_json_a_key_that_no_object_has_is_lacking(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    first = {"project_no": "1", "name": "甲", "org_name": "乙", "state": 3, "target": 0}
    second = {**first, "project_no": "2", "region_code": "510104"}
    text = "\n".join(json.dumps(o) for o in (first, second))
    landing.put("tencent_projects/a_20240802.jsonl", text.encode())
    landing.load()
    for found in lacking(landing, "tencent_projects"):
        assert "filing_no" in found
        assert "region_code" not in found


def test_each_sheet_speaks_for_itself(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    body = io.BytesIO()
    with xlsxwriter.Workbook(body) as book:
        for name, number, gone in (("一", "1", ()), ("二", "2", ("退款金额",))):
            sheet = book.add_worksheet(name)
            cells = without("tencent_donations", *gone, 订单号=f"1000000000000000000{number}")
            sheet.write_row(0, 0, list(cells))
            sheet.write_row(1, 0, list(cells.values()))
    landing.put("tencent_donations/a_20240802.xlsx", body.getvalue())
    landing.load()
    first, second = lacking(landing, "tencent_donations")
    assert second - first == {"refund"}


@pytest.mark.parametrize("name", [s.name for s in SOURCES.values() if s.holds_gifts])
def test_staging_knows_who_tells_a_donor(name: str) -> None:
    """The staging model lists the contract's identity, strongest first."""
    identity = SOURCES[name].identity
    assert identity is not None
    (path,) = DBT_PROJECT.glob(f"models/staging/*/stg_{name}.sql")
    told = re.search(r"identity=\[([^\]]*)\]", path.read_text(encoding="utf-8"))
    assert told
    assert tuple(re.findall(r"'(\w+)'", told[1])) == identity.columns


def test_models_name_columns_that_contracts_have() -> None:
    """A name that no contract has would be taken for told, for ever."""
    known = {c.name for s in SOURCES.values() for c in s.columns}
    models = [*DBT_PROJECT.glob("models/**/*.sql"), *DBT_PROJECT.glob("macros/**/*told*.sql")]
    named = [
        name
        for path in models
        for block in re.findall(
            r"(?:told=|set told = |return\()\{([^}]*)\}", path.read_text(encoding="utf-8")
        )
        for name in re.findall(r"'\w+': '(\w+)'", block)
    ]
    assert len(named) > 30
    assert set(named) <= known


def test_the_lake_has_the_column_in_every_source() -> None:
    assert all(s.lake_schema()["not_told"] == pl.String() for s in SOURCES.values())
