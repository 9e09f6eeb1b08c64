"""JSON: every key, every list that fits, every document; and a line that nobody can read."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.reading.left_out import LeftKind, LeftOut
from pipelines.reading.refusals import FileRefused
from tests.reading.files import Read, read


def gift(number: int, **more: Any) -> dict[str, Any]:
    return {"transcode": str(10**19 + number), "pid": "1", "money": number,
            "trans_time": "2024-08-02T10:00:00+08:00", "trans_state": 11, **more}  # fmt: skip


def _read(tmp_path: Path, text: str, **changed: Any) -> Read:
    (got,) = read(tmp_path, text.encode(), "tencent_donations", "a.json", **changed)
    return got


def _lines(*items: dict[str, Any], **options: Any) -> str:
    return "".join(json.dumps(i, ensure_ascii=False, **options) + "\n" for i in items)


MANY = [gift(n) for n in range(1, 2600)]


@pytest.mark.parametrize("block", [5_000, 60_000, 10_000_000])
@pytest.mark.parametrize("known", [{}, {"refund": None}, {"x": {"refund": 1, "pid": 2}}])
def test_a_key_that_shows_late_is_read(tmp_path: Path, block: int, known: dict[str, Any]) -> None:
    late = gift(9000, refund=5, campaign_id="c-1")
    items = [*({**m, **known} for m in MANY), late, gift(9001)]
    got = _read(tmp_path, _lines(*items), block_bytes=block)
    assert got.rows["order_no"] == [i["transcode"] for i in items]
    assert got.rows["refund"] == [None] * len(MANY) + ["5", None]
    assert got.rows["campaign_id"] == [None] * len(MANY) + ["c-1", None]
    assert got.lines == list(range(1, len(items) + 1))
    assert got.misfits == [None] * len(items)


def test_a_late_key_that_is_not_known_is_named(tmp_path: Path) -> None:
    got = _read(tmp_path, _lines(*MANY, gift(9000, extra=1)))
    assert got.table.heading.unknown == ("extra",)


@pytest.mark.parametrize(
    ("late", "options"),
    [(gift(9000, refund=5), {"separators": (",", " : ")}),
     (gift(9000, refund=5, proj_name='他说":好'), {}),
     (gift(9000, refund=5, ext={"money": 3, "refund": 4}), {})],
)  # fmt: skip
def test_a_late_key_is_seen_however_it_is_written(
    tmp_path: Path, late: dict[str, Any], options: dict[str, Any]
) -> None:
    got = _read(tmp_path, _lines(*MANY) + _lines(late, **options))
    assert (got.rows["refund"][-1], got.rows["amount"][-1]) == ("5", "9000")
    text = _lines(late, **options).replace('"refund"', '"re\\u0066und"')
    got = _read(tmp_path, _lines(*MANY) + text)
    assert got.rows["refund"][-1] == "5"


@pytest.mark.parametrize("before", [1, 2600])
def test_an_object_that_says_a_key_twice_is_quarantined(tmp_path: Path, before: int) -> None:
    twice = json.dumps(gift(7)).replace('"money": 7', '"money": 7, "money": 7000')
    text = _lines(*MANY[:before]) + twice + "\n" + _lines(gift(8))
    got = _read(tmp_path, text)
    assert [i for i, m in enumerate(got.misfits) if m] == [min(before, 2599)]
    assert "any.malformed" in got.misfits
    assert "7000" not in got.rows["amount"]
    got = _read(tmp_path, f"[{twice}, {json.dumps(gift(8))}]")
    assert got.misfits == ["any.malformed", None]


@pytest.mark.parametrize(
    "document",
    [
        {"data": {"2024-08-01": [gift(1), gift(2)], "2024-08-02": [gift(3)]}},
        {"pages": [{"page": 1, "list": [gift(1)]}, {"page": 2, "list": [gift(2), gift(3)]}]},
        [{"list": [gift(1), gift(2)]}, {"list": [gift(3)]}],
        {"data": {"1": gift(1), "2": gift(2), "3": gift(3)}},
        {"a": [[gift(1)], [gift(2), gift(3)]]},
        {"first": [gift(1)], "rest": {"list": [gift(2), gift(3)]}},
    ],
)
def test_every_list_that_fits_is_read(tmp_path: Path, document: Any) -> None:
    for text in (
        json.dumps(document),
        json.dumps(document, indent=2),
        f"cb({json.dumps(document)})",
    ):
        got = _read(tmp_path, text)
        assert got.rows["amount"] == ["1", "2", "3"]
        assert got.lines == [1, 2, 3]
        assert got.table.left_out == []


def test_a_list_that_does_not_fit_is_counted_at_its_place(tmp_path: Path) -> None:
    document = {
        "data": {"list": [gift(1)], "ranks": [{"name": "测试昵称甲", "n": 1}, {"name": "乙"}]},
        "测试昵称甲": [{"z": 1}],
        "13800000001": [{"z": 1}],
        "empty": [], "numbers": [1, 2],
    }  # fmt: skip
    got = _read(tmp_path, json.dumps(document))
    assert got.rows["amount"] == ["1"]
    assert got.table.left_out == [
        LeftOut(LeftKind.LIST, "data.ranks", 2, 3),
        LeftOut(LeftKind.LIST, "*", 1, 1),
        LeftOut(LeftKind.LIST, "*", 1, 1),
    ]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(gift(1), indent=1) + "\n" + json.dumps(gift(2), indent=1),
        json.dumps([gift(1)]) + json.dumps([gift(2)]),
        json.dumps([gift(1)]) + "\n" + json.dumps([gift(2)]) + "\n",
        _lines({"code": 0, "list": [gift(1)]}, {"code": 0, "list": [gift(2)]}),
        _lines(gift(1), gift(2)).replace("}\n", "},\n"),
        _lines(gift(1), gift(2)).replace("\n", "\r"),
    ],
)
def test_documents_one_after_another(tmp_path: Path, text: str) -> None:
    got = _read(tmp_path, text)
    assert got.rows["amount"] == ["1", "2"]
    assert got.misfits == [None, None]


def test_items_that_are_no_objects_are_quarantined(tmp_path: Path) -> None:
    got = _read(tmp_path, json.dumps([gift(1), "x", None, 5, [], gift(2)]))
    assert got.misfits == [None, *["any.malformed"] * 4, None]
    assert got.lines == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("text", "line"),
    [(json.dumps([gift(1)], indent=0)[:-2] + ",\n]", "[89]"), (json.dumps([gift(1)]) + "\nx", "2"),
     ("[" * 100_000, r"\?")],
)  # fmt: skip
def test_a_document_that_cannot_be_read_is_refused_at_its_line(
    tmp_path: Path, text: str, line: str
) -> None:
    with pytest.raises(FileRefused, match=rf"file\.malformed.*\[line {line}\]"):
        _read(tmp_path, text)
