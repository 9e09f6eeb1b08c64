"""What the fuzzer has found, each kind by name with the smallest file that showed it.

A kind that is found again by another seed needs no second test; a new kind does.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz.harness import Result, Warehouse, packed

PROGRESS = "进展编号;项目编号;发布时间;标题"


def _progress(n: int, title: str | None = None) -> str:
    return f"pg000{n:04d};2243{n:03d};2024-08-02 09:0{n % 10}:00;{title or f'春芽{n}号'}"


def _read(tmp_path: Path, data: bytes, source: str = "tencent_progress") -> Result:
    result = Warehouse(tmp_path).read(source, "export-20240802.csv", data)
    assert not result.error
    return result


def _lines(result: Result) -> dict[int, Any]:
    """Line → the title loaded from it, or the rules it broke."""
    loaded = {r["source_row"]: r["title"] for r in result.lake}
    return loaded | {r["source_row"]: (r["rule_ids"],) for r in result.refused}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("bad", [b"\xff", b"\xe5", b"\xbe\xe8\xd9"])
def test_a_byte_that_is_no_utf8_costs_its_own_line(tmp_path: Path, mark: bytes, bad: bytes) -> None:
    lines = [PROGRESS, *map(_progress, range(1, 5))]
    data = [line.encode() for line in lines]
    data[2] = data[2].replace(b"09:02", b"09:" + bad + b"02")
    got = _lines(_read(tmp_path, mark + b"\n".join(data) + b"\n"))
    assert sorted(got) == [2, 3, 4, 5]
    assert isinstance(got[3], tuple)
    assert [got[n] for n in (2, 4, 5)] == ["春芽1号", "春芽3号", "春芽4号"]


@pytest.mark.parametrize("end", ["\r", "\r\n", "\r\r\n", "\n"])
@pytest.mark.parametrize("odd", ["\r", "\r\r\n"])
def test_one_line_that_ends_otherwise_is_a_line(tmp_path: Path, end: str, odd: str) -> None:
    lines = [PROGRESS, *map(_progress, range(1, 5))]
    text = end.join(lines[:3]) + odd + end.join(lines[3:]) + end
    got = _lines(_read(tmp_path, text.encode()))
    assert got == {n + 1: f"春芽{n}号" for n in range(1, 5)}


def test_a_blank_line_that_ends_in_a_return_counts_as_one(tmp_path: Path) -> None:
    text = f"某某\r导出\n{PROGRESS}\r\n\r{_progress(1)}\r\n{_progress(2)}\r\n"
    assert _lines(_read(tmp_path, text.encode())) == {5: "春芽1号", 6: "春芽2号"}


@pytest.mark.parametrize("title", ['"春芽2号', '春芽"2号', '春芽2号"', '"春芽2号;', '"'])
def test_a_stray_quote_takes_no_line_behind_it(tmp_path: Path, title: str) -> None:
    lines = [PROGRESS, _progress(1), _progress(2, title), _progress(3), _progress(4)]
    got = _lines(_read(tmp_path, ("\r\n".join(lines) + "\r\n").encode()))
    assert sorted(got) == [2, 3, 4, 5]
    assert [got[n] for n in (2, 4, 5)] == ["春芽1号", "春芽3号", "春芽4号"]


def test_a_line_of_nothing_but_a_quote_takes_no_line_behind_it(tmp_path: Path) -> None:
    lines = [PROGRESS, _progress(1), '"', _progress(2), ';;;"', _progress(3)]
    got = _lines(_read(tmp_path, ("\n".join(lines) + "\n").encode()))
    assert [got.get(n) for n in (2, 4, 6)] == ["春芽1号", "春芽2号", "春芽3号"]


def test_a_closing_quote_that_was_lost_takes_no_line_behind_it(tmp_path: Path) -> None:
    def quoted(line: str) -> str:
        return ";".join(f'"{field}"' for field in line.split(";"))

    lines = [quoted(x) for x in (PROGRESS, _progress(1), _progress(2), _progress(3))]
    lines[2] = lines[2].replace('2243002"', "2243002")
    got = _lines(_read(tmp_path, ("\n".join(lines) + "\n").encode()))
    assert [got.get(n) for n in (2, 4)] == ["春芽1号", "春芽3号"]
    assert isinstance(got[3], tuple)


def test_a_return_ends_a_line_of_json_too(tmp_path: Path) -> None:
    one, two = (
        f'{{"progress_id": "pg{n:06d}", "project_no": "224328", "title": "春芽{n}号",'
        f' "published_at": "2024-08-02 09:00:00"}}'
        for n in (1, 2)
    )
    got = _lines(_read(tmp_path, f"{one}\r\n{two}\r;\n".encode()))
    assert got == {1: "春芽1号", 2: "春芽2号", 3: ("any.malformed",)}


def test_a_zip_that_needs_what_we_cannot_do_is_refused(tmp_path: Path) -> None:
    name, data = packed("export-20240802.csv", f"{PROGRESS}\n{_progress(1)}\n".encode(), "zip")
    at = data.index(b"PK\x01\x02") + 6  # the version that is needed to unpack
    result = Warehouse(tmp_path).read(
        "tencent_progress", name, data[:at] + b"\xff" + data[at + 1 :]
    )
    assert (result.outcome.refusal or "").startswith("file.damaged")


@pytest.mark.parametrize("at", [8, 30], ids=["way of packing", "name"])
@pytest.mark.parametrize("header", [b"PK\x03\x04", b"PK\x01\x02"], ids=["member", "directory"])
def test_a_zip_that_contradicts_itself_is_refused(tmp_path: Path, header: bytes, at: int) -> None:
    name, data = packed("export-20240802.csv", f"{PROGRESS}\n{_progress(1)}\n".encode(), "zip")
    place = data.index(header) + (at if header == b"PK\x03\x04" else {8: 10, 30: 46}[at])
    damaged = data[:place] + bytes([data[place] ^ 0x15]) + data[place + 1 :]
    result = Warehouse(tmp_path).read("tencent_progress", name, damaged)
    assert not result.error
    refusal = result.outcome.refusal or ""
    assert refusal.startswith("file.damaged") or _lines(result) == {2: "春芽1号"}


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("way", ["", "xlsx"])
def test_rows_above_a_heading_that_was_moved_are_counted(tmp_path: Path, at: int, way: str) -> None:
    lines = [line.replace(";", "\t") for line in map(_progress, range(1, 4))]
    lines.insert(at, PROGRESS.replace(";", "\t"))
    name, data = packed("export-20240802.csv", ("\n".join(lines) + "\n").encode(), way)
    result = Warehouse(tmp_path).read("tencent_progress", name, data)
    assert _lines(result) == {n + 1: f"春芽{n}号" for n in range(at + 1, 4)}
    ((kind, place, rows, cells),) = result.outcome.left_out
    assert (kind, rows, cells) == ("block", at, 4 * at)
    assert place.endswith("above the heading")


@pytest.mark.parametrize("titles", [
    "某某公益导出", "制表日期：;2024-08-02;制表人：;某某", "# 2024-08-02;1;2;3",
    "合计;3;101.50;3", "", "单位：元;;;", "2024-08-02",
])  # fmt: skip
def test_titles_are_no_rows_above_a_heading(tmp_path: Path, titles: str) -> None:
    result = _read(tmp_path, f"{titles}\n{PROGRESS}\n{_progress(1)}\n".encode())
    assert _lines(result) == {3: "春芽1号"}
    assert not result.outcome.left_out


def test_of_two_headings_the_one_right_above_the_rows_names_them(tmp_path: Path) -> None:
    swapped = "项目编号;进展编号;发布时间;标题"
    for first, second in ((swapped, PROGRESS), (f"{swapped};;", f"\n{PROGRESS}")):
        got = _lines(_read(tmp_path, f"{first}\n{second}\n{_progress(1)}\n".encode()))
        assert list(got.values()) == ["春芽1号"]


def test_a_heading_of_more_columns_takes_no_rows_of_another(tmp_path: Path) -> None:
    more = f"{PROGRESS};项目名称"
    lines = [PROGRESS, _progress(1), _progress(2), more, f"{_progress(3)};某某"]
    got = _lines(_read(tmp_path, ("\n".join(lines) + "\n").encode()))
    assert got == {2: "春芽1号", 3: "春芽2号", 5: ("any.field_count",)}


@pytest.mark.parametrize("between", ["", "1,234.50\n", '"\n', "续;\n\n"])
@pytest.mark.parametrize("title", ['"春芽9号""一对一"""', '"春芽9号\n续"', '"春芽;9号"'])
@pytest.mark.parametrize("stray", ['"春芽8号', '"', '"春芽""8号'])
def test_a_record_that_is_whole_goes_into_no_other(
    tmp_path: Path, stray: str, title: str, between: str
) -> None:
    before = f"{PROGRESS}\n{_progress(8, stray)}\n{between}"
    text = f"{before}{_progress(9, title)}\n{_progress(1)}\n"
    got = _lines(_read(tmp_path, text.encode()))
    at = before.count("\n") + 1
    meant = title[1:-1].replace('""', '"')
    assert got[at].replace("\n", "") == meant.replace("\n", "")
    assert got[at + 1 + title.count("\n")] == "春芽1号"
    if not between.startswith('"'):  # then it is a text whose end is a line break
        assert isinstance(got[2], tuple)


@pytest.mark.parametrize("size", [1, 400])
def test_a_line_of_one_quote_costs_nobody_a_row(tmp_path: Path, size: int) -> None:
    def quoted(line: str) -> str:
        return ";".join(f'"{field}"' for field in line.split(";"))

    rows = [quoted(_progress(n)) for n in range(1, size + 3)]
    lines = [quoted(PROGRESS), *rows[:size], '"', *rows[size:]]
    got = _lines(_read(tmp_path, ("\n".join(lines) + "\n").encode()))
    assert len([t for t in got.values() if isinstance(t, str)]) == size + 2


def test_a_text_of_several_lines_keeps_what_looks_like_fields(tmp_path: Path) -> None:
    title = '"春芽;一\n进展;编号;时间\n甲;乙;丙;丁\n其中;一\n完"'
    text = f"{PROGRESS}\n{_progress(1, title)}\n{_progress(2)}\n"
    got = _lines(_read(tmp_path, text.encode()))
    assert got[7] == "春芽2号"
    assert "甲;乙;丙;丁" in got[2]
    assert len(got) == 2


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_nul_costs_its_own_line(tmp_path: Path, form: str) -> None:
    lines = [PROGRESS, *map(_progress, range(1, 4))]
    if form == "jsonl":
        names = PROGRESS.split(";")
        lines = [
            json.dumps(dict(zip(names, x.split(";"), strict=True)), ensure_ascii=False)
            for x in lines
        ]
    lines[2] = lines[2].replace("2024-08-02 09:02", "2024-08-02\x0009:02")
    got = _lines(_read(tmp_path, ("\n".join(lines[form == "jsonl" :]) + "\n").encode()))
    first = 2 - (form == "jsonl")
    assert got == {first: "春芽1号", first + 1: ("any.bad_bytes",), first + 2: "春芽3号"}


def _items(count: int) -> list[dict[str, Any]]:
    rows = (_progress(n).split(";") for n in range(1, count + 1))
    return [dict(zip(PROGRESS.split(";"), row, strict=True)) for row in rows]


@pytest.mark.parametrize("is_document", [True, False])
@pytest.mark.parametrize("said", [True, False, {"x": "pg00000002"}, ["pg00000002"]])
def test_true_and_objects_are_no_ids(tmp_path: Path, is_document: bool, said: Any) -> None:
    items = _items(3)
    items[1]["进展编号"] = said
    text = json.dumps(items) if is_document else "\n".join(map(json.dumps, items))
    got = _lines(_read(tmp_path, text.encode()))
    assert got == {1: "春芽1号", 2: ("any.malformed",), 3: "春芽3号"}


@pytest.mark.parametrize("is_document", [True, False])
def test_two_spellings_of_a_key_are_one_column(tmp_path: Path, is_document: bool) -> None:
    items = _items(3)
    items[0]["标\u200b题"] = items[0].pop("标题")
    text = json.dumps(items) if is_document else "\n".join(map(json.dumps, items))
    assert _lines(_read(tmp_path, text.encode())) == {n: f"春芽{n}号" for n in (1, 2, 3)}


@pytest.mark.parametrize("at", [0, 1, 2])
def test_objects_that_share_a_line_change_no_number_of_a_line(tmp_path: Path, at: int) -> None:
    lines = [json.dumps(item) for item in _items(5)]
    lines[at : at + 2] = [lines[at] + lines[at + 1]]
    got = _lines(_read(tmp_path, "\n".join(lines).encode()))
    wanted: dict[int, Any] = {n + 1: f"春芽{n + 1 + (n > at)}号" for n in range(4)}
    assert got == wanted | {at + 1: ("any.malformed",)}


@pytest.mark.parametrize("before", ["", "\n\n"])
def test_an_object_is_known_by_the_line_on_which_it_begins(tmp_path: Path, before: str) -> None:
    """Where the first does not end on its own line, all are read as documents."""
    one, two, three = (json.dumps(item) for item in _items(3))
    one = one.replace(": ", "\r: ", 1)
    got = _lines(_read(tmp_path, f"{before}{one}\n{two}\n{three}\n".encode()))
    assert got == {n + len(before): f"春芽{max(n - 1, 1)}号" for n in (1, 3, 4)}


@pytest.mark.parametrize("end", ["\r\r\r\n", "\r\r", "\r\n\r"])
def test_returns_beyond_an_end_of_line_make_blank_lines(tmp_path: Path, end: str) -> None:
    text = f"{PROGRESS}\r\n{_progress(1)}{end}{_progress(2)}\r\n"
    assert _lines(_read(tmp_path, text.encode())) == {2: "春芽1号", 4: "春芽2号"}


def test_a_quote_in_the_heading_takes_no_line(tmp_path: Path) -> None:
    heading = '进展编号;项目编号;发布时间;备注;"标题'
    row = 'pg00000001;2243001;2024-08-02 09:01:00;"一""对""一";春芽1号'
    assert _lines(_read(tmp_path, f"{heading}\n{row}\n".encode())) == {2: "春芽1号"}
    title = '"某某导出'
    quoted = ";".join(f'"{name}"' for name in PROGRESS.split(";"))
    assert _lines(_read(tmp_path, f"{title}\n{quoted}\n{_progress(1)}\n".encode())) == {
        3: "春芽1号"
    }


def test_a_row_of_more_fields_than_the_heading_goes_into_no_other(tmp_path: Path) -> None:
    quoted = [";".join(f'"{x}"' for x in f"{_progress(n)};更多".split(";")) for n in (1, 2)]
    text = "\n".join([PROGRESS, _progress(3), '"某某导出', *quoted]) + "\n"
    got = _lines(_read(tmp_path, text.encode()))
    assert got[2] == "春芽3号"
    assert sorted(got) == [2, 3, 4, 5]


@pytest.mark.parametrize("printed", ["NaN", "1.2E+8", "1e400", "-1e30"])
def test_a_total_that_no_number_is_refuses_no_file(tmp_path: Path, printed: str) -> None:
    text = f"序号,捐赠人,捐赠金额\n1,某某公司,5.00\n合计,,{printed}\n"
    result = _read(tmp_path, text.encode(), "donation_notices")
    assert result.outcome.refusal is None
    assert [(r["source_row"], r["amount_fen"]) for r in result.lake] == [(2, 500)]
    assert result.outcome.footer_rows == 1
