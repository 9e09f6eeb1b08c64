"""A line is found again in files of every kind, masked, and its fate is what loading made of it."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from pipelines.tracing.archive import Account, KeptBytes
from pipelines.tracing.lines import Fate, TracedLine, trace_lines
from pipelines.tracing.numbers import PersonsNumber, known_of
from pipelines.tracing.references import read_reference
from pipelines.tracing.release import accounts_without_release
from pipelines.tracing.told import as_data, reference
from tests.reading.files import workbook
from tests.stages.landings import Landing, row, table

GIFTS = "tencent_donations"
NAME = "测试昵称甲"
PHONE = "13800000001"
PERSONAL = (NAME, PHONE, "u00000001")


def order(number: int, **changed: str) -> dict[str, str]:
    """A gift with an order number of its own, and as many yuan."""
    own = {"订单号": f"{10**19 + number}", "捐款金额": f"{number}.00"}
    return row(GIFTS, **{**own, **changed})


ROWS = [order(number) for number in range(1, 6)]


def packed(name: str, data: bytes) -> bytes:
    """A zip with one member."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


def sheet_of(rows: Sequence[Mapping[str, str]]) -> list[list[object]]:
    """Rows under their headings as a sheet's cells."""
    cells: list[list[object]] = [[*rows[0]]]
    return cells + [[*r.values()] for r in rows]


def book(tmp_path: Path) -> bytes:
    """A workbook of one sheet."""
    return workbook(tmp_path / "book.xlsx", {"明细": sheet_of(ROWS)})


#: What comes → name and bytes, and the line of the third gift.
KINDS: dict[str, tuple[str, Callable[[Path], bytes], int]] = {
    "csv": ("捐款_20240802.csv", lambda _: table(ROWS), 4),
    "gb18030": ("捐款_20240802.csv", lambda _: table(ROWS, "gb18030"), 4),
    "utf16": ("捐款_20240802.csv", lambda _: table(ROWS, "utf-16"), 4),
    "title above": ("捐款_20240802.csv", lambda _: "捐款明细\n\n".encode() + table(ROWS), 6),
    "several lines": (
        "捐款_20240802.csv",
        lambda _: table([order(1, 捐款人昵称="两\n行"), *ROWS[1:]]),
        5,
    ),
    "old line ends": ("捐款_20240802.csv", lambda _: table(ROWS).replace(b"\n", b"\r"), 4),
    "gz": ("捐款_20240802.csv.gz", lambda _: gzip.compress(table(ROWS)), 4),
    "zip": ("捐款_20240802.zip", lambda _: packed("明细.csv", table(ROWS)), 4),
    "xlsx": ("捐款_20240802.xlsx", book, 4),
    "zipped xlsx": ("捐款_20240802.zip", lambda p: packed("表.xlsx", book(p)), 4),
    "json lines": (
        "捐款_20240802.jsonl",
        lambda _: "\n".join(json.dumps(r, ensure_ascii=False) for r in ROWS).encode(),
        3,
    ),
    "json": (
        "捐款_20240802.json",
        lambda _: json.dumps({"code": 0, "data": ROWS}, ensure_ascii=False).encode(),
        3,
    ),
}


class Traced:
    """A landing folder that was loaded, and its lines."""

    def __init__(self, root: Path, **changed: object) -> None:
        self.landing = Landing(root, **changed)

    def accounts(self) -> dict[str, Account]:
        """All files by their ids."""
        return accounts_without_release(self.landing.settings)

    def account(self, name: str) -> Account:
        """The file of a name."""
        return next(one for one in self.accounts().values() if one["file_name"] == name)

    def lines(self, name: str, line: int, sheet: str | None = None) -> list[TracedLine]:
        """The line of a file, from every sheet."""
        return trace_lines(
            self.landing.settings, None, self.account(name), line, sheet, accounts=self.accounts()
        )

    def line(self, name: str, line: int, sheet: str | None = None) -> TracedLine:
        """The one line."""
        (found,) = self.lines(name, line, sheet)
        return found


def told(line: TracedLine) -> str:
    """All that is told of a line."""
    return json.dumps(as_data(line), ensure_ascii=False, default=str)


def texts(line: TracedLine) -> dict[str, str | None]:
    """Column of the contract, else heading → text."""
    assert line.archived is not None
    return {v.column or v.heading: v.text for v in line.archived.values}


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_is_found_in_every_kind_of_file(kind: str, tmp_path: Path) -> None:
    """Where the lake says it is; shown as it was written, without who gave."""
    name, content, at = KINDS[kind]
    traced = Traced(tmp_path)
    traced.landing.put(f"{GIFTS}/{name}", content(tmp_path))
    traced.landing.load()
    lake = traced.landing.lake(GIFTS).filter(order_no=f"{10**19 + 3}")
    assert lake["source_row"].to_list() == [at]
    line = traced.line(name, at, lake["source_sheet"][0])
    assert line.fate is Fate.LOADED
    assert line.archive is KeptBytes.WHOLE
    assert texts(line)["order_no"] == f"{10**19 + 3}"
    assert texts(line)["amount"] == "3.00"
    assert texts(line)["donor_name"] == texts(line)["phone"] == "***"
    assert not [value for value in PERSONAL if value in told(line)]
    assert traced.line(name, at).place == line.place  # found without the sheet, too


def test_a_far_line_is_reached_without_reading_the_rest(tmp_path: Path) -> None:
    """A text is read block by block, up to the line."""
    traced = Traced(tmp_path, block_bytes=4096)
    rows = [order(number) for number in range(1, 2001)]
    traced.landing.put(f"{GIFTS}/捐款_20240802.csv", table(rows))
    traced.landing.load()
    blocks: list[int] = []

    def looked(line: int) -> int:
        blocks.clear()
        account = traced.account("捐款_20240802.csv")
        (found,) = trace_lines(
            traced.landing.settings, None, account, line, tick=lambda: blocks.append(1)
        )
        assert texts(found)["amount"] == f"{line - 1}.00"
        return len(blocks)

    assert looked(3) == 1
    assert 1 < looked(700) < looked(2001)


def test_text_that_turns_out_to_be_of_another_encoding(tmp_path: Path) -> None:
    """Its first block is as good UTF-8 as any; it is read as the loading settled."""
    rows = [order(n, 捐款人昵称="") for n in range(1, 60)] + [order(60, 捐款人昵称=NAME)]
    heading, rest = table(rows, "gb18030").split(b"\n", 1)
    names = "order_no,project_no,amount,paid_at,status,refund,channel,donor_id,donor_name,phone"
    data = f"{names},is_anonymous,campaign_id\n".encode() + rest
    assert heading.count(b",") == names.count(",") + 2
    data = data.replace("支付成功".encode("gb18030"), b"0", 50)
    traced = Traced(tmp_path, block_bytes=2048)
    traced.landing.put(f"{GIFTS}/捐款_20240802.csv", data)
    traced.landing.load()
    assert traced.account("捐款_20240802.csv")["encoding"] == "gb18030"
    assert texts(traced.line("捐款_20240802.csv", 61))["status"] == "支付成功"


def test_what_was_refused_says_why(tmp_path: Path) -> None:
    """The rule, the reasons, and the text as it came."""
    traced = Traced(tmp_path)
    traced.landing.put(f"{GIFTS}/捐款_20240802.csv", table([order(1), order(2, 捐款金额="0.00")]))
    traced.landing.load()
    line = traced.line("捐款_20240802.csv", 3)
    assert line.fate is Fate.QUARANTINED
    assert line.refused is not None
    assert line.refused["rule_ids"] == "tencent_donations.amount_range"
    assert texts(line)["amount"] == "0.00"
    assert not [value for value in PERSONAL if value in told(line)]


def test_a_row_whose_fields_do_not_line_up_names_nobody(tmp_path: Path) -> None:
    """Any field may hold the name: only what can be none is shown."""
    good = table([order(1), order(2)]).decode()
    data = good.replace(f"{10**19 + 2},", f"{10**19 + 2},杂物,")
    traced = Traced(tmp_path)
    traced.landing.put(f"{GIFTS}/捐款_20240802.csv", data.encode())
    traced.landing.load()
    line = traced.line("捐款_20240802.csv", 3)
    assert line.fate is Fate.QUARANTINED
    assert not [value for value in (*PERSONAL, "杂物", "224328") if value in told(line)]
    assert "2.00" in told(line)
    assert "2024-08-02 10:11:12" in told(line)


def test_rows_that_their_file_repeats(tmp_path: Path) -> None:
    """An equal row counts once, of two states of an order the one further down."""
    rows = [order(1), order(2), order(1), order(2, 支付状态="已退款", 退款金额="2.00")]
    traced = Traced(tmp_path)
    traced.landing.put(f"{GIFTS}/捐款_20240802.csv", table(rows))
    traced.landing.load()
    again = traced.line("捐款_20240802.csv", 4)
    assert again.fate is Fate.DUPLICATE
    assert again.other is not None
    assert again.other.line == 2
    before = traced.line("捐款_20240802.csv", 3)
    assert before.fate is Fate.SUPERSEDED
    assert before.other is not None
    assert before.other.line == 5
    assert set(before.changed) == {"status", "refund_fen"}
    assert traced.line("捐款_20240802.csv", 5).fate is Fate.LOADED


def test_lines_of_files_that_do_not_stand(tmp_path: Path) -> None:
    """Sent again, exported again, replaced; and a line that the new file no longer has."""
    traced = Traced(tmp_path)
    put = traced.landing.put
    put(f"{GIFTS}/a/捐款_20240802.csv", table(ROWS))
    put(f"{GIFTS}/b/又来_20240802.csv", table(ROWS))
    put(f"{GIFTS}/b/重导_20240802.csv", table(ROWS[::-1]))
    put(f"{GIFTS}/a/捐款_20240803.csv", table([order(8), order(9)]))
    traced.landing.load()
    copy = traced.line("又来_20240802.csv", 4)
    assert (copy.fate, copy.other and copy.other.line) == (Fate.DUPLICATE, 4)
    again = traced.line("重导_20240802.csv", 4)
    assert (again.fate, again.other and again.other.line) == (Fate.REISSUE, 4)
    put(f"{GIFTS}/a/捐款_20240803.csv", table([order(9, 支付状态="已退款", 退款金额="9.00")]))
    traced.landing.load()
    account = next(a for a in traced.accounts().values() if a["status"] == "superseded")
    fates = [
        trace_lines(traced.landing.settings, None, account, at, accounts=traced.accounts())[0]
        for at in (2, 3)
    ]
    assert [one.fate for one in fates] == [Fate.RETRACTED, Fate.SUPERSEDED]
    assert fates[0].other is not None
    assert fates[0].other.line is None
    assert fates[1].other is not None
    assert fates[1].other.line == 2
    assert set(fates[1].changed) == {"status", "refund_fen"}


def test_a_refused_file_shows_headings_and_amounts_only(tmp_path: Path) -> None:
    """Nobody can say which of its columns names a person."""
    rows = [{k: v for k, v in order(n).items() if k != "支付时间"} for n in (1, 2)]
    traced = Traced(tmp_path)
    traced.landing.put(f"{GIFTS}/捐款_20240802.csv", table(rows))
    traced.landing.load()
    heading = traced.line("捐款_20240802.csv", 1)
    assert heading.fate is Fate.REFUSED
    assert "捐款人昵称" in told(heading)
    line = traced.line("捐款_20240802.csv", 2)
    assert line.fate is Fate.REFUSED
    assert "1.00" in told(line)
    assert not [value for value in (*PERSONAL, "单笔捐") if value in told(line)]


def test_what_is_no_record(tmp_path: Path) -> None:
    """A heading, a total, a blank, what lies beyond the end."""
    total = {"订单号": "合计", "捐款金额": "3.00"}
    traced = Traced(tmp_path)
    traced.landing.put(f"{GIFTS}/捐款_20240802.csv", table([order(1), order(2), total]))
    traced.landing.load()
    fates = [traced.line("捐款_20240802.csv", at).fate for at in (1, 2, 4, 99)]
    assert fates == [Fate.NO_RECORD, Fate.LOADED, Fate.NO_RECORD, Fate.NOT_FOUND]


def test_persons_are_masked_wherever_they_are(tmp_path: Path) -> None:
    """A number in a text, a name in a column that no contract knows; organisations are named."""
    own = order(1) | {
        "项目名称": f"找{PHONE}问",
        "联系人": "张三丰",
        "收款方": "成都市某某慈善基金会",
    }
    traced = Traced(tmp_path)
    traced.landing.put(f"{GIFTS}/捐款_20240802.csv", table([own]))
    traced.landing.load()
    line = traced.line("捐款_20240802.csv", 2)
    assert texts(line)["project_name"] == "找***问"
    assert texts(line)["联系人"] == "***"
    assert texts(line)["收款方"] == "成都市某某慈善基金会"
    assert "张三丰" not in told(line)
    assert PHONE not in told(line)


def test_sheets_are_told_apart_and_their_names_masked(tmp_path: Path) -> None:
    """Each with its own line of the number; a sheet that is called like a phone is a pseudonym."""
    sheets = {"一": sheet_of([order(1)]), PHONE: sheet_of([order(2)])}
    traced = Traced(tmp_path)
    traced.landing.put(f"{GIFTS}/捐款_20240802.xlsx", workbook(tmp_path / "b.xlsx", sheets))
    traced.landing.load()
    found = traced.lines("捐款_20240802.xlsx", 2)
    assert [texts(line)["amount"] for line in found] == ["2.00", "1.00"]
    assert PHONE not in "".join(map(told, found))
    named = {line.place.sheet for line in found}
    assert "一" in named
    for sheet in named:
        line = traced.line("捐款_20240802.xlsx", 2, sheet)
        assert line.fate is Fate.LOADED
        assert read_reference(reference(line.place)) == (line.place.file_id, sheet, 2)


def test_an_archive_that_lacks_or_has_altered_the_file_is_told(tmp_path: Path) -> None:
    """Nothing is shown that may not be what came; the lake still says what became of it."""
    traced = Traced(tmp_path)
    traced.landing.put(f"{GIFTS}/捐款_20240802.csv", table(ROWS))
    traced.landing.load()
    account = traced.account("捐款_20240802.csv")
    path = traced.landing.settings.archive / GIFTS / str(account["sha256"])
    path.write_bytes(path.read_bytes().replace(b"3.00", b"4.00"))
    altered = traced.line("捐款_20240802.csv", 4)
    assert (altered.archive, altered.archived, altered.fate) == (
        KeptBytes.ALTERED,
        None,
        Fate.LOADED,
    )
    path.unlink()
    missing = traced.line("捐款_20240802.csv", 4)
    assert (missing.archive, missing.archived, missing.fate) == (
        KeptBytes.MISSING,
        None,
        Fate.LOADED,
    )


@pytest.mark.parametrize("sha", ["../../../etc/passwd", "", "0" * 63, "..", f"{'0' * 63}/"])
def test_no_account_leads_out_of_the_archive(sha: str, tmp_path: Path) -> None:
    """Whatever a release says that a file's hash or source is."""
    traced = Traced(tmp_path)
    traced.landing.put(f"{GIFTS}/捐款_20240802.csv", table(ROWS))
    traced.landing.load()
    account = {**traced.account("捐款_20240802.csv"), "sha256": sha}
    (line,) = trace_lines(traced.landing.settings, None, account, 4)
    assert line.archive is KeptBytes.MISSING


def test_looking_writes_nothing(tmp_path: Path) -> None:
    """Neither into the archive nor anywhere else in the warehouse."""
    traced = Traced(tmp_path)
    traced.landing.put(f"{GIFTS}/捐款_20240802.xlsx", book(tmp_path))
    traced.landing.load()
    account = traced.account("捐款_20240802.xlsx")
    root = traced.landing.settings.warehouse

    def state() -> dict[str, tuple[int, int]]:
        stats = {str(p): p.stat() for p in root.rglob("*") if p.is_file()}
        return {path: (stat.st_size, stat.st_mtime_ns) for path, stat in stats.items()}

    before = state()
    trace_lines(traced.landing.settings, None, account, 4)
    assert state() == before


def test_everything_known_of_a_number(tmp_path: Path) -> None:
    """States, refused rows, rows whose text is withheld, repeated rows, copies of files."""
    withheld = table([order(7), order(1)]).decode().replace(f"{10**19 + 1},", f"{10**19 + 1},杂物,")
    traced = Traced(tmp_path)
    put = traced.landing.put
    put(f"{GIFTS}/一_20240802.csv", table([order(1), order(1), order(2)]))
    put(f"{GIFTS}/又_20240802.csv", table([order(1), order(1), order(2)]))
    put(f"{GIFTS}/二_20240803.csv", table([order(1, 捐款金额="0.00"), order(3)]))
    put(f"{GIFTS}/三_20240804.csv", withheld.encode())
    put(f"{GIFTS}/四_20240805.csv", b"no table")
    traced.landing.load()
    known = known_of(traced.landing.settings, None, f"{10**19 + 1}", 20)
    found = {(line.place.file_name, line.place.line): line.fate for line in known.lines}
    assert found == {
        ("一_20240802.csv", 2): Fate.LOADED,
        ("一_20240802.csv", 3): Fate.DUPLICATE,
        ("又_20240802.csv", 2): Fate.DUPLICATE,
        ("又_20240802.csv", 3): Fate.DUPLICATE,
        ("二_20240803.csv", 2): Fate.QUARANTINED,
        ("三_20240804.csv", 3): Fate.QUARANTINED,
    }
    assert known.unsearched == 1
    assert not known.has_release
    assert not [value for value in PERSONAL for line in known.lines if value in told(line)]
    few = known_of(traced.landing.settings, None, f"{10**19 + 1}", 2)
    assert (len(few.lines), few.lines_found) == (2, 6)


@pytest.mark.parametrize("number", [PHONE, "11010519491231002X", "+86 138 0000 0001"])
def test_nothing_is_looked_up_by_a_persons_number(number: str, tmp_path: Path) -> None:
    with pytest.raises(PersonsNumber):
        known_of(Traced(tmp_path).landing.settings, None, number, 20)


def test_a_donor_is_not_found_by_an_id(tmp_path: Path) -> None:
    """Personal columns are no place to look in, not even where their rows are read again."""
    traced = Traced(tmp_path)
    traced.landing.put(f"{GIFTS}/一_20240802.csv", table([order(1), order(1), order(2)]))
    traced.landing.load()
    assert known_of(traced.landing.settings, None, "u00000001", 20).lines_found == 0
