"""What the fuzzer has found, each kind by name with the smallest file that showed it.

A kind that is found again by another seed needs no second test; a new kind does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.fuzz.harness import Result, Warehouse, packed

PROGRESS = "进展编号;项目编号;发布时间;标题"


def _progress(n: int, title: str | None = None) -> str:
    return f"pg000{n:04d};2243{n:03d};2024-08-02 09:0{n}:00;{title or f'春芽{n}号'}"


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
