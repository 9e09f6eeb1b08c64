"""JSON in its wrappers; workbooks with their dates, sheets, numbers and bombs."""

import json
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from pipelines.reading.refusals import FileRefused
from tests.reading.files import HEADING, read, workbook

GIFT = {"transcode": "10000000000000000001", "pid": 224328, "money": 4000,
        "trans_time": "2024-08-02T10:11:12+08:00", "trans_state": 11}  # fmt: skip


def test_json_lines_keep_digits_as_written(tmp_path: Path) -> None:
    lines = [
        json.dumps(GIFT),
        "",
        '{"transcode": 12345678901234567890123, "pid": "7", "money": 1,'
        ' "trans_time": "2024-08-02T10:11:12+08:00", "trans_state": 11, "new": {"a": 1}}',
    ]
    (got,) = read(tmp_path, "\n".join(lines).encode(), "tencent_donations", name="a.jsonl")
    assert got.rows["order_no"] == ["10000000000000000001", "12345678901234567890123"]
    assert got.rows["amount"] == ["4000", "1"]
    assert got.lines == [1, 3]
    assert got.table.heading.form.name == "open_platform"
    assert got.table.heading.unknown == ("new",)


def test_a_broken_line_hurts_itself_only(tmp_path: Path) -> None:
    data = f"{json.dumps(GIFT)}\n{{broken\n{json.dumps(GIFT)}\n{json.dumps(GIFT)[:40]}"
    (got,) = read(tmp_path, data.encode(), "tencent_donations")
    assert got.misfits == [None, "any.malformed", None, "any.cut_off"]
    assert got.lines == [1, 2, 3, 4]


def test_gb18030_json_that_shows_late_is_read_again(tmp_path: Path) -> None:
    lines = [json.dumps(GIFT)] * 500
    lines.append(json.dumps({**GIFT, "proj_name": "甲"}, ensure_ascii=False))
    data = "\n".join(lines).encode("gb18030")
    (got,) = read(tmp_path, data, "tencent_donations", block_bytes=10_000)
    assert got.table.encoding == "gb18030"
    assert len(got.lines) == 501


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([GIFT, GIFT]),
        json.dumps([GIFT, GIFT], indent=2),
        json.dumps({"ret": 0, "data": {"list": [GIFT, GIFT]}}),
        f"_cb_fn_proj_224328({json.dumps({'data': [GIFT, GIFT]})});",
        f"_Callback({json.dumps([GIFT, GIFT])})",
    ],
)
def test_json_documents_and_jsonp(tmp_path: Path, text: str) -> None:
    (got,) = read(tmp_path, text.encode(), "tencent_donations")
    assert got.rows["order_no"] == [GIFT["transcode"]] * 2


NOTICE = ["序号", "捐赠日期", "捐赠(单位/姓名）个人 ", "捐赠金额（元）", "备注"]


def test_sheets_titles_dates_numbers(tmp_path: Path) -> None:
    data = workbook(
        tmp_path / "w.xlsx",
        {
            "说明": [["本表为合成数据"]],
            "公示一": [["某会公示（截至日期：2024-08-04）"], ["", "", "", "单位：元"], NOTICE,
                    [1, "2020.01.22", "甲", 100, ""], [], ["", "合计", "", 100]],
            "公示二": [NOTICE, [1, 43852, "某某公司", 0.1 + 0.2, "定向"]],
        },
    )  # fmt: skip
    first, second = read(tmp_path, data, "donation_notices", name="w.csv")
    assert (first.table.sheet, second.table.sheet) == ("公示一", "公示二")
    assert first.lines == [4]
    assert first.aside.totals.footer_fen == 10000
    assert first.rows["amount"] == ["100"]
    assert second.rows["donated_on"] == ["43852"]


def test_real_dates_and_numbers_that_lost_digits(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "d.xlsx"
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["订单号", "项目编号", "捐款金额", "捐款时间", "支付状态"])
        sheet.write_row(1, 0, [123456789012345678, 224328, 40, "", "支付成功"])
        sheet.write_datetime(1, 3, datetime(2024, 8, 2, 10, 11, 12))
        sheet.set_row(1, None, None, {"hidden": True})
    (got,) = read(tmp_path, path.read_bytes(), "tencent_donations")
    assert got.rows["order_no"] == ["1.23456789012346E+17"]
    assert got.rows["project_no"] == ["224328"]
    assert got.rows["paid_at"] == ["2024-08-02 10:11:12"]


def test_the_1904_calendar_is_noticed(tmp_path: Path) -> None:
    data = workbook(tmp_path / "n.xlsx", {"a": [NOTICE, [1, 42390, "甲", 1, ""]]}, date_1904=True)
    (got,) = read(tmp_path, data, "donation_notices")
    assert got.table.date_1904


def test_a_sheet_that_spans_the_world_is_refused_within_limits(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, NOTICE)
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, path.read_bytes(), "donation_notices", workbook_seconds=20)
    assert refused.value.rule.rule_id in ("file.too_slow", "file.damaged")


def test_a_workbook_that_unfolds_too_far_is_refused(tmp_path: Path) -> None:
    workbook(tmp_path / "b.xlsx", {"a": [NOTICE]})
    with zipfile.ZipFile(tmp_path / "b.xlsx", "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/bomb.bin", b"0" * 3_000_000)
    with pytest.raises(FileRefused, match=r"file\.too_large"):
        read(tmp_path, (tmp_path / "b.xlsx").read_bytes(), "donation_notices",
             max_workbook_bytes=1_000_000)  # fmt: skip


def test_a_password_is_named(tmp_path: Path) -> None:
    ole = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")
    )
    with pytest.raises(FileRefused, match=r"file\.password"):
        read(tmp_path, ole + b"\x00" * 600, "donation_notices", name="secret.xlsx")


def test_a_workbook_in_a_zip(tmp_path: Path) -> None:
    import io

    data = workbook(tmp_path / "w.xlsx", {"公示": [NOTICE, [1, "2020.01.22", "甲", 100, ""]]})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("公示.xlsx", data)
    (got,) = read(tmp_path, packed.getvalue(), "donation_notices", name="a.zip")
    assert got.table.sheet == "公示.xlsx/公示"
    assert got.rows["donor"] == ["甲"]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_a_whole_line_in_one_cell_is_taken_apart(tmp_path: Path, separator: str) -> None:
    lines = [
        "社会组织名录",
        separator.join(HEADING.split(",")),
        separator.join(("515100000000000X11", '"甲, 乙"', "基金会", "12.5")),
        separator.join(("515100000000000X12", "丙", "社会团体", "")),
        separator.join(("515100000000000X13", "丁")),
    ]
    data = workbook(tmp_path / "a.xlsx", {"Sheet1": [[text] for text in lines]})
    (table,) = read(tmp_path, data, name="b.xlsx")
    assert table.rows["uscc"] == ["515100000000000X11", "515100000000000X12", "515100000000000X13"]
    assert table.rows["name"][:2] == ["甲, 乙", "丙"]
    assert table.rows["net_assets"][:2] == ["12.5", None]
    assert table.lines == [3, 4, 5]
    assert [m is None for m in table.misfits] == [True, True, False]


def test_a_single_column_of_words_is_still_refused(tmp_path: Path) -> None:
    data = workbook(tmp_path / "a.xlsx", {"Sheet1": [["名称"], ["甲,乙"]]})
    with pytest.raises(FileRefused, match=r"file\.no_heading"):
        read(tmp_path, data, name="b.xlsx")
