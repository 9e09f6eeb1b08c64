"""Real payment bills: every file loads; figures that they print wrongly are reported as such."""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.settings import PROJECT_ROOT, Settings, load_settings
from pipelines.sources import SOURCES
from pipelines.stages.build.accounts import LoadRecord, load_record
from pipelines.stages.load.load import load_all
from pipelines.stages.receive.pull import pull
from pipelines.stages.standing.resolve import Standing, resolve
from pipelines.stages.store.zones import lake_folder
from tests.flow.conftest import night, published
from tests.stages.landings import conserves

BILLS = PROJECT_ROOT.parent / "shared" / "data" / "payment-bills"
pytestmark = [
    pytest.mark.oracle,
    pytest.mark.flow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not BILLS.is_dir(), reason="the real bills are not beside the project"),
]
SUFFIXES = (".csv", ".xlsx")

#: Source, kind of bill, rows, law 1's amount, and whether the figures it prints agree (None: it
#: prints none), as the collection's own description and the files' lines have them.
EXPECTED = {
    "wechat_trade_ALL_legacy24.csv": ("wechat_trade_bills", "trade_all", 3, "0.00", True),
    "wechat_trade_REFUND_legacy26.csv": ("wechat_trade_bills", "trade_refund", 3, "0.00", True),
    "wechat_fundflow_BASIC.csv": ("wechat_fundflow_bills", None, 2, "0.02", False),
    "alipay_business_detail_2019.gbk.csv": ("alipay_business_bills", "business", 10, "0.02", True),
    "alipay_business_detail_2026.gbk.csv": ("alipay_business_bills", "business", 3, "9.93", False),
    "alipay_account_detail_2026.gbk.csv": ("alipay_business_bills", "account", 1, "88.00", True),
    "alipay_account_detail_empty.gbk.csv": ("alipay_business_bills", "account", 0, "0", True),
    "alipay_account_summary.gbk.csv": ("alipay_business_bills", "account_summary", 0, "0", None),
    "example-alipay-records.csv": ("alipay_business_bills", "personal", 10, "222687.51", False),
    "example-wechat-records.csv": ("wechat_trade_bills", "personal", 27, "29033.91", False),
    # two sheets of the same 27 lines, of which the second says that it has ten
    "example-wechat-records.xlsx": ("wechat_trade_bills", "personal", 54, "58067.82", False),
}


def _landed(root: Path) -> Settings:
    for path in sorted(BILLS.rglob("*")):
        if path.suffix in SUFFIXES:
            into = root / "landing" / EXPECTED[path.name][0]
            into.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, into)
    return load_settings(root / "warehouse", root / "landing", env={})


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = _landed(tmp_path_factory.mktemp("bills"))
    pull(settings)
    load_all(settings)
    return settings


def standings(settings: Settings) -> dict[str, Standing]:
    return {s.receipt.file_name: s for s in resolve(settings)}


def accounts(settings: Settings) -> dict[str, LoadRecord]:
    return {name: load_record(s) for name, s in standings(settings).items()}


def lines(settings: Settings, name: str) -> pl.DataFrame:
    """The lake rows of one file."""
    standing = standings(settings)[name]
    return pl.read_parquet(
        lake_folder(settings, standing.receipt, standing.partition) / "*.parquet"
    )


def test_every_file_loads_whole(loaded: Settings) -> None:
    told = accounts(loaded)
    assert set(told) == {p.name for p in BILLS.rglob("*") if p.suffix in SUFFIXES} == set(EXPECTED)
    for name, (source, kind, rows, yuan, _) in EXPECTED.items():
        account = told[name]
        assert (account.source, account.rows_read, account.rows_quarantined) == (source, rows, 0)
        assert account.status in ("loaded", "reissue"), (name, account.reason)
        assert not account.is_truncated, name
        assert conserves(account), name
        assert account.amount_read_cny == Decimal(yuan), name
        if rows and kind and account.status == "loaded":
            assert lines(loaded, name)["bill_kind"].unique().to_list() == [kind], name


def test_what_they_print_of_themselves_is_held_against_their_rows(loaded: Settings) -> None:
    told = accounts(loaded)
    assert {n: told[n].footer_agrees for n in EXPECTED} == {n: e[4] for n, e in EXPECTED.items()}


@pytest.mark.parametrize(
    ("name", "claims"),
    [
        ("wechat_trade_ALL_legacy24.csv", {"rows": ("3", "3"), "refund": ("0.03", "0.03")}),
        ("wechat_fundflow_BASIC.csv", {"rows": ("3", "2"), "income_rows": ("1", "0"),
                                       "spending": ("0.02", "0.02")}),
        ("alipay_business_detail_2019.gbk.csv", {"trades_received": ("0.06", "0.06"),
                                                 "refunds_received": ("-0.04", "-0.04")}),
        ("alipay_business_detail_2026.gbk.csv", {"trades_rows": ("3", "2"),
                                                 "trades_received": ("9.93", "9.91")}),
        ("alipay_account_detail_2026.gbk.csv", {"entries_in": ("88.00", "88.00"),
                                                "entries_in_rows": ("1", "1"),
                                                "entries_out_rows": ("0", "0")}),
        ("example-alipay-records.csv", {"rows": ("66", "10"), "income_rows": ("1", "1"),
                                        "income": ("28.50", "222228.50")}),
        ("example-wechat-records.csv", {"rows": ("43", "27")}),
        ("example-wechat-records.xlsx", {"example-wechat-records: rows": ("43", "27"),
                                         "Sheet1: rows": ("10", "27")}),
    ],
)  # fmt: skip
def test_false_figures_are_named_with_both_values(
    loaded: Settings, name: str, claims: dict[str, tuple[str, str]]
) -> None:
    told = {c: (p, f) for c, p, f in standings(loaded)[name].outcome.claims}
    assert claims.items() <= told.items()


def _ledger(name: str) -> list[tuple[str, Decimal]]:
    """(paid at, amount) of every transaction of an expected ledger."""
    text = (BILLS / "personal-double-entry-generator" / name).read_text(encoding="utf-8")
    found = []
    for block in re.split(r"\n(?=\d{4}-\d\d-\d\d \*)", text):
        at = re.search(r'payTime: "(\S+ \S+) ', block)
        sums = [
            Decimal(m[2])
            for m in re.finditer(r"^\s+([A-Z]\S+) (-?[\d.]+) CNY", block, re.MULTILINE)
        ]
        if at:
            # everything debited: a withdrawal's fee is part of what left the account
            found.append((at[1], sum((s for s in sums if s > 0), Decimal(0))))
    return found


@pytest.mark.parametrize(
    ("ledger", "bill"),
    [
        ("example-alipay-output.beancount", "example-alipay-records.csv"),
        ("example-wechat-output.beancount", "example-wechat-records.csv"),
    ],
)
def test_personal_ledgers_amounts_are_the_expected_ones(
    loaded: Settings, ledger: str, bill: str
) -> None:
    rows = lines(loaded, bill)
    read = [
        (f"{at:%Y-%m-%d %H:%M:%S}", Decimal(fen).scaleb(-2))
        for at, fen in rows.select("traded_at", "amount_fen").iter_rows()
    ]
    expected = _ledger(ledger)
    assert len(expected) >= 7
    left = list(read)
    for line in expected:
        assert line in left, line
        left.remove(line)
    # the expected ledger of Alipay leaves out closed trades and refunds of them
    closed = {"2023-01-10 13:10:16", "2023-01-09 18:22:28", "2023-01-09 18:21:50"}
    assert {at for at, _ in left} == (closed if "alipay" in bill else set())


def test_nobody_is_named(loaded: Settings) -> None:
    personal = {"payer", "counterparty", "method", "note", "ledger_note", "ledger_goods", "packet"}
    for source in {e[0] for e in EXPECTED.values()}:
        assert not personal & SOURCES[source].lake_schema().keys()
    files = sorted(str(p) for p in (loaded.lake).rglob("*.parquet"))
    for path in files:
        with duckdb.connect() as db:
            text = str(db.execute(f"from read_parquet('{path}')").fetchall())
        for word in ("oTEST_openid", "同性好友", "qq.com", "银行", "138******00"):
            assert word not in text, (path, word)


def test_each_line_stands_once_in_the_settlement(loaded: Settings) -> None:
    """The bill of refunds repeats those of the bill of all lines; ledgers are no settlement."""
    gates = night(loaded)
    assert not gates.blocked, [(r.rule_id, r.observed, r.sample) for r in gates.blocking]
    with published(loaded) as db:
        told = db.execute(
            "select bill_kind, line_kind, match_status, count(*), sum(amount_cny)"
            " from star.fact_settlement group by all order by all"
        ).fetchall()
        footers = db.execute(
            "select file_name, footer_agrees from ops.load_audit where footer_agrees is not null"
        ).fetchall()
    assert [(*row[:4], str(row[4])) for row in told] == [
        ("account", "payment", "only_in_bill", 1, "88.00"),
        ("business", "payment", "only_in_bill", 8, "9.97"),
        ("business", "refund", "only_in_bill", 5, "-0.06"),
        ("fundflow", "refund", "only_in_bill", 2, "-0.02"),
        ("trade_refund", "refund", "only_in_bill", 3, "-0.03"),
    ]
    assert dict(footers) == {n: e[4] for n, e in EXPECTED.items() if e[4] is not None}
