"""Tables as files: real types, what they are on the first sheet, sums that are the marts'."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient

from pages.listings import TABLES, is_number
from pages.listings.declared import LISTINGS, names
from pages.words import catalogue
from pages.words.columns import full_headings

Ask = Callable[..., list[dict[str, Any]]]


def book(client: TestClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def columns_of(sheet: Any) -> dict[str, list[Any]]:
    """Heading → values below it."""
    rows = list(sheet.iter_rows(values_only=True))
    return {name: [row[n] for row in rows[1:]] for n, name in enumerate(rows[0])}


@pytest.mark.parametrize("name", names())
def test_the_sums_of_a_workbook_are_the_tables(name: str, client: TestClient, mart: Ask) -> None:
    """Of every listing: as many rows, and each figure adds up to what the table has."""
    known = LISTINGS.get(name)
    table = known.table if known else next(t.id for t in TABLES.values() if t.name == name)
    where = (known.where if known else "") or "true"
    say = catalogue("zh")
    sheet = book(client, f"/export/{name}.xlsx").worksheets[1]
    found = columns_of(sheet)
    (count,) = mart(f"select count(*) as n from {table} where {where}")
    assert len(found) == len(sheet[1])  # no two headings are alike
    shown = {c.name for c in known.fields} | set(TABLES[table].keys) if known else None
    columns = [c for c in TABLES[table].columns if shown is None or c.name in shown]
    heads = full_headings(say, columns)
    for column in columns:
        heading = heads[column.name]
        if heading not in found or not is_number(column):
            continue
        (row,) = mart(f'select sum("{column.name}") as s from {table} where {where}')
        values = [v for v in found[heading] if v is not None]
        total = sum((Decimal(str(v).replace(",", "")) for v in values), Decimal(0))
        assert total == (row["s"] or 0), column.name
    assert sheet.max_row - 1 == count["n"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref


def test_a_workbook_has_real_types(client: TestClient) -> None:
    """Days are days, money is a number with two decimals, an order number keeps its digits."""
    sheet = book(client, "/export/gifts.xlsx?status=部分退款").worksheets[1]
    found = columns_of(sheet)
    assert all(isinstance(v, datetime) for v in found["支付时间"])
    assert all(isinstance(v, str) and len(v) > 15 for v in found["订单号"])
    money = next(c for c in sheet[1] if c.value.startswith("捐款金额"))
    cell = sheet.cell(2, money.column)
    assert isinstance(cell.value, int | float)
    assert cell.number_format == "#,##0.00"
    days = columns_of(book(client, "/export/campaign_days.xlsx").worksheets[1])
    assert all(isinstance(v, date) for v in days["支付日期"])


def test_the_first_sheet_says_what_it_is(client: TestClient, mart: Ask) -> None:
    """Release, as-of, filters, definitions: in the reader's language."""
    (release,) = mart("from ops.releases")
    sheet = book(client, "/export/gaps.xlsx?severity=blocking&days_open_least=10").worksheets[0]
    told: dict[str, str] = {}
    for a, b in sheet.iter_rows(max_col=2):
        told.setdefault(str(a.value), str(b.value))
    assert told["发布"] == release["release_id"]
    assert told["截至日期"] == str(release["as_of"])
    assert told["内容哈希"] == release["content_hash"]
    assert told["严重程度"] == "阻断"
    assert told["未了天数 ≥"] == "10"
    assert "至截至日期的自然日数" in told["未了天数"]


def test_the_same_release_gives_the_same_bytes(client: TestClient) -> None:
    for path in ("/export/gaps.xlsx", "/export/matrix.xlsx", "/export/bodies.xlsx"):
        assert client.get(path).content == client.get(path).content


def test_gaps_by_body_has_a_sheet_per_body(client: TestClient, mart: Ask) -> None:
    """… whose rows are all gaps of the mart, each once."""
    found = book(client, "/export/bodies.xlsx")
    bodies = mart("select distinct responsible_uscc from marts.audit_gaps")
    sheets = found.worksheets[2:]
    assert len(sheets) == len(bodies)
    rows = [row for sheet in sheets for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert len(rows) == mart("select count(*) as n from marts.audit_gaps")[0]["n"]
    only = book(client, f"/export/bodies.xlsx?responsible_uscc={bodies[0]['responsible_uscc']}")
    assert len(only.worksheets) == 3


def test_the_matrix_as_a_workbook(client: TestClient, mart: Ask) -> None:
    """Levels on a sheet, subjects on the other; a filter narrows it."""
    found = book(client, "/export/matrix.xlsx?chain=scsl-2024-6")
    levels, subjects = (columns_of(sheet) for sheet in found.worksheets[1:])
    rows = mart("from marts.audit_completeness where chain_id = 'scsl-2024-6' order by level_no")
    assert levels["通过"] == [row["subjects_passed"] for row in rows]
    assert levels["阻断缺口"] == [row["blocking_gaps"] for row in rows]
    total = mart("select sum(blocking_gaps) as n, count(*) as m from marts.audit_subjects"
                 " where chain_id = 'scsl-2024-6'")[0]  # fmt: skip # a short query
    assert sum(subjects["阻断缺口"]) == total["n"]
    assert len(subjects["阻断缺口"]) == total["m"]
    passed = next(values for name, values in subjects.items() if name == rows[1]["level_name"])
    assert sum(v.startswith("通过") for v in passed) == rows[1]["subjects_passed"]
    few = columns_of(book(client, "/export/matrix.xlsx?gap=no_evidence").worksheets[2])
    assert len(few["阻断缺口"]) == 1


def test_csv_has_values_in_full(client: TestClient, mart: Ask) -> None:
    """UTF-8 with its mark; money to the last fen, shares as they are."""
    content = client.get("/export/sizes.csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    expected = mart("from marts.donation_sizes order by scope_id, scope_type, band_no")
    assert [row["总额 (元)"] for row in rows] == [str(r["gross_cny"]) for r in expected]
    assert [row["笔数占比 (%)"] for row in rows] == [str(r["share"]) for r in expected]


def test_english_files_speak_english(client: TestClient) -> None:
    client.cookies.set("juandi_language", "en")
    try:
        found = book(client, "/export/gaps.xlsx")
    finally:
        client.cookies.clear()
    assert found.sheetnames[0] == "About"
    assert {"Gap", "Finding", "Days open"} <= set(columns_of(found.worksheets[1]))
