"""Numbers beyond all bounds: kept as text in quarantine, never added up, in every source."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.cleaning.numbers import total
from pipelines.reading.claims import figure
from pipelines.sources import SOURCES, Column, Kind, Source
from pipelines.sources.contract import MOST, MOST_OF_A_COUNT, MOST_OF_A_FILE
from pipelines.stages.load.reasons import BEYOND
from tests.stages.landings import GOOD, Landing, conserves, row, table

NUMBERS = (Kind.MONEY, Kind.FINE_MONEY, Kind.INTEGER)
TOO_LARGE = ("5e16", "-5e16", "50000000000000000.00", "1e30", "-1e30", "9" * 40, "1e18", "2e12亿")


def _columns() -> list[tuple[Source, Column]]:
    """Every number of every source that its good row shows."""
    return [
        (source, column)
        for source in SOURCES.values()
        for column in source.columns
        if column.kind in NUMBERS and _heading(source, column)
    ]


def _heading(source: Source, column: Column) -> str | None:
    return next((h for h in column.accepted if h in GOOD[source.name]), None)


@pytest.mark.parametrize(
    ("source", "column"), _columns(), ids=lambda part: getattr(part, "name", "")
)
def test_every_number_of_every_source(tmp_path: Path, source: Source, column: Column) -> None:
    """A row with such a number is refused with its text; the others stand, and the sums too."""
    heading = _heading(source, column)
    assert heading is not None
    texts = [t for t in TOO_LARGE if column.kind is not Kind.INTEGER or "亿" not in t]
    landing = Landing(tmp_path)
    rows = [row(source.name), *(row(source.name, **{heading: text}) for text in texts)]
    landing.put(f"{source.name}/f_20240802.csv", table(rows))
    (record,) = landing.load()
    assert record.status == "loaded", record.reason
    assert conserves(record)
    refused = landing.refused_rows()
    assert refused["source_row"].to_list() == list(range(3, 3 + len(texts)))
    assert all(BEYOND in rules.split(";") for rules in refused["rule_ids"])
    assert not any("readable" in rules for rules in refused["rule_ids"])
    for text, raw in zip(texts, refused["raw_text"], strict=True):
        assert text in raw
    assert record.amount_quarantined_cny == 0 or column.name != source.money_column
    lake = landing.lake(source.name)
    assert lake.height == 1
    assert abs(lake[column.lake_name][0]) <= column.most


@pytest.mark.parametrize("sign", ["", "-"])
def test_the_bound_itself(tmp_path: Path, sign: str) -> None:
    """The largest number stands, one fen more does not."""
    most = f"{sign}{MOST // 100}"
    landing = Landing(tmp_path)
    rows = [row("organizations", 净资产=f"{most}元"), row("organizations", 净资产=f"{most}.01元")]
    landing.put("organizations/register.csv", table(rows))
    (record,) = landing.load()
    assert (record.rows_loaded, record.rows_quarantined) == (1, 1)
    (value,) = landing.lake("organizations")["net_assets_fen"]
    assert abs(value) == MOST


def test_counts_that_the_models_keep_in_32_bits() -> None:
    """Rounds, levels, days, years, evidence and a list's length have a bound of their own."""
    counts = {
        (s.name, c.name) for s in SOURCES.values() for c in s.columns if c.most == MOST_OF_A_COUNT
    }
    assert counts == {
        ("county_lists", "official_count"),
        ("org_annual_reports", "year"),
        ("review_chains", "level_no"),
        ("review_chains", "sla_days"),
        ("review_records", "round_no"),
        ("review_records", "level_no"),
        ("review_records", "evidence_count"),
    }


def test_a_file_whose_rows_come_to_too_much(tmp_path: Path) -> None:
    """Each amount is within bounds, their sum is not: the file is refused, another one stands."""
    landing = Landing(tmp_path)
    amount = f"{MOST // 100}"
    count = MOST_OF_A_FILE // MOST + 1
    rows = [{"序号": str(n), "捐赠人": "测试", "捐赠金额": amount} for n in range(count)]
    landing.put("donation_notices/much_20240802.csv", table(rows))
    landing.put("donation_notices/good_20240803.csv", table(rows[:2]))
    much, good = landing.load()
    assert much.status == "refused"
    assert (much.reason or "").startswith("file.beyond_bounds")
    assert much.rows_read == much.amount_read_cny == 0
    assert (good.status, good.rows_loaded) == ("loaded", 2)
    assert landing.lake("donation_notices").height == 2


@pytest.mark.parametrize("printed", ["1e30", "-1e30", "5e16", "9" * 60, "1e999", "NaN", "1e99999"])
def test_a_footer_beyond_all_sense(tmp_path: Path, printed: str) -> None:
    """It is no amount; as a claim it is told, and is wrong. What is no figure is none."""
    landing = Landing(tmp_path)
    rows = [row("donation_notices"), {"序号": "合计", "捐赠金额": printed}]
    landing.put("donation_notices/n_20240802.csv", table(rows))
    (record,) = landing.load()
    assert (record.status, record.rows_loaded) == ("loaded", 1)
    assert record.footer_amount_cny is None
    assert record.footer_agrees is (None if printed == "NaN" else False)


def test_a_printed_claim_beyond_all_sense() -> None:
    """A bill's own figures can be written down, however large or small."""
    assert figure("1e999999999") == Decimal("1e30")
    assert figure("-1e999999999") == Decimal("-1e30")
    assert figure("1e-999999999") == 0
    assert figure("0e-999999999") == 0
    assert (figure("NaN"), figure("sNaN"), figure("Infinity")) == (None, None, None)
    assert str(figure("0.00")) == "0.00"


def test_sums_beyond_64_bits() -> None:
    """Polars' own sum would turn over in silence."""
    assert total(pl.Series([2**62] * 5)) == 5 * 2**62
    assert total(pl.Series([-(2**62)] * 5)) == -5 * 2**62
    assert total(pl.Series([1, None, 2])) == 3
    assert total(pl.Series([None, None], dtype=pl.Int64)) == 0
    assert total(pl.Series([], dtype=pl.Int64)) == 0
