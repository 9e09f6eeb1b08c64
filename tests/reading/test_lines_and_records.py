"""One notion of a line and of a record: whatever ends it, however it is quoted."""

from pathlib import Path

import pytest

from pipelines.reading.above import looks_like_data
from pipelines.reading.heading_rows import shown
from pipelines.reading.lines import plain_ends
from pipelines.reading.refusals import FileRefused
from tests.reading.files import HEADING, read

NOTICE = "序号,捐赠人,捐赠金额,日期"


def _orgs(*names: str, end: str = "\n") -> str:
    rows = [f"{i},{name},基金会,{i}0" for i, name in enumerate(names, 1)]
    return end.join([HEADING, *rows]) + end


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("block", [64, 101, 1_000_000])
def test_whatever_ends_a_line(tmp_path: Path, end: str, encoding: str, block: int) -> None:
    text = "某省名录" + end + _orgs("甲", '"乙\r丙"', '"丁,戊"', "己", end=end)
    (got,) = read(tmp_path, text.encode(encoding), block_bytes=block)
    assert got.rows["name"] == ["甲", "乙\n丙", "丁,戊", "己"]
    assert got.rows["uscc"] == ["1", "2", "3", "4"]
    assert got.lines == [3, 4, 6, 7]
    assert got.misfits == [None] * 4


def test_line_ends_may_be_mixed_and_blank_lines_count(tmp_path: Path) -> None:
    text = f"{HEADING}\r\n1,甲,基金会,1\r2,乙,基金会,2\r\r\n\r\n3,丙,基金会,3\n\n\r4,丁,基金会,4\r"
    (got,) = read(tmp_path, text.encode())
    assert (got.rows["uscc"], got.lines) == (["1", "2", "3", "4"], [2, 3, 5, 8])


@pytest.mark.parametrize("inside", ["\v", "\f", "\x1c", "\x1e", "\x85", "\u2028", "\u2029"])
def test_nothing_else_ends_a_line(tmp_path: Path, inside: str) -> None:
    heading = HEADING.replace("净资产", f"净{inside}资产")
    text = f"名录{inside}一\n{heading}\n1,甲{inside}乙,基金会,1\n2,丙,基金会,2\n"
    (got,) = read(tmp_path, text.encode())
    assert (got.rows["uscc"], got.lines) == (["1", "2"], [3, 4])
    assert got.rows["name"][0] == f"甲{inside}乙"
    line = '{"transcode":"%s","pid":"1","money":1,"trans_time":"2024-08-02T10:00:00+08:00",'
    lines = [line % (10**19 + n) + f'"trans_state":11,"proj_name":"甲{i}"}}' for n, i in
             enumerate([inside if inside > "\x1f" else "", ""])]  # fmt: skip
    (got,) = read(tmp_path, "\r".join(lines).encode(), "tencent_donations")
    assert got.lines == [1, 2]


def test_blocks_that_are_plain_are_handed_on() -> None:
    blocks = [b"a\r", b"\nb\r\r", b"\n", b"c\n", b"d\r"]
    assert b"".join(plain_ends(blocks)) == b"a\r\nb\nc\nd\n"
    assert list(plain_ends([b"a\r\nb\n", b"c"])) == [b"a\r\nb\n", b"c"]


@pytest.mark.parametrize(
    ("heading", "unit"),
    [('序号,捐赠人,"捐赠金额\n（万元）",日期', "万元"),
     ('"序\n号",捐赠人,"捐赠\r\n金额",日期', None),
     ('序号,"捐赠\n人",捐赠金额,日期', None),
     ('序号,"捐赠\n人","捐赠金额\r(元)","日\r\n期"', "元")],
)  # fmt: skip
def test_a_break_quoted_in_a_heading_belongs_to_it(
    tmp_path: Path, heading: str, unit: str | None
) -> None:
    text = f"公示\n{heading}\n1,甲,1.5,2024-08-01\n2,乙,2,2024-08-02\n"
    (got,) = read(tmp_path, text.encode(), "donation_notices")
    assert got.rows["amount"] == ["1.5", "2"]
    assert got.lines[1] - got.lines[0] == 1
    assert got.misfits == [None, None]
    (money,) = (f for f in got.table.heading.fields if f.column.name == "amount")
    assert money.unit == unit


STRAY = "any.stray_quote"


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize(
    ("names", "misfits"),
    [
        (["甲", '"乙', "丙", "丁"], [None, STRAY, None, None]),  # never closed
        (["甲", '"乙', "丙", '丁"戊', "己"], [None, STRAY, None, None, None]),
        (["甲", '"乙', "丙", '丁"', "己"], [None, STRAY, None, STRAY, None]),  # a pair far apart
        (["甲", '"乙', '丙"', "丁"], [None, STRAY, STRAY, None]),  # a pair in two lines
        (["甲", '5" 屏', "丙", '屏 5"', "己"], [None] * 5),  # within a field a quote is a quote
        (["甲", "乙", '"丙'], [None, None, STRAY]),  # in the last row
        (['"甲', '"乙', '"丙', "丁"], [STRAY, STRAY, STRAY, None]),
        (["甲", '"乙"丙"丁', "戊", '己"庚"', "辛"], [None] * 5),
    ],
)
def test_a_stray_quote_costs_its_own_line(
    tmp_path: Path, delimiter: str, names: list[str], misfits: list[str | None]
) -> None:
    text = _orgs(*names).replace(",", delimiter)
    for block in (70, 1_000_000):
        (got,) = read(tmp_path, text.encode(), block_bytes=block)
        assert got.misfits == misfits
        assert got.lines == list(range(2, len(names) + 2))
        for n, misfit in enumerate(misfits):
            if misfit is None:
                assert got.rows["uscc"][n] == str(n + 1)
                assert got.rows["net_assets"][n] == f"{n + 1}0"


@pytest.mark.parametrize("far", [10, 3_000, 80_000])
def test_lines_between_stray_quotes_stay_rows_however_many(tmp_path: Path, far: int) -> None:
    names = ["甲", '"乙', *["丙"] * far, '丁"', "戊"]
    (got,) = read(tmp_path, _orgs(*names).encode(), block_bytes=200_000)
    assert got.rows["uscc"] == [str(n) for n in range(1, far + 5)]
    assert got.misfits.count(STRAY) == (2 if far < 80_000 else 1)
    good = [i for i, m in enumerate(got.misfits) if m is None]
    assert all(got.rows["net_assets"][i] == f"{i + 1}0" for i in good)


def test_rows_that_spreadsheets_shortened_are_not_drawn_in(tmp_path: Path) -> None:
    text = (
        f'{HEADING},备注,其他\n1,甲,基金会,10\n2,"乙,基金会,20\n3,丙",基金会,30\n4,丁,基金会,40\n'
    )
    (got,) = read(tmp_path, text.encode())
    assert got.lines == [2, 3, 4, 5]
    assert [m == STRAY for m in got.misfits] == [False, True, True, False]


@pytest.mark.parametrize(
    "name",
    ["甲\n乙", "甲,\n乙", "甲\n\n\n乙", "甲,一\n二,三\n乙", '甲""一""\n"",乙', "甲\n一,二\n乙,三"],
)
def test_a_field_of_several_lines_stays_one(tmp_path: Path, name: str) -> None:
    (got,) = read(tmp_path, _orgs("零", f'"{name}"', "后").encode())
    assert got.rows["name"] == ["零", name.replace('""', '"'), "后"]
    assert got.misfits == [None] * 3
    assert got.lines == [2, 3, 4 + name.count("\n")]


def test_a_field_that_the_end_of_the_file_leaves_open_is_refused(tmp_path: Path) -> None:
    (got,) = read(tmp_path, _orgs("甲", '"乙\n丙').encode()[:-12])
    assert got.misfits == [None, STRAY, "any.cut_off"]


@pytest.mark.parametrize("between", ["", " ", "\\n", ";", "\u2028", ","])
def test_a_file_that_became_one_line_is_refused_for_that(tmp_path: Path, between: str) -> None:
    rows = [f"77042024080200000{n:04d},7700{n},10.00,2024-08-02 09:00:00,支付成功" for n in (1, 2)]
    text = between.join(["订单号,项目编号,捐款金额,捐款时间,支付状态", *rows])
    with pytest.raises(FileRefused, match=r"file\.line_ends") as refused:
        read(tmp_path, text.encode(), "tencent_donations")
    assert "7704" not in refused.value.reason


def test_rows_that_run_together_are_refused(tmp_path: Path) -> None:
    rows = [f"{n},甲,基金会,{n}0" for n in range(1, 9)]
    with pytest.raises(FileRefused, match=r"file\.line_ends.*1 of 1 rows.*line 2"):
        read(tmp_path, f"{HEADING}\n{' '.join(rows)}\n".encode())
    # one such line among rows that are whole costs itself only
    (got,) = read(tmp_path, f"{HEADING}\n{rows[0]}{rows[1]}\n{rows[2]}\n{rows[3]}\n".encode())
    assert got.misfits == ["any.field_count", None, None]


def test_an_empty_export_is_no_fault(tmp_path: Path) -> None:
    for text in (
        HEADING,
        f"{HEADING}\n",
        f"{HEADING}\n\n\r\n",
        f"{HEADING}\n,,,\n",
        f"{HEADING}\r",
    ):
        (got,) = read(tmp_path, text.encode())
        assert got.lines == []


@pytest.mark.parametrize("mark", ["?", "？", "\ufffd", "*", "\u200b", "※ "])
def test_a_mark_before_a_heading_is_looked_past(tmp_path: Path, mark: str) -> None:
    text = f"{mark}{HEADING}\n1,甲,基金会,10\n"
    (got,) = read(tmp_path, text.encode())
    assert got.rows["uscc"] == ["1"]


def test_what_looks_like_data_is_published_as_no_heading() -> None:
    data = ("110101199001010011", "12.50", "￥1,000", "2024-08-02", "2024年8月2日", "09:00:00",
            "a@example.invalid", "`4200000920000000000004401", "oXabcdefgh1234567890",
            "50%")  # fmt: skip
    assert all(looks_like_data(cell) for cell in data)
    names = ("备注", "捐赠金额", "第1题", "Q12", "busi_code", "2024预算", "30天留存", "备 注\n二")
    assert not any(looks_like_data(cell) for cell in names)
    assert shown("备 注\n二") == "备 注 二"
    assert "1101" not in shown("号码110101199001010011")
