"""Encodings told by what the text reads as; bytes that are no character cost their line."""

import json
from pathlib import Path

import pytest

from pipelines.reading.refusals import FileRefused
from tests.reading.files import read

HEADING = "序号,捐赠人,捐赠金额,捐赠日期,备注"
ROWS = [f"{n},某某公司,{n}00,2024-08-0{n},帮扶山区儿童阅读" for n in range(1, 6)]
TEXT = "\n".join([HEADING, *ROWS]) + "\n"
BAD = "any.bad_bytes"


def _cut(data: bytes, character: str, encoding: str, nth: int) -> bytes:
    """`data` with the last byte of the `nth` such character lost."""
    whole = character.encode(encoding)
    parts = data.split(whole)
    return whole.join(parts[:nth]) + whole[:-1] + whole.join(parts[nth:])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("block", [100, 1_000_000])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_with_a_cut_character_stays_utf8(
    tmp_path: Path, end: str, block: int, encoding: str
) -> None:
    data = _cut(TEXT.replace("\n", end).encode(encoding), "童", "utf-8", 3)
    (got,) = read(tmp_path, data, "donation_notices", block_bytes=block)
    assert got.table.encoding == "utf-8"
    assert got.misfits == [None, None, BAD, None, None]
    assert got.lines == [2, 3, 4, 5, 6]
    assert {r for r, m in zip(got.rows["remark"], got.misfits, strict=True) if m is None} == {
        "帮扶山区儿童阅读"
    }


def test_gb18030_with_a_damaged_character_costs_its_line(tmp_path: Path) -> None:
    text = TEXT.replace("阅读", "")
    data = _cut(text.encode("gb18030"), "童", "gb18030", 4)
    (got,) = read(tmp_path, data, "donation_notices")
    assert got.table.encoding == "gb18030"
    assert got.misfits == [None, None, None, BAD, None]


def test_utf16_with_half_a_pair_costs_its_line(tmp_path: Path) -> None:
    data = TEXT.encode("utf-16").replace("山".encode("utf-16-le"), b"\x00\xd8", 1)
    (got,) = read(tmp_path, data, "donation_notices")
    assert got.misfits == [BAD, None, None, None, None]


def test_json_with_a_cut_character_costs_its_object(tmp_path: Path) -> None:
    gift = {"pid": "1", "money": 100, "trans_time": "2024-08-02T10:00:00+08:00",
            "trans_state": 11, "proj_name": "山区阅读"}  # fmt: skip
    gifts = [{"transcode": str(10**19 + n), **gift} for n in range(1, 5)]
    lines = "\n".join(json.dumps(g, ensure_ascii=False) for g in gifts)
    for text in (lines, json.dumps(gifts, ensure_ascii=False)):
        for late in (text, text.replace("山区阅读", "plain", 2)):
            data = _cut(late.encode(), "读", "utf-8", late.count("读") - 1)
            (got,) = read(tmp_path, data, "tencent_donations", block_bytes=300)
            assert got.table.encoding == "utf-8"
            assert got.misfits == [None, None, BAD, None]
            assert got.rows["project_name"][3] == "山区阅读"


@pytest.mark.parametrize(
    ("heading", "row", "encoding", "looks_like"),
    [
        ("序號,捐贈人,捐贈金額,日期", "1,財團法人某某慈善基金會,100,2024-08-01", "big5", "Big5"),
        ("seq,donor,amount,donated_on", "1,財團法人某某慈善基金會,100,2024-08-01", "big5", "Big5"),
        ("seq,donor,amount,donated_on", "1,陳美玲,100,2024-08-01", "big5", "Big5"),
        ("seq,donor,amount,remark", "1,佐藤花子,100,こども食堂のために", "shift_jis", "Shift-JIS"),
        ("seq,donor,amount,remark", "1,홍길동,100,어린이 도서관을 위하여", "euc_kr", "EUC-KR"),
        ("seq,donor,amount,remark", "1,某某公司,100,山区", "utf-16-le", "UTF-16 without"),
        ("seq,donor,amount,remark", "1,某某公司,100,山区", "utf-16-be", "UTF-16 without"),
        ("seq,donor,amount,remark", "1,某某公司,100,山区", "utf-32", "UTF-32"),
        ("seq,donor,amount,remark", "1,某某公司,100,山区", "utf-32-be", "UTF-32"),
        ("seq,donor,amount,remark", "1,José,100,é", "latin-1", "line 2, byte 6"),
    ],
)
def test_another_encoding_is_refused_by_name(
    tmp_path: Path, heading: str, row: str, encoding: str, looks_like: str
) -> None:
    with pytest.raises(FileRefused, match=rf"file\.encoding.*{looks_like}"):
        read(tmp_path, f"{heading}\n{row}\n".encode(encoding), "donation_notices")


@pytest.mark.parametrize(
    "name", ["某某公司", "何甲", "甲", "王一😀", "陳美玲", "某某中心（北京）", "￥"]
)
def test_gb18030_is_known_by_few_characters(tmp_path: Path, name: str) -> None:
    text = f"seq,donor,amount\n1,{name},100\n"
    if name == "￥":
        text += "2,某某公司,5\n"
    (got,) = read(tmp_path, text.encode("gb18030"), "donation_notices")
    assert got.table.encoding == "gb18030"
    assert got.rows["donor"][0] == name


def test_a_mark_of_utf8_before_gb18030_is_no_promise(tmp_path: Path) -> None:
    (got,) = read(tmp_path, b"\xef\xbb\xbf" + TEXT.encode("gb18030"), "donation_notices")
    assert got.table.encoding == "gb18030"
    assert got.rows["seq"] == ["1", "2", "3", "4", "5"]


def test_files_put_together_from_two_encodings(tmp_path: Path) -> None:
    more = "6,某某公司,600,2024-08-06,山区儿童\n"
    (got,) = read(tmp_path, TEXT.encode() + more.encode("gb18030"), "donation_notices")
    assert got.misfits == [None] * 5 + [BAD]
    with pytest.raises(FileRefused, match=r"file\.encoding.*line 7 is UTF-8"):
        read(tmp_path, TEXT.encode("gb18030") + more.encode(), "donation_notices")
    with pytest.raises(FileRefused, match=r"file\.encoding.*line 7, byte"):
        read(tmp_path, TEXT.encode() + (more * 8).encode("gb18030"), "donation_notices")
