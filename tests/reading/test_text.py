"""Encodings, dialects, headings, footers, line numbers of text files."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from pipelines.reading.encodings import BAD, GB18030, ReadAgain, Utf8Blocks
from pipelines.reading.lines import as_pieces, beginning
from pipelines.reading.refusals import FileRefused
from tests.reading.files import HEADING, read

ROWS = "1,甲,基金会,3\n2,乙,社会团体,4\n"
TEXT = f"{HEADING}\n{ROWS}"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030"),
     ("utf-16", "utf-16"), ("utf-16-le", None)],
)  # fmt: skip
def test_encodings(tmp_path: Path, encoding: str, told: str | None) -> None:
    data = TEXT.encode(encoding)
    if told is None:  # UTF-16 without its mark is named, not guessed
        with pytest.raises(FileRefused, match=r"file\.encoding.*UTF-16 without its mark"):
            read(tmp_path, data)
        return
    (got,) = read(tmp_path, data)
    assert got.table.encoding == told
    assert got.rows["name"] == ["甲", "乙"]
    assert got.lines == [2, 3]


def test_gb18030_that_shows_late_is_read_again(tmp_path: Path) -> None:
    ascii_rows = "".join(f"{i},name {i},kind,{i}\n" for i in range(5000))
    for last in ("9,甲,基金会,3\n", '9,"甲",基金会,3\n', '9,"甲\n乙",基金会,3\n'):
        text = f"uscc,name,kind,net_assets\n{ascii_rows}{last}"
        (got,) = read(tmp_path, text.encode("gb18030"), block_bytes=20_000)
        assert got.table.encoding == "gb18030"
        assert (got.rows["name"][-1] or "").startswith("甲")
        assert len(got.lines) == 5001


def test_bytes_that_are_no_character_cost_their_line(tmp_path: Path) -> None:
    (got,) = read(tmp_path, TEXT.encode("gb18030") + b"3,\xff,x,1\n4,\xd6")
    assert got.table.encoding == "gb18030"
    assert got.misfits == [None, None, "any.bad_bytes", "any.cut_off"]
    assert got.rows["name"][:2] == ["甲", "乙"]


@pytest.mark.parametrize("block", [1_001, 131_072, 1_000_000])
@pytest.mark.parametrize("bad", [4, 131_070, 131_072, 300_000])
def test_gb18030_is_decoded_piece_by_piece_and_marked_at_the_byte(block: int, bad: int) -> None:
    text = "汉字abc𠀀，€" * 60_000
    data = text.encode("gb18030")
    blocks = Utf8Blocks(io.BytesIO(data), GB18030, block)
    assert b"".join(blocks).decode() == text
    assert not blocks.is_damaged
    marred = bytearray(("汉" * 200_000).encode("gb18030"))
    marred[bad] = 0xFF
    blocks = Utf8Blocks(io.BytesIO(marred), GB18030, block)
    assert b"".join(blocks).decode(errors="ignore").index(BAD) == bad // 2
    assert blocks.is_damaged


def test_half_a_character_before_a_line_end_moves_no_line(tmp_path: Path) -> None:
    """GB18030 waits for a fourth byte after it, wherever the block ends."""
    lines = TEXT.encode("gb18030").splitlines()
    data = b"\n".join([*lines, b"3,\xba\xba\x810", b"4,\xba\xba,x,1", b"5,\xba\xba,x,1\n"])
    (whole,) = read(tmp_path, data)
    for block in range(len(data) - 40, len(data)):
        (got,) = read(tmp_path, data, block_bytes=block)
        assert (got.rows, got.lines, got.misfits) == (whole.rows, whole.lines, whole.misfits)
    assert whole.lines[-3:] == [len(lines) + n for n in (1, 2, 3)]
    assert [misfit is None for misfit in whole.misfits[-3:]] == [False, True, True]


def test_pieces_end_where_lines_do() -> None:
    """A stretch's piece without its line end has lost it to the next one."""
    pieces = [b"1\n", b"2\n3\n", b"4\n", b"5"]
    got = list(as_pieces(iter(pieces), 2))
    assert got == [(b"1\n", False), (b"2\n3\n", False), (b"4\n5", True)]
    with pytest.raises(ReadAgain):
        list(as_pieces(iter([b"1\n", b"2", b"3\n"]), 2))


def test_the_beginning_of_a_block_is_so_many_lines_of_it() -> None:
    assert beginning(b"a\nb\nc\n", 2) == b"a\nb\n"
    assert beginning(b"a\nb", 2) == b"a\nb"
    assert beginning(b"a\n\n\nb\n", 3) == b"a\n\n\n"
    assert beginning(b"", 3) == b""


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_dialects(tmp_path: Path, delimiter: str, newline: str) -> None:
    data = TEXT.replace(",", delimiter).replace("\n", newline).encode()
    (got,) = read(tmp_path, data)
    assert got.rows["uscc"] == ["1", "2"]
    assert [v.strip() for v in got.rows["net_assets"] if v] == ["3", "4"]


def test_headings_are_found_and_matched_by_name(tmp_path: Path) -> None:
    titles = "某省社会组织名录,,,\n单位：万元,,,\n\n"
    heading = "备忘, 组织类型 ,净资产【元】,名　称,统一社会信用代码"
    data = f"{titles}{heading}\nx,基金会,3,甲,1\n"
    (got,) = read(tmp_path, data.encode())
    assert got.rows["uscc"] == ["1"]
    assert got.rows["name"] == ["甲"]
    assert got.lines == [5]
    assert got.table.heading.unknown == ("备忘",)


def test_a_missing_required_column_refuses_and_says_which(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"file\.no_heading.*name \(名称"):
        read(tmp_path, "统一社会信用代码,组织类型\n1,基金会\n".encode())


def test_quotes_line_breaks_and_line_numbers(tmp_path: Path) -> None:
    body = '1,"甲\n""乙""",基金会,3\n\n2,"丙,丁",基金会,4\n3,戊"己"庚,基金会,5\n4,辛",基金会,6\n'
    (got,) = read(tmp_path, f"{HEADING}\n{body}".encode())
    assert got.rows["name"] == ['甲\n"乙"', "丙,丁", '戊"己"庚', '辛"']
    assert got.lines == [2, 5, 6, 7]
    assert got.misfits == [None] * 4


@pytest.mark.parametrize("block", [64, 100, 333, 10_000])
def test_blocks_may_end_anywhere(tmp_path: Path, block: int) -> None:
    rows = [
        f'{i},"机构 {i}\n第二行",基金会,{i}' if i % 3 == 0 else f"{i},机构{i},基金会,{i}"
        for i in range(300)
    ]
    for encoding in ("utf-8", "gb18030", "utf-16"):
        data = (HEADING + "\n" + "\n".join(rows) + "\n").encode(encoding)
        (got,) = read(tmp_path, data, block_bytes=block)
        assert got.rows["uscc"] == [str(i) for i in range(300)]
        assert got.misfits == [None] * 300
        assert got.lines[-1] == 1 + 300 + 100  # the heading, the records, their second lines


def test_rows_that_do_not_fit_their_headings(tmp_path: Path) -> None:
    body = "1,甲,基金会,3,多余\n2,乙,基金会\n3,丙,基金会,4,,\n4,丁,基金会,5\n"
    (got,) = read(tmp_path, f"{HEADING}\n{body}".encode())
    assert got.misfits == ["any.field_count", "any.short", None, None]


def test_blank_lines_by_the_million_cost_nothing_and_move_no_number(tmp_path: Path) -> None:
    data = f"{HEADING}\n1,甲,基金会,3\n{chr(10) * 3_000_000}\r\n2,乙,基金会,4\n".encode()
    (got,) = read(tmp_path, data, block_bytes=1_000_000)
    assert got.lines == [2, 3_000_004]
    assert got.rows["uscc"] == ["1", "2"]


def test_a_last_line_cut_off(tmp_path: Path) -> None:
    (got,) = read(tmp_path, f"{HEADING}\n{ROWS}3,丙".encode())
    assert got.misfits == [None, None, "any.cut_off"]
    assert got.aside.truncated
    (got,) = read(tmp_path, f"{HEADING}\n{ROWS}3,丙,基金会,5".encode())
    assert got.misfits == [None] * 3
    assert not got.aside.truncated
    (got,) = read(tmp_path, f"{HEADING}\n{ROWS}3,丙".encode()[:-1])
    assert got.misfits[-1] == "any.cut_off"


def test_footers_notes_and_repeated_headings_are_no_rows(tmp_path: Path) -> None:
    data = (
        "序号,捐赠人,捐赠金额\n1,甲,100\n序号,捐赠人,捐赠金额\n2,乙,50.50\n"
        "小计,,150.50\n#导出时间：2024-08-02\n,合 计,150.49999999\n"
    )
    (got,) = read(tmp_path, data.encode(), "donation_notices")
    assert got.rows["donor"] == ["甲", "乙"]
    assert got.lines == [2, 4]
    assert (got.aside.footer_rows, got.aside.totals.footer_fen) == (2, 15050)
    assert (got.aside.repeated_headings, got.aside.notes) == (1, 1)


@pytest.mark.parametrize(
    "aside",
    ["合计,,5050", " 合计,,5050", "\u3000总 计,,5050", ",合计,5050", ",,,\n合计,,5050",
     "小计,,5050", "#导出时间,,", "序号,捐赠人,捐赠金额", " 序号 ,捐赠人,捐赠金额", '"合计",,5050'],
)  # fmt: skip
@pytest.mark.parametrize("heading", ["序号", "number"])
def test_one_aside_among_many_plain_rows_is_noticed(
    tmp_path: Path, aside: str, heading: str
) -> None:
    rows = "".join(f"{n},甲,1\n" for n in range(1, 101))
    text = f"{heading},捐赠人,捐赠金额\n{rows}{aside.replace('序号', heading)}\n101,乙,2\n"
    (got,) = read(tmp_path, text.encode(), "donation_notices")
    assert len(got.lines) == 101
    assert got.rows["donor"][-1] == "乙"


def test_a_footer_without_a_line_end_is_not_a_cut(tmp_path: Path) -> None:
    (got,) = read(
        tmp_path, "序号,捐赠人,捐赠金额\n1,甲,100\n合计：100元".encode(), "donation_notices"
    )
    assert got.aside.totals.footer_fen == 10000
    assert not got.aside.truncated


def _zip(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return packed.getvalue()


def test_archives_are_read_through(tmp_path: Path) -> None:
    (got,) = read(tmp_path, gzip.compress(TEXT.encode("gb18030")), name="a.csv")
    assert got.rows["name"] == ["甲", "乙"]
    both = read(
        tmp_path, _zip({"甲/一.csv": TEXT.encode(), "二.csv": TEXT.encode("gb18030")}), name="a.gz"
    )
    assert [t.table.sheet for t in both] == ["甲/一.csv", "二.csv"]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "file.empty"),
        (b" \n\n", "file.empty"),
        (_zip({"../x.csv": TEXT.encode()}), "file.unsafe_path"),
        (_zip({"/x.csv": TEXT.encode()}), "file.unsafe_path"),
        (_zip({"x.zip": _zip({"y.csv": b"a"})}), "file.nested_archive"),
        (gzip.compress(_zip({"y.csv": b"a"})), "file.nested_archive"),
        (_zip({"x.csv": HEADING.encode() + b"\n" + b"0,0,0,0\n" * 10_000_000}), "file.too_large"),
        (_zip({"x.csv": HEADING.encode() + b"\n" + b"1" * 60_000_000}), "file.not_a_table"),
        (gzip.compress(TEXT.encode())[:-9], "file.damaged"),
        (_zip({"x.csv": TEXT.encode() * 50})[:-40], "file.damaged"),
        (b"\x89PNG\r\n\x1a\n0000", "file.not_a_table"),
        (b"%PDF-1.7 ...", "file.not_a_table"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "file.not_a_table"),
        ("随便,写点\n什么,都行\n".encode(), "file.no_heading"),
        (b'{"a": [1, 2', "file.malformed"),
    ],
    # a packed file holds the second it was made, and two workers must name a case the same
    ids=lambda told: told if isinstance(told, str) else "data",
)
def test_refusals_name_their_rule_and_a_remedy(tmp_path: Path, data: bytes, rule: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, data)
    assert refused.value.rule.rule_id == rule
    assert "→" in refused.value.reason
    assert " / " in refused.value.reason


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    data = bytearray(_zip({"x.csv": TEXT.encode()}))
    data[6] |= 1  # the flag in the local header …
    data[data.index(b"PK\x01\x02") + 8] |= 1  # … and in the directory
    with pytest.raises(FileRefused, match=r"file\.password"):
        read(tmp_path, bytes(data))
