"""What workbooks say beyond values: errors, formulas, formats, hidden sheets, the 1904 flag."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from pipelines.reading.number_formats import decoration
from pipelines.reading.old_books import old_book
from pipelines.reading.refusals import FileRefused
from pipelines.reading.workbook_marks import marks
from tests.reading.files import read

HEAD = ["捐赠人", "金额", "日期"]


def book(path: Path, rows: Sequence[Sequence[object]], **formats: str) -> bytes:
    """An xlsx by openpyxl: formulas stay without a result."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for place, code in formats.items():
        sheet[place].number_format = code
    made.save(path)
    return path.read_bytes()


def test_errors_and_formulas_without_a_result_keep_their_text(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [*HEAD], ["甲", "#N/A"], ["乙", "=B2*2"], ["丙", "#DIV/0!"], ["丁", 4], ["=A2", 5],
    ]  # fmt: skip
    (got,) = read(tmp_path, book(tmp_path / "a.xlsx", rows), "donation_notices")
    assert got.rows["amount"] == ["#N/A", "#FORMULA! =B2*2", "#DIV/0!", "4", "5"]
    assert got.rows["donor"][-1] == "#FORMULA! =A2"
    assert got.lines == [2, 3, 4, 5, 6]


def test_a_formula_with_its_result_is_its_result(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ["甲", 2])
        sheet.write_formula(2, 0, '="乙"', value="乙")
        sheet.write_formula(2, 1, "=B2*2", value=4)
        sheet.write_formula(3, 1, "=NA()", value="#N/A")
        sheet.write(3, 0, "丙")
    (got,) = read(tmp_path, path.read_bytes(), "donation_notices")
    assert got.rows["amount"] == ["2", "4", "#N/A"]
    assert got.rows["donor"] == ["甲", "乙", "丙"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("[$$-409]#,##0.00", "$ 1000"),
        ("[$HKD] #,##0", "HKD 1000"),
        ("[$€-2] #,##0", "€ 1000"),
        ('"US$"#,##0', "US$1000"),
        ('"$"#,##0.00', "$1000"),
        ("#,##0 [$zł-415]", "外币 zł 1000"),
        ("[$¥-411]#,##0", "JPY 1000"),
        ('0.00"万元"', "1000万元"),
        ('0!.0,"万"', "1000"),
        ('#,##0"元"', "1000"),
        ("[$¥-804]#,##0.00", "1000"),
        ('"￥"#,##0.00', "1000"),
        ("#,##0.00", "1000"),
        ("[Red][>5]0.00;0", "1000"),
    ],
)
def test_what_a_format_says_of_money(tmp_path: Path, code: str, said: str) -> None:
    data = book(tmp_path / "a.xlsx", [HEAD, ["甲", 1000], ["乙", 5]], B2=code)
    (got,) = read(tmp_path, data, "donation_notices")
    assert got.rows["amount"] == [said, "5"]


def test_formats_of_the_programs_own_currency() -> None:
    assert decoration(44, None) == ("$", "")
    assert decoration(44, '_ "¥"* #,##0.00_ ') is None
    assert decoration(14, None) is None


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_named_and_not_read(tmp_path: Path, state: str) -> None:
    made = openpyxl.Workbook()
    shown = made.active
    assert shown is not None
    shown.title = "公示"
    others = {name: made.create_sheet(name) for name in ("底稿", "说明", "明细", "空")}
    for sheet in (shown, others["底稿"]):
        sheet.append(HEAD)
        sheet.append(["甲", 1, "2024-08-01"])
    shown.row_dimensions[2].hidden = True  # a filter hides rows: they are rows
    others["底稿"].sheet_state = state
    others["空"].sheet_state = state
    others["说明"].append(["本表为示例"])
    others["明细"].append(["口罩", 500])
    made.save(tmp_path / "h.xlsx")
    (got,) = read(tmp_path, (tmp_path / "h.xlsx").read_bytes(), "donation_notices")
    assert got.rows["donor"] == ["甲"]
    assert got.table.left_out == [("sheet", "底稿", 2, 6), ("sheet", "明细", 1, 2)]
    shown.sheet_state = state
    others["说明"].sheet_state = "visible"
    made.save(tmp_path / "i.xlsx")
    with pytest.raises(FileRefused, match=r"file\.no_heading.*hidden"):
        read(tmp_path, (tmp_path / "i.xlsx").read_bytes(), "donation_notices")


def test_ids_of_sixteen_digits_are_damaged_unless_they_are_text(tmp_path: Path) -> None:
    head = ["订单号", "项目编号", "捐款金额", "捐款时间", "支付状态"]
    rows = [[n, "1", 1, "2024-08-02 10:00:00", "支付成功"]
            for n in (123456789012345, 1234567890123456, "1234567890123456000")]  # fmt: skip
    (got,) = read(tmp_path, book(tmp_path / "a.xlsx", [head, *rows]), "tencent_donations")
    assert got.rows["order_no"] == ["123456789012345", "1.23456789012346E+15",
                                    "1234567890123456000"]  # fmt: skip


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _old_book(*, date_1904: bool) -> bytes:
    """The records of an xls: a style of dollars; a number, an error and a formula that failed."""
    code = "[$$-409]0"
    head = _record(0x22, struct.pack("<H", date_1904))
    head += _record(0x41E, struct.pack("<HHB", 164, len(code), 0) + code.encode("latin-1"))
    head += b"".join(_record(0xE0, struct.pack("<HH", 0, n) + bytes(16)) for n in (0, 164))
    name = "公示".encode("utf-16-le")
    length = len(head) + 4 + 8 + len(name) + 4
    head += _record(0x85, struct.pack("<IBBBB", length, 0, 0, 2, 1) + name) + _record(0x0A, b"")
    sheet = _record(0x203, struct.pack("<HHHd", 1, 1, 1, 1000.0))
    sheet += _record(0x205, struct.pack("<HHHBB", 2, 1, 0, 0x2A, 1))
    sheet += _record(0x06, struct.pack("<HHHBBBBBBH", 3, 1, 0, 2, 0, 7, 0, 0, 0, 0xFFFF) + bytes(8))
    sheet += _record(0xBD, struct.pack("<HHHIHIH", 4, 0, 0, 0, 1, 0, 1))
    return head + sheet + _record(0x0A, b"")


@pytest.mark.parametrize("date_1904", [True, False])
def test_what_an_old_workbook_says(date_1904: bool) -> None:
    told = old_book(_old_book(date_1904=date_1904))
    assert told.date_1904 is date_1904
    found = {place: mark.text or mark.around for place, mark in told.of_sheet("公示").items()}
    assert found == {(1, 1): ("$ ", ""), (2, 1): "#N/A", (3, 1): "#DIV/0!", (4, 1): ("$ ", "")}
    assert told.of_sheet("另一") == {}


def test_what_is_no_old_workbook_says_nothing() -> None:
    for data in (b"", b"\xd0\xcf\x11\xe0" + bytes(600), bytes(100)):
        assert old_book(data).of_sheet("公示") == {}


def _binary(kind: int, body: bytes) -> bytes:
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return number + bytes([len(body)]) + body


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def test_what_a_binary_workbook_says(tmp_path: Path) -> None:
    relations = (
        '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    parts = {
        "xl/workbook.bin": _binary(153, struct.pack("<III", 1, 0, 0))
        + _binary(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("公示")),
        "xl/_rels/workbook.bin.rels": relations.encode(),
        "xl/styles.bin": _binary(44, struct.pack("<H", 164) + _wide("[$HKD] 0"))
        + _binary(617, struct.pack("<I", 2)) + _binary(47, struct.pack("<HH", 0, 0) + bytes(12))
        + _binary(47, struct.pack("<HH", 0, 164) + bytes(12)) + _binary(618, b""),
        "xl/worksheets/sheet1.bin": _binary(0, struct.pack("<I", 1) + bytes(12))
        + _binary(5, struct.pack("<IId", 1, 1, 1000.0))
        + _binary(3, struct.pack("<IIB", 2, 0, 0x2A)) + _binary(0, struct.pack("<I", 2))
        + _binary(11, struct.pack("<IIB", 1, 0, 0x07)),
    }  # fmt: skip
    path = tmp_path / "b.xlsb"
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    told = marks(str(path))
    assert told.date_1904
    found = {place: mark.text or mark.around for place, mark in told.of_sheet("公示").items()}
    assert found == {(1, 1): ("HKD ", ""), (1, 2): "#N/A", (2, 1): "#DIV/0!"}


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">
<office:body><office:spreadsheet><table:calculation-settings>
<table:null-date table:date-value="1904-01-01"/></table:calculation-settings>
<table:table table:name="公示">
<table:table-row>{head}</table:table-row>
<table:table-row>{donor}<table:table-cell office:value-type="currency" office:currency="USD"
 office:value="1000"><text:p>$1000</text:p></table:table-cell></table:table-row>
<table:table-row>{donor}<table:table-cell office:value-type="currency" office:currency="CNY"
 office:value="5"><text:p>5</text:p></table:table-cell></table:table-row>
<table:table-row>{donor}<table:table-cell table:formula="of:=NA()" office:value-type="string"
 office:string-value="" calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>
</table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def test_what_an_ods_says(tmp_path: Path) -> None:
    def cell(text: str) -> str:
        kind = 'office:value-type="string"'
        return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        content = ODS.format(head="".join(map(cell, HEAD)), donor=cell("甲"))
        out.writestr("content.xml", content.replace(">\n", ">").replace("\n", " "))
        space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        manifest = f'<manifest:manifest xmlns:manifest="{space}"/>'
        out.writestr("META-INF/manifest.xml", manifest)
    (got,) = read(tmp_path, packed.getvalue(), "donation_notices", name="a.ods")
    assert got.table.date_1904
    assert got.rows["amount"] == ["USD 1000", "5", "#N/A"]
