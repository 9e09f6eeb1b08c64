"""The layouts in which a sample's payment bills come, and that each loads with what it states."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipelines.stages.load.load import load_all
from pipelines.stages.receive.pull import pull
from pipelines.stages.standing.resolve import resolve
from sample import Faults, Manifest
from tests.stages.landings import Landing, conserves

Made = tuple[Path, Manifest]
WECHAT, ALIPAY = "wechat_trade_bills", "alipay_business_bills"


@pytest.fixture(scope="module")
def loaded(full: Made, tmp_path_factory: pytest.TempPathFactory) -> tuple[Manifest, Landing]:
    """A whole campaign's bills of the old layouts, and all of Alipay's, in a lake of their own."""
    out, manifest = full
    landing = Landing(tmp_path_factory.mktemp("bills"))
    for facts in manifest.files:
        if facts.source == ALIPAY or (facts.source == WECHAT and _is_old(facts.path)):
            landing.put(facts.path, (out / facts.path).read_bytes())
    pull(landing.settings)
    load_all(landing.settings)
    return manifest, landing


def _is_old(path: str) -> bool:
    return "back_office_gb" in path or "旧版" in path


def test_trade_bills_come_in_five_widths(sample: Callable[[Faults], Made]) -> None:
    out, manifest = sample("some")
    widths: dict[int, set[str]] = {}
    for facts in manifest.files:
        if facts.source == WECHAT:
            heading = (out / facts.path).read_text("utf-8").splitlines()[1].split(",")
            widths.setdefault(len(heading), set()).update(heading)
    assert set(widths) == {20, 24, 26, 27, 29}
    for old in (24, 26):
        assert {"子商户号", "总金额", "企业红包金额", "企业红包退款金额"} <= widths[old]
        assert "应结订单金额" not in widths[old]


def test_alipay_bills_are_zips_of_details_and_summary_with_gbk_names(
    sample: Callable[[Faults], Made],
) -> None:
    out, manifest = sample("some")
    headings, kinds = set(), Counter[str]()
    for facts in manifest.files:
        if facts.source != ALIPAY or not facts.path.endswith(".zip"):
            continue
        with zipfile.ZipFile(out / facts.path) as packed:
            details, summary = packed.infolist()
            assert not (details.flag_bits | summary.flag_bits) & 0x800  # no mark of UTF-8
            names = [i.filename.encode("cp437").decode("gbk") for i in (details, summary)]
            kind = "业务明细" if "业务" in names[0] else "账务明细"
            assert names[0].endswith(f"_{kind}.csv")
            assert names[1].endswith(f"_{kind}(汇总).csv")
            texts = [packed.read(i).decode("gb18030").splitlines() for i in (details, summary)]
        assert all("合成数据" in text[0] for text in texts)
        assert all(text[-1].startswith("#导出时间") for text in texts)
        kinds[kind] += 1
        if kind == "账务明细":
            headings.add(texts[0][4])
    assert kinds == {"业务明细": 2, "账务明细": 3}  # the last day's business details are unpacked
    assert {h.count(",") + 1 for h in headings} == {8, 12, 13}
    assert all(h.startswith("账务流水号,") for h in headings)


def test_each_loads_with_what_it_states(loaded: tuple[Manifest, Landing]) -> None:
    manifest, landing = loaded
    accounts = {a.file_name: a for a in landing.accounts()}
    assert len(accounts) > 10
    for name, account in accounts.items():
        facts = next(f for f in manifest.files if f.path.endswith(f"/{name}"))
        assert (account.status, account.rows_read) == ("loaded", facts.rows.read), name
        assert account.rows_loaded == facts.rows.loaded == facts.rows.read, name
        assert int(account.amount_read_cny * 100) == facts.rows.fen_read, name
        assert (account.footer_agrees, account.footer_rows) == (True, facts.footer_rows), name
        assert conserves(account)
    for standing in resolve(landing.settings):
        claims = {name.rpartition(": ")[2] for name, _, _ in standing.outcome.claims}
        assert standing.outcome.unknown_columns == (), standing.receipt.file_name
        told = {"rows", "amount", "refund", "refund_coupon", "fee"}
        if standing.receipt.source == ALIPAY:
            of_account = "账务" in standing.receipt.file_name
            told = {"entries_in", "entries_out"} if of_account else {"trades_received"}
        assert told <= claims


def test_old_bills_take_off_with_a_minus_and_repeat_their_refunds(
    loaded: tuple[Manifest, Landing],
) -> None:
    lake = loaded[1].lake(WECHAT)
    refunds = lake.filter(pl.col("trade_status") == "REFUND")
    assert refunds["refund_fen"].max() < 0  # type: ignore[operator]  # polars knows no type here
    assert lake.filter(pl.col("trade_status") == "SUCCESS")["refund_fen"].unique().to_list() == [0]
    of_all, alone = (refunds.filter(bill_kind=kind) for kind in ("trade_all", "trade_refund"))
    assert 0 < of_all.height < alone.height
    assert of_all.join(alone, on=["order_no", "refund_no", "refund_fen"], how="anti").height == 0


def test_the_account_repeats_the_business_details(loaded: tuple[Manifest, Landing]) -> None:
    """Payment by payment and refund by refund, whatever the day's layout and signs."""
    lake = loaded[1].lake(ALIPAY)
    business, account = (lake.filter(bill_kind=kind) for kind in ("business", "account"))
    paid = business.filter(business_type="交易").select("order_no", fen="amount_fen")
    back = business.filter(business_type="退款").select("order_no", fen=pl.col("amount_fen").abs())
    came = account.filter(pl.col("amount_fen") > 0).select("order_no", fen="amount_fen")
    went = account.filter(pl.col("expense_fen").fill_null(0) != 0).select(
        "order_no", fen=pl.col("expense_fen").abs()
    )
    assert came.sort("order_no").equals(paid.sort("order_no"))
    assert went.sort("order_no").equals(back.sort("order_no"))
    assert min(paid.height, back.height) > 5
    # both printed signs are there
    assert set(account["expense_fen"].sign().drop_nulls()) == {-1, 0, 1}
    assert set(business.filter(business_type="退款")["amount_fen"].sign()) == {-1, 1}


def test_summaries_say_what_the_details_add_up_to(loaded: tuple[Manifest, Landing]) -> None:
    lake = loaded[1].lake(ALIPAY)
    details = lake.filter(bill_kind="account")
    told = lake.filter(bill_kind="account_summary").sum().row(0, named=True)
    assert told["summary_in_fen"] == details["amount_fen"].sum()
    assert told["entries_in"] == details.filter(pl.col("amount_fen") > 0).height
    assert told["expense_fen"] == details["expense_fen"].abs().sum()
    assert told["summary_net_fen"] == told["summary_in_fen"] - told["expense_fen"]
    stores = lake.filter(bill_kind="business_summary")
    assert set(stores["store_no"]) == {"SYNSTORE"}
    days = stores["export_date"].to_list()
    packed = lake.filter(pl.col("bill_kind") == "business", pl.col("export_date").is_in(days))
    kinds = dict(packed["business_type"].value_counts().iter_rows())
    assert (stores["trades"].sum(), stores["refunds"].sum()) == (kinds["交易"], kinds["退款"])
    assert stores["summary_in_fen"].sum() == packed["amount_fen"].sum()
