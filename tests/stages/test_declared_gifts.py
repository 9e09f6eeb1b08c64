"""A further format of gifts is declared in a few lines, gifts in several currencies too."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.dictionary import Kind
from pipelines.reading.headings import vocabulary
from pipelines.sources import SOURCES
from pipelines.sources.contract import Column, Source
from pipelines.stages.load.reasons import row_rules
from tests.stages.landings import Landing, conserves

#: All that is said of the format: its columns, its amount, and that other money is kept.
GRANTS = Source(
    name="overseas_gifts",
    title_zh="境外捐赠",
    title_en="Gifts from abroad",
    dated=True,
    money_column="amount",
    columns=(
        Column("gift_no", Kind.ID, ("Gift No",), "编号", "Number", required=True, key=True),
        Column("donor", Kind.TEXT, ("Donor",), "捐赠方", "Donor", personal=True),
        Column("amount", Kind.MONEY, ("Amount",), "金额", "Amount", required=True,
               other_money=True),
        Column("given_on", Kind.DATE, ("Date",), "日期", "Day", required=True),
    ),
)  # fmt: skip # a declaration

ROWS = """Gift No,Donor,Amount,Currency,Date
g1,A,"1,000.00",CNY,2024-08-01
g2,B,"1,000.50",USD,2024-08-01
g3,C,250,,2024-08-01
g4,D,HK$500,,2024-08-01
g5,E,-75.25,EUR,2024-08-01
g6,F,"$2,000",USD,2024-08-01
g7,G,1.2万美元,,2024-08-01
g8,H,100,人民币,2024-08-01
g9,I,￥100,USD,2024-08-01
g10,J,€100,USD,2024-08-01
g11,K,若干,GBP,2024-08-01
g12,L,1.005,GBP,2024-08-01
"""


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The format among the sources, for the length of a test."""
    for remembered in (vocabulary, row_rules):
        remembered.cache_clear()
    monkeypatch.setitem(SOURCES, GRANTS.name, GRANTS)
    yield
    for remembered in (vocabulary, row_rules):
        remembered.cache_clear()


def test_other_money_is_kept_with_its_currency_and_never_summed_as_yuan(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put(f"{GRANTS.name}/gifts_20240802.csv", ROWS.encode())
    (account,) = landing.load()
    assert conserves(account)
    lake = landing.lake(GRANTS.name).sort("source_row")
    assert lake.select("gift_no", "amount_fen", "amount_other", "amount_currency").rows() == [
        ("g1", 100_000, None, None),
        ("g2", None, Decimal("1000.50"), "USD"),
        ("g3", 25_000, None, None),
        ("g4", None, Decimal("500.00"), "HK$"),
        ("g5", None, Decimal("-75.25"), "EUR"),
        ("g6", None, Decimal("2000.00"), "USD"),
        ("g7", None, Decimal("12000.00"), "美元"),
        ("g8", 10_000, None, None),
    ]
    assert lake["unread"].null_count() == lake.height
    assert lake["given_on"].unique().to_list() == [datetime.date(2024, 8, 1)]
    # three gifts in yuan; what names two currencies, or cannot be read exactly, is in quarantine
    assert (account.rows_read, account.rows_loaded, account.rows_quarantined) == (12, 8, 4)
    assert account.amount_read_cny == account.amount_loaded_cny == Decimal("1350.00")
    refused = landing.refused_rows().sort("source_row")
    assert refused["rule_ids"].to_list() == ["any.other_currency"] * 4
    assert "GBP" in refused["raw_text"][-1]


def test_a_heading_may_name_the_currency_of_all(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    data = "Gift No,Amount（美元）,Date\ng1,100.00,2024-08-01\ng2,￥7,2024-08-01\n"
    landing.put(f"{GRANTS.name}/gifts_20240802.csv", data.encode())
    (account,) = landing.load()
    lake = landing.lake(GRANTS.name).sort("source_row")
    assert lake.select("amount_fen", "amount_other", "amount_currency").rows() == [
        (None, Decimal("100.00"), "美元"),
        (700, None, None),
    ]
    assert account.amount_loaded_cny == Decimal("7.00")
    assert lake.schema["amount_other"] == pl.Decimal(18, 2)
