"""Registers of a campaign as handed out: workbooks with titles, grouped headings, totals."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl

from tests.stages.landings import Landing, conserves, row, table


def _book(titles: list[str], groups: dict[str, list[str]], rows: list[list[object]]) -> bytes:
    """A sheet: merged title lines, a heading of two rows whose groups are merged, then the rows."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    width = sum(map(len, groups.values()))
    for title in titles:
        sheet.append([title])
        sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1,
                          end_column=width)  # fmt: skip # a merge
    top = len(titles) + 1
    at = 1
    for group, headings in groups.items():
        sheet.cell(top, at, group)
        for n, heading in enumerate(headings):
            sheet.cell(top + 1, at + n, heading)
        sheet.merge_cells(start_row=top, end_row=top, start_column=at,
                          end_column=at + len(headings) - 1)  # fmt: skip # a merge
        at += len(headings)
    for cells in rows:
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_of_gifts_is_read_in_its_usual_form(tmp_path: Path) -> None:
    """Titles, grouped headings and the total are no gifts; goods stand at their value."""
    landing = Landing(tmp_path)
    groups = {
        "活动": ["活动编号", "项目编号"],
        "捐赠": ["捐赠登记号", "捐赠方", "捐赠金额或价值（元）", "接收日期", "捐赠形式"],
    }
    rows: list[list[object]] = [
        ["scsl-2024", "224328", "OG1", "测试捐赠人", 100.5, date(2024, 8, 2), "现金"],
        ["scsl-2024", None, None, "测试捐赠人", 20, date(2024, 8, 2), "实物"],
        ["合计", None, None, None, 120.5, None, None],
        ["注：物资按公允价值登记"],
    ]
    book = _book(["某某活动线下捐赠登记表", "单位：元"], groups, rows)
    landing.put("offline_gifts/登记_20240805.xlsx", book)
    (account,) = landing.load()
    gifts = landing.lake("offline_gifts")
    assert conserves(account)
    assert gifts["amount_fen"].to_list() == [10050, 2000]
    assert gifts["kind"].to_list() == ["现金", "物资"]
    assert gifts["gift_no"].to_list() == ["OG1", None]
    assert account.footer_agrees


def test_gifts_without_a_number_are_as_many_as_their_lines(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    gift = row("offline_gifts", 捐赠登记号="")
    landing.put("offline_gifts/a_20240802.csv", table([gift, gift]))
    (account,) = landing.load()
    assert (account.rows_loaded, account.rows_duplicate) == (2, 0)


def test_a_payee_meets_the_donor_of_the_name_and_nobody_else(tmp_path: Path) -> None:
    """Repayments and offline gifts share pseudonyms; notices have others."""
    landing = Landing(tmp_path)
    for source in ("offline_gifts", "repayments", "donation_notices"):
        landing.put(f"{source}/a_20240802.csv", table([row(source)]))
    landing.load()
    (donor,) = landing.lake("offline_gifts")["donor_key"]
    (payee,) = landing.lake("repayments")["donor_key"]
    (noticed,) = landing.lake("donation_notices")["donor_key"]
    assert donor == payee
    assert donor != noticed


def test_a_register_without_an_entry_has_landed(tmp_path: Path) -> None:
    """It says that there was none: a file that stands, with no line in the lake."""
    landing = Landing(tmp_path)
    headings = b"\xef\xbb\xbf" + "事件编号,活动编号,项目编号,事件类型,登记时间\n".encode()
    landing.put("incidents/a_20240805.csv", headings)
    (account,) = landing.load()
    assert (account.status, account.rows_read) == ("loaded", 0)
    assert landing.lake("incidents").is_empty()
