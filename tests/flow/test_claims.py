"""Printed figures from files to verdicts: five real articles, a reader's own, the sample's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import load_settings
from sample import Faults
from sample.printed_claims import articles
from tests.flow.conftest import Released, night, published
from tests.flow.figures import FILES

_CLAIMS = "公布数编号,发布者,发布日期,指标,下限,上限,单位,修饰语,期间,摘录"
_CHECKS = "核对编号,公布数编号,核对方式,比较,右方公布数,右方数,集市,集市列,集市筛选,范围齐全"
#: Five gifts of 290 yuan before refunds belong to giving-2024 (`figures`).
_SUMMARY = "campaign_summary"
OWN = {
    "published_claims/自有_20250101.csv": [
        _CLAIMS,
        "own-gifts,某刊,2025-01-01,笔数,5,5,笔,,,共5笔",
        "own-gross,某刊,2025-01-01,总额,300,300,元,约,,约300元",
        "own-gross-off,某刊,2025-01-01,总额,2.9,2.9,万元,,,2.9万元",
        "own-total,某刊,2025-01-01,总额,3.20,3.20,亿元,,,3.20亿元",
        "own-count,某刊,2025-01-01,人次,400,400,万人次,,,400万人次",
        "own-mean,某刊,2025-01-01,笔均,80,80,元,,,80元",
        "own-mean-off,某刊,2025-01-01,笔均,82.5,82.5,元,,,82.5元",
        "own-base,某刊,2025-01-01,问卷,7,7,份,,,7份",
        "own-share,某刊,2025-01-01,占比,42.86,42.86,%,,,42.86%",
        "own-share-off,某刊,2025-01-01,占比,40,40,%,,,40%",
        "own-early,某刊,2024-01-01,累计,500,,万元,超,,超500万元",
        "own-late,某刊,2025-01-01,累计,480,480,万元,,,480万元",
        "own-slip,某刊,2025-01-01,总额,3.20,3.20,亿元,,,3.20万元",
    ],
    "claim_checks/自有_20250101.csv": [
        _CHECKS,
        f"own-1,own-gifts,与仓库比,等于,,,{_SUMMARY},donation_count,campaign_id=giving-2024,是",
        f"own-2,own-gross,与仓库比,等于,,,{_SUMMARY},gross_cny,campaign_id=giving-2024,是",
        f"own-3,own-gross-off,与仓库比,等于,,,{_SUMMARY},gross_cny,campaign_id=giving-2024,是",
        f"own-4,own-gifts,与仓库比,等于,,,{_SUMMARY},donation_count,campaign_id=giving-2024,",
        f"own-5,own-gifts,与仓库比,等于,,,{_SUMMARY},donation_count,campaign_id=nowhere,是",
        f"own-6,own-gifts,与仓库比,等于,,,{_SUMMARY},no_such_column,campaign_id=giving-2024,是",
        "own-7,own-mean,相除,等于,own-total;own-count,,,,,",
        "own-8,own-mean-off,相除,等于,own-total;own-count,,,,,",
        "own-9,own-share,整数占比,等于,own-base,,,,,",
        "own-10,own-share-off,整数占比,等于,own-base,,,,,",
        "own-11,own-late,累计,,own-early,,,,,",
        "own-12,own-total,合计,等于,own-early;own-late,,,,,",
        "own-13,own-slip,同数,等于,own-total,,,,,",
        "own-14,own-base,同数,等于,,7,,,,",
        "own-15,own-share,同数,等于,own-total,,,,,",
    ],
}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    settings = load_settings(tmp_path_factory.mktemp("claims"), env={})
    texts = {name: "\n".join(lines).encode() + b"\n" for name, lines in {**FILES, **OWN}.items()}
    texts |= {f"{source}/{name}": text.to_bytes() for source, (name, text) in articles().items()}
    for name, data in texts.items():
        path: Path = settings.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    gates = night(settings)
    assert not gates.blocked, [r for r in gates.results if r.status in ("fail", "error")]
    with published(settings) as connection:
        yield connection


def _found(release: duckdb.DuckDBPyConnection, check_id: str) -> tuple[str, str | None]:
    sql = "select verdict, obstacle from marts.claim_check where check_id = ?"
    [(verdict, obstacle)] = release.execute(sql, [check_id]).fetchall()
    return verdict, obstacle


@pytest.mark.parametrize(
    ("check_id", "expected"),
    [
        ("mean-2015", ("agrees", None)),
        ("mean-2020", ("differs", None)),
        ("raised-ratio", ("agrees", None)),
        ("raised-growth", ("differs", None)),
        ("gifts-ratio", ("agrees", None)),
        ("gifts-growth", ("differs", None)),
        ("stable-funds-of-202", ("agrees", None)),
        ("stable-funds-twice", ("agrees", None)),
        ("fundraiser-of-202", ("differs", None)),
        ("fundraiser-of-118", ("agrees", None)),
        ("no-team-of-202", ("differs", None)),
        ("tongling-sum", ("agrees", None)),
        ("huoshui-raised-later", ("agrees", None)),
        ("huoshui-participations-later", ("not_computable", "right_digits_lost")),
        ("funds-planned-and-founded", ("not_computable", "not_comparable")),
        ("raised-2020-within-day", ("not_computable", "scope_not_loaded")),
    ],
)
def test_the_five_articles(
    release: duckdb.DuckDBPyConnection, check_id: str, expected: tuple[str, str | None]
) -> None:
    assert _found(release, check_id) == expected


def test_the_mean_of_2020_is_told_in_figures(release: duckdb.DuckDBPyConnection) -> None:
    sql = """select printed_value, computed_value, computed_low, computed_high, difference,
                    note_zh, note_en
             from marts.claim_check where check_id = 'mean-2020'"""
    [(printed, computed, low, high, difference, zh, en)] = release.execute(sql).fetchall()
    # 2,265,000,000 ÷ 55,947,400; the bounds of the digits divided by each other
    assert (printed, computed) == (Decimal("41.18"), Decimal("40.484455"))
    assert (low, high) == (Decimal("40.475481"), Decimal("40.493429"))
    assert difference == Decimal("0.695545")
    assert "不符" in zh
    assert "differs" in en


def test_a_ratio_called_growth_is_told(release: duckdb.DuckDBPyConnection) -> None:
    sql = "select computed_value, note_zh from marts.claim_check where check_id = 'raised-growth'"
    [(computed, note)] = release.execute(sql).fetchall()
    assert computed == Decimal("22.59375")
    assert "所印为倍数之比，不是增长率" in note


def test_digits_lost_in_a_reprint_are_claims_all_the_same(
    release: duckdb.DuckDBPyConnection,
) -> None:
    sql = """select claim_id, verdict, obstacle from marts.claim_check
             where obstacle = 'digits_lost' order by claim_id"""
    lost = [f"gys-{x}" for x in ("fund-earned", "fund-households", "fund-people", "fund-size")]
    expected = [(c, "not_computable", "digits_lost") for c in [*lost, "gys-participations"]]
    assert release.execute(sql).fetchall() == expected


def test_every_figure_of_the_articles_has_its_row(release: duckdb.DuckDBPyConnection) -> None:
    """None is refused, none contradicts its own quotation, none goes unmentioned."""
    sql = """select source, rows_read, rows_loaded from ops.load_audit
             where file_name like '五篇%' order by 1"""
    assert release.execute(sql).fetchall() == [
        ("claim_checks", 48, 48),
        ("published_claims", 178, 178),
    ]
    sql = """select claim_id from star.fact_published_claim
             where claim_id not in (select claim_id from marts.claim_check)"""
    assert release.execute(sql).fetchall() == []


@pytest.mark.parametrize(
    ("check_id", "expected"),
    [
        ("own-1", ("agrees", None)),
        ("own-2", ("agrees", None)),
        ("own-3", ("differs", None)),
        ("own-4", ("not_computable", "scope_not_vouched")),
        ("own-5", ("not_computable", "scope_not_loaded")),
        ("own-6", ("not_computable", "scope_not_loaded")),
        ("own-7", ("agrees", None)),
        ("own-8", ("differs", None)),
        ("own-9", ("agrees", None)),
        ("own-10", ("differs", None)),
        ("own-11", ("differs", None)),
        ("own-12", ("not_computable", "running_totals_added")),
        ("own-13", ("not_computable", "claim_unknown")),
        ("own-14", ("agrees", None)),
        ("own-15", ("not_computable", "units_differ")),
    ],
)
def test_a_readers_own_claims_are_checked_alike(
    release: duckdb.DuckDBPyConnection, check_id: str, expected: tuple[str, str | None]
) -> None:
    assert _found(release, check_id) == expected


def test_a_slip_of_the_unit_is_in_quarantine(release: duckdb.DuckDBPyConnection) -> None:
    sql = "select rule_ids from ops.quarantine where source = 'published_claims'"
    assert release.execute(sql).fetchall() == [("published_claims.value_as_printed",)]


def test_the_warehouse_is_compared_with_what_it_holds(release: duckdb.DuckDBPyConnection) -> None:
    sql = """select computed_value, difference, right_side, note_zh from marts.claim_check
             where check_id = 'own-3'"""
    [(computed, difference, right, note)] = release.execute(sql).fetchall()
    assert (computed, difference) == (Decimal(290), Decimal(28_710))
    assert right == "campaign_summary.gross_cny (campaign_id=giving-2024)"
    assert "仓库所知止于" in note


def test_what_the_sample_prints_wrong_is_found(
    released: Callable[[Faults], Released],
) -> None:
    """And nothing else of its own; what is said about real articles is no verdict on them."""
    made = released("some")
    planted = {(p.rule, p.key) for p in made.manifest.of_level("claim")}
    sql = """select check_id, claim_id from marts.claim_check
             where check_id like 'SYN%' and verdict = 'differs'"""
    assert planted
    assert set(made.file.execute(sql).fetchall()) == planted
    sql = """select distinct verdict from marts.claim_check where check_kind = 'mart'"""
    assert made.file.execute(sql).fetchall() == [("not_computable",)]
    sql = """select obstacle, note_zh from marts.claim_check
             where check_id = 'scl-admitted-in-warehouse'"""
    [(obstacle, note)] = made.file.execute(sql).fetchall()
    assert obstacle == "sample_data"
    assert "合成样本" in note
