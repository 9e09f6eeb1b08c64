"""Whole files: what each becomes, law 1 for each, re-issues, replacements, rebuilding."""

import hashlib
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.sources import SOURCES
from pipelines.stages.load.due import pending
from pipelines.stages.load.load import load_source
from pipelines.stages.load.read_file import load_receipt
from pipelines.stages.receive.pull import archived, business_date, pull
from pipelines.stages.standing.resolve import plain_name
from tests.stages.landings import Landing, conserves, row, table

GIFTS = "tencent_donations"


def gift(number: int, **changed: str) -> dict[str, str]:
    return row(GIFTS, **{"订单号": f"{10**19 + number}", **changed})


def test_a_clean_file_is_loaded_typed_and_without_names(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put(f"{GIFTS}/east/gifts_2024-08-02.csv", table([gift(1), gift(2)], "gb18030"))
    (account,) = landing.load()
    assert (account.status, account.encoding, account.partition) == (
        "loaded",
        "gb18030",
        date(2024, 8, 2),
    )
    assert account.amount_loaded_cny == Decimal("80.00")
    lake = landing.lake(GIFTS)
    assert lake.schema == pl.Schema(SOURCES[GIFTS].lake_schema())
    assert lake["amount_fen"].to_list() == [4000, 4000]
    assert lake["source_row"].to_list() == [2, 3]
    assert lake["donor_key"].n_unique() == 1
    text = " ".join(str(v) for r in lake.iter_rows() for v in r)
    for secret in ("测试昵称甲", "13800000001", "u00000001"):
        assert secret not in text


def test_equal_rows_are_duplicates_and_older_rows_superseded(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    rows = [
        gift(1), gift(2), gift(1),
        gift(3), gift(3, 支付状态="已退款", 退款金额="40.00"),
        gift(4), gift(4, 捐款金额="50.00"), gift(4),
    ]  # fmt: skip
    landing.put(f"{GIFTS}/a_20240802.csv", table(rows))
    (account,) = landing.load()
    assert (account.rows_read, account.rows_loaded) == (8, 4)
    assert (account.rows_duplicate, account.rows_superseded) == (2, 2)
    assert account.amount_superseded_cny == Decimal("90.00")
    assert conserves(account)
    lake = landing.lake(GIFTS).sort("order_no")
    assert lake["status"].to_list() == ["支付成功", "支付成功", "已退款", "支付成功"]
    assert lake["amount_fen"].to_list() == [4000] * 4


def test_the_same_bytes_of_a_day_count_once_and_of_another_day_again(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    data = table([gift(1), gift(2)])
    landing.put(f"{GIFTS}/a_20240802.csv", data)
    landing.put(f"{GIFTS}/b_20240802.csv", data)
    landing.put(f"{GIFTS}/b_20240803.csv", data)
    first, second, third = landing.load()
    assert (first.status, second.status, third.status) == ("loaded", "duplicate", "loaded")
    assert (second.rows_read, second.rows_duplicate, second.rows_loaded) == (2, 2, 0)
    assert conserves(second)
    assert landing.lake(GIFTS)["source_file_id"].n_unique() == 2


def test_the_same_rows_under_another_name_are_a_reissue(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put(f"{GIFTS}/a_20240802.csv", table([gift(1), gift(2)]))
    landing.put(f"{GIFTS}/b_20240802.csv", table([gift(2), gift(1)], "gb18030"))
    landing.put(f"{GIFTS}/c_20240802.csv", table([gift(1), gift(3)]))
    accounts = landing.load()
    assert [a.status for a in accounts] == ["loaded", "reissue", "loaded"]
    assert accounts[1].rows_superseded == 2
    assert all(conserves(a) for a in accounts)
    # the next day's unchanged export is news, not a re-issue
    landing.put(f"{GIFTS}/b_20240803.csv", table([gift(2), gift(1)], "utf-16"))
    assert landing.load()[-1].status == "loaded"


def test_a_file_of_the_same_name_replaces_and_restates(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put(f"{GIFTS}/a_20240802.csv", table([gift(1), gift(2), gift(3)]))
    landing.put(f"{GIFTS}/other_20240802.csv", table([gift(9)]))
    landing.put(f"{GIFTS}/late/a_20240802 (1).csv", table([gift(1), gift(2, 捐款金额="41.00")]))
    accounts = landing.load()
    assert [a.status for a in accounts] == ["superseded", "loaded", "loaded"]
    assert (accounts[0].rows_loaded, accounts[0].rows_superseded) == (0, 3)
    assert all(conserves(a) for a in accounts)
    assert sorted(landing.lake(GIFTS)["amount_fen"]) == [4000, 4000, 4100]


def test_a_refused_replacement_leaves_the_good_file(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put(f"{GIFTS}/a_20240802.csv", table([gift(1)]))
    landing.put(f"{GIFTS}/b/a_20240802.csv", b"\x89PNG\r\n\x1a\n")
    landing.put(f"{GIFTS}/undated.csv", table([gift(2)]))
    landing.put(f"{GIFTS}/c_20240803.csv", "订单号,捐款金额\n1,2\n".encode())
    accounts = landing.load()
    assert [a.status for a in accounts] == ["loaded", "refused", "refused", "refused"]
    assert [(a.reason or "").split(":")[0] for a in accounts[1:]] == [
        "file.not_a_table", "file.undated", "file.no_heading",
    ]  # fmt: skip
    assert landing.lake(GIFTS).height == 1


def test_bytes_that_come_back_after_a_replacement_count_again(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    first = table([gift(1)])
    landing.put(f"{GIFTS}/a_20240802.csv", first)
    landing.load()
    landing.put(f"{GIFTS}/a_20240802.csv", table([gift(1, 捐款金额="1.00")]))
    landing.load()
    landing.put(f"{GIFTS}/again/a_20240802.csv", first)
    accounts = landing.load()
    assert [a.status for a in accounts] == ["superseded", "superseded", "loaded"]
    assert landing.lake(GIFTS)["amount_fen"].to_list() == [4000]


def test_a_future_file_is_refused(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put(f"{GIFTS}/a_20990101.csv", table([gift(1)]))
    (account,) = landing.load()
    assert (account.reason or "").startswith("file.future_date")


def test_footers_are_reconciled_not_trusted(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    for name, total in (("right", "200"), ("wrong", "999.99")):
        rows = "".join(f"{n},测试甲,100,2024-08-01\n" for n in (1, 2))
        text = f"序号,捐赠人,捐赠金额,捐赠日期\n{rows},合计,{total},\n"
        landing.put(f"donation_notices/{name}.csv", text.encode())
    right, wrong = landing.load()
    # the same rows under another name: a re-issue, and its footer is told all the same
    assert (right.status, wrong.status) == ("loaded", "reissue")
    assert (right.footer_agrees, wrong.footer_agrees) == (True, False)
    assert wrong.footer_amount_cny == Decimal("999.99")
    assert landing.lake("donation_notices").height == 2  # two equal gifts are two gifts


def test_pulling_again_finds_nothing_and_touching_is_no_change(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    path = landing.put(f"{GIFTS}/a_20240802.csv", table([gift(1)]))
    landing.put(f"{GIFTS}/readme.md", b"x")
    landing.put("unheard_of/a_20240802.csv", b"x")
    report = pull(landing.settings)
    assert (report.seen, len(report.new)) == (1, 1)
    assert sorted(i.path for i in report.ignored) == [
        f"{GIFTS}/readme.md",
        "unheard_of/a_20240802.csv",
    ]
    path.touch()
    assert not pull(landing.settings).new


def test_a_file_of_several_blocks_is_archived_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks go through one buffer, and the last one fills it in part."""
    monkeypatch.setattr("pipelines.stages.receive.pull._BLOCK", 64)
    landing = Landing(tmp_path)
    sent = table([gift(number) for number in range(9)])
    landing.put(f"{GIFTS}/a_20240802.csv", sent)
    [receipt] = pull(landing.settings).new
    assert len(sent) % 64
    assert archived(landing.settings, receipt).read_bytes() == sent
    assert receipt.sha256 == hashlib.sha256(sent).hexdigest()


def test_a_deleted_lake_is_rebuilt_from_the_archive(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put(
        f"{GIFTS}/a_20240802.csv", table([gift(1), gift(2), gift(1), gift(3, 捐款金额="x")])
    )
    landing.put(f"{GIFTS}/a_20240802 (1).csv", table([gift(1), gift(2)]))
    landing.load()
    before, lake = landing.accounts(), landing.lake(GIFTS)
    shutil.rmtree(landing.settings.lake)
    shutil.rmtree(landing.settings.quarantine)
    shutil.rmtree(landing.settings.landing)
    landing.settings.landing.mkdir()
    after = landing.load()
    skip = {"loaded_at"}
    assert [{k: v for k, v in vars(a).items() if k not in skip} for a in before] == [
        {k: v for k, v in vars(a).items() if k not in skip} for a in after
    ]
    assert landing.lake(GIFTS).equals(lake)


def test_a_day_read_again_by_hand_is_the_same_day(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put(f"{GIFTS}/a_20240802.csv", table([gift(1)]))
    landing.put(f"{GIFTS}/a_20240803.csv", table([gift(2)]))
    landing.load()
    again = load_source(landing.settings, SOURCES[GIFTS], [date(2024, 8, 2)], again=True)
    assert [x.receipt.file_name for x in again] == ["a_20240802.csv"]
    assert landing.lake(GIFTS)["order_no"].to_list() == [f"{10**19 + n}" for n in (1, 2)]
    assert not pending(landing.settings)


def test_a_crash_between_parts_leaves_nothing_half_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing = Landing(tmp_path, block_bytes=20_000)
    landing.put(f"{GIFTS}/a_20240802.csv", table([gift(i) for i in range(2000)]))
    pull(landing.settings)
    (receipt,) = pending(landing.settings)
    landing.settings.build.mkdir()
    written: list[int] = []
    from pipelines.stages.load import parts

    real = parts.write_part

    def dies(frame: pl.DataFrame, folder: Path, part: int, before: str) -> None:
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        written.append(part)
        real(frame, folder, part, before)

    monkeypatch.setattr(parts, "PART_ROWS", 300)
    monkeypatch.setattr(parts, "write_part", dies)
    with pytest.raises(OSError, match="No space"):
        load_receipt(landing.settings, SOURCES[GIFTS], receipt, "k" * 32)
    assert landing.lake(GIFTS).is_empty()
    monkeypatch.undo()
    (account,) = landing.load()
    assert (account.rows_loaded, landing.lake(GIFTS).height) == (2000, 2000)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("a_20240802.csv", date(2024, 8, 2)),
        ("2024-08-02-a.csv", date(2024, 8, 2)),
        ("a2024_08_02b.csv", date(2024, 8, 2)),
        ("a_20240801_20240802.csv", date(2024, 8, 2)),
        ("20240802/a.csv", date(2024, 8, 2)),
        ("a_20240231.csv", None),
        ("order_120240802.csv", None),
    ],
)
def test_business_dates(name: str, day: date | None) -> None:
    assert business_date(name) == day


def test_copy_marks_are_no_part_of_a_name() -> None:
    names = ("x_20240802.csv", "x_20240802 (1).csv", "x_20240802_v2.CSV", "x_20240802 - 副本.csv",
             "x_20240802（2）.csv", "x_20240802.csv.gz", "X_20240802_v2 (1).csv")  # fmt: skip
    assert {plain_name(n) for n in names} == {"x_20240802.csv"}
    assert plain_name("x_20240802_p2.csv") != plain_name("x_20240802_p1.csv")
