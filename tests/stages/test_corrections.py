"""Refused lines, corrected: read as said, accounted for, kept so, and never told who gave."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.cli.quarantine_book import workbook
from pipelines.settings import Settings
from pipelines.stages.build.inputs import inputs_of
from pipelines.stages.load.load import load_all
from pipelines.stages.receive.correcting import CannotCorrect, RefusedLine, hand_in, read_again
from pipelines.stages.standing.holding import FEW_ROWS
from pipelines.stages.standing.resolve import resolve
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.receipts import FileDecision
from tests.stages.landings import Landing, conserves, row, table

GIFTS, NOTICES = "tencent_donations", "donation_notices"
ONE, TWO = f"{10**19 + 1}", f"{10**19 + 2}"
AT = "2024-08-06T09:00:00+08:00"


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """Two gifts, of which the second is refused: its amount is 0."""
    landing = Landing(tmp_path)
    bad = row(GIFTS, 订单号=TWO, 捐款金额="0.00", 退款金额="")
    landing.put(f"{GIFTS}/a_20240802.csv", table([row(GIFTS, 订单号=ONE), bad]))
    landing.load()
    return landing


def refused(landing: Landing) -> list[RefusedLine]:
    """The quarantined rows, as a release would have them."""
    frame = landing.refused_rows()
    return [
        RefusedLine(r["quarantine_id"], r["source"], r["source_file_id"],
                    tuple(r["rule_ids"].split(";")))
        for r in frame.iter_rows(named=True)
    ]  # fmt: skip # a row


def handed(landing: Landing, *rows: tuple[str, str], name: str = "c.csv") -> int:
    """Hands in these corrections; the number of new ones."""
    file = landing.settings.warehouse / name
    lines = [",".join(f'"{text.replace(chr(34), chr(34) * 2)}"' for text in pair) for pair in rows]
    file.write_text("\n".join(["id,correction", *lines]), encoding="utf-8")
    return len(hand_in(landing.settings, file, refused(landing), "核对过", "甲", AT))


def amounts(landing: Landing) -> dict[str, int]:
    """Order → fen in the lake."""
    return dict(landing.lake(GIFTS).select("order_no", "amount_fen").iter_rows())


def test_a_corrected_line_loads_as_said(landing: Landing) -> None:
    """With its own file and line; rows and money of its file still add up, and no row is added."""
    (line,) = refused(landing)
    before = inputs_of(landing.settings).hash
    assert handed(landing, (line.quarantine_id, "amount=12.50")) == 1
    load_all(landing.settings)
    assert amounts(landing) == {ONE: 4000, TWO: 1250}
    (account,) = landing.accounts()
    assert conserves(account)
    assert (account.rows_read, account.rows_loaded, account.rows_quarantined) == (2, 2, 0)
    assert account.amount_loaded_cny == Decimal("52.50")
    found = landing.lake(GIFTS).filter(order_no=TWO).row(0, named=True)
    assert (found["source_file_id"], found["source_row"]) == (line.source_file_id, 3)
    assert found["donor_key"]  # who gave is read from the received line
    assert landing.refused_rows().is_empty()
    assert inputs_of(landing.settings).hash != before


def test_again_changes_nothing_and_the_second_wins(landing: Landing) -> None:
    """Handed in twice, nothing is read again; another correction of the line replaces it."""
    (line,) = refused(landing)
    handed(landing, (line.quarantine_id, "amount=12.50"))
    load_all(landing.settings)
    state = Catalog(landing.settings).state
    assert handed(landing, (line.quarantine_id, '{"捐款金额": 12.50}')) == 0
    assert Catalog(landing.settings).state == state
    assert load_all(landing.settings) == []
    assert handed(landing, (line.quarantine_id, "捐款金额＝13"), name="d.csv") == 1
    load_all(landing.settings)
    assert amounts(landing)[TWO] == 1300
    assert landing.accounts()[0].rows_read == 2


def test_a_rebuilt_lake_is_the_same(landing: Landing) -> None:
    """The correction is the archive's: it outlives the lake, and the catalogue by its journal."""
    (line,) = refused(landing)
    handed(landing, (line.quarantine_id, "amount=12.50"))
    load_all(landing.settings)
    catalog = Catalog(landing.settings)
    assert "12.50" in catalog.journal.read_text(encoding="utf-8")
    for receipt in catalog.receipts():
        catalog.forget(receipt.received_no)
    load_all(landing.settings)
    assert amounts(landing)[TWO] == 1250


def test_a_correction_is_ruled_like_any_row(landing: Landing) -> None:
    """One that breaks a rule stays refused, with the new reason."""
    (line,) = refused(landing)
    handed(landing, (line.quarantine_id, "amount=12.50\n退款金额=13.00"))
    load_all(landing.settings)
    (still,) = refused(landing)
    assert still.quarantine_id == line.quarantine_id
    assert still.rule_ids == ("tencent_donations.refund_within_amount",)
    assert conserves(landing.accounts()[0])


def test_rows_without_a_key_are_not_counted_twice(tmp_path: Path) -> None:
    """A notice's line has no number: it is the line itself that is corrected, not one beside it."""
    landing = Landing(tmp_path)
    lines = [row(NOTICES), row(NOTICES, 捐赠金额="十分感谢")]
    landing.put(f"{NOTICES}/a_20240801.csv", table(lines))
    landing.load()
    found = refused(landing)
    if not found:
        pytest.fail("the line was to be refused")
    handed(landing, (found[0].quarantine_id, "amount=7"))
    load_all(landing.settings)
    (account,) = landing.accounts()
    assert conserves(account)
    assert (account.rows_loaded, account.rows_quarantined) == (2, 0)
    assert landing.lake(NOTICES)["amount_fen"].sort().to_list()[0] == 700


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nonsense=1", "no column 'nonsense'"),
        ("amount", "column=value"),
        ("{bad", "no JSON"),
        ("amount=1\n捐款金额=2", "given twice"),
        ("phone=13900000002", "personal"),
        ("捐款人昵称=乙", "personal"),
        ("project_no=13900000002", "person's number"),
        ("project_no=***", "masked"),
    ],
)
def test_what_is_not_taken(landing: Landing, text: str, told: str) -> None:
    """Said with its remedy, and nothing of the file is kept."""
    (line,) = refused(landing)
    with pytest.raises(CannotCorrect, match=told) as fault:
        handed(landing, (line.quarantine_id, text))
    assert "13900000002" not in str(fault.value)
    assert Catalog(landing.settings).corrections() == {}


def test_only_quarantined_lines(landing: Landing) -> None:
    """A line that loaded, or is unknown, is refused; so is the file's other correction with it."""
    (line,) = refused(landing)
    loaded = line.quarantine_id.rpartition(":")[0] + ":2"
    with pytest.raises(CannotCorrect, match="no such row is quarantined"):
        handed(landing, (line.quarantine_id, "amount=1"), (loaded, "amount=1"))
    with pytest.raises(CannotCorrect, match="two ways"):
        handed(landing, (line.quarantine_id, "amount=1"), (line.quarantine_id, "amount=2"))
    assert Catalog(landing.settings).corrections() == {}
    assert load_all(landing.settings) == []


def test_a_line_whose_cells_have_shifted(tmp_path: Path) -> None:
    """Nobody can say which cell is which: it is mended in its file."""
    landing = Landing(tmp_path)
    good = table([row(GIFTS, 订单号=ONE)])
    landing.put(f"{GIFTS}/a_20240802.csv", good + good.splitlines()[1] + b",more,and,more\n")
    landing.load()
    (line,) = refused(landing)
    with pytest.raises(CannotCorrect, match="cannot be told apart"):
        handed(landing, (line.quarantine_id, "amount=1"))


def test_killed_between_its_two_steps(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is read again as it was, and handing in again completes it."""
    (line,) = refused(landing)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Catalog, "correct", die)
        with pytest.raises(KeyboardInterrupt):
            handed(landing, (line.quarantine_id, "amount=12.50"))
    load_all(landing.settings)
    assert amounts(landing) == {ONE: 4000}
    assert handed(landing, (line.quarantine_id, "amount=12.50")) == 1
    load_all(landing.settings)
    assert amounts(landing)[TWO] == 1250


def test_the_workbook_comes_back(landing: Landing) -> None:
    """What is exported can be filled in and handed in; nothing in it names a donor."""
    import openpyxl

    rows = landing.refused_rows().to_dicts()
    content = workbook(rows, None)
    assert workbook(rows, None) == content
    file = landing.settings.warehouse / "refused.xlsx"
    file.write_bytes(content)
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[1]
    heads = [cell.value for cell in sheet[1]]
    told = dict(zip(heads, (cell.value for cell in sheet[2]), strict=True))
    assert told["行 line"] == 3
    assert "13800000001" not in json.dumps(told, ensure_ascii=False, default=str)
    assert "测试昵称甲" not in json.dumps(told, ensure_ascii=False, default=str)
    assert hand_in(landing.settings, file, refused(landing), "r", "甲", AT) == []
    sheet.cell(2, heads.index("更正 correction") + 1).value = "amount=12.50"
    book.save(file)
    assert len(hand_in(landing.settings, file, refused(landing), "r", "甲", AT)) == 1
    load_all(landing.settings)
    assert amounts(landing)[TWO] == 1250


def test_a_file_of_other_columns(landing: Landing) -> None:
    file = landing.settings.warehouse / "x.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(CannotCorrect, match="no columns"):
        hand_in(landing.settings, file, [], "r", "甲", AT)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CannotCorrect, match="cannot be read"):
        hand_in(landing.settings, file, [], "r", "甲", AT)


def test_replay(landing: Landing) -> None:
    """The files of refused rows are read again, and give the same."""
    (line,) = refused(landing)
    assert read_again(landing.settings, {line.source_file_id}) == [line.source_file_id]
    assert read_again(landing.settings, {line.source_file_id}) == []  # it waits already
    assert len(load_all(landing.settings)) == 1
    assert [r.quarantine_id for r in refused(landing)] == [line.quarantine_id]


def mostly_bad(good: int, bad: int) -> bytes:
    """A file of so many sound rows and so many refused ones."""
    rows = [row(GIFTS, 订单号=f"{10**19 + n}") for n in range(good + bad)]
    return table([r | {"支付状态": "飞走了"} if n < bad else r for n, r in enumerate(rows)])


def status(settings: Settings) -> list[str]:
    return [s.status for s in resolve(settings)]


def test_a_file_of_which_too_much_is_refused_waits(tmp_path: Path) -> None:
    """Beyond the contract's share it is held until somebody decides; its account adds up."""
    landing = Landing(tmp_path)
    half = FEW_ROWS // 2
    landing.put(f"{GIFTS}/a_20240801.csv", mostly_bad(half, half))
    landing.put(f"{GIFTS}/a_20240802.csv", mostly_bad(half - 1, half + 1))
    landing.put(f"{GIFTS}/a_20240803.csv", mostly_bad(1, FEW_ROWS - 2))
    accounts = landing.load()
    assert [a.status for a in accounts] == ["loaded", "held", "loaded"]  # a few rows say nothing
    assert all(map(conserves, accounts))
    held = accounts[1]
    assert (held.rows_loaded, held.rows_superseded) == (0, half - 1)
    assert held.reason is not None
    assert f"{half + 1} of its {FEW_ROWS} rows are refused" in held.reason
    assert f"juandi files accept {held.source_file_id}" in held.reason
    decision = FileDecision("accepted", "so ist es", "甲", AT)
    Catalog(landing.settings).decide_file(held.source_file_id, decision)
    assert status(landing.settings) == ["loaded", "loaded", "loaded"]


def test_a_mended_file_takes_the_place_of_one_that_waits(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put(f"{GIFTS}/a_20240802.csv", mostly_bad(0, FEW_ROWS))
    landing.load()
    landing.put(f"{GIFTS}/a_20240802.csv", mostly_bad(FEW_ROWS, 0))
    assert [a.status for a in landing.load()] == ["superseded", "loaded"]
