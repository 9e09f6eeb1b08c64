"""Real notices, published in 2020 by two Red Cross societies: counts and sums to the fen."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from pipelines.settings import PROJECT_ROOT, Settings, load_settings
from pipelines.stages.build.accounts import LoadRecord
from tests.flow.conftest import night, published
from tests.stages.landings import conserves

NOTICES = PROJECT_ROOT.parent / "shared" / "data" / "cn-donations-redcross"
pytestmark = [
    pytest.mark.oracle,
    pytest.mark.flow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not NOTICES.is_dir(), reason="the real notices are not beside the project"),
]

#: Rows and yuan, as the collection's own description gives them (its day totals as it prints them).
EXPECTED = {
    "hubei_donate01.masked.xlsx": (60, "3482232.11"),
    "hubei_donate02.masked.xlsx": (1633, "38422322.24"),
    "hubei_donate03.masked.xlsx": (1995, "153967316.14"),
    "hubei_donate04.masked.xlsx": (1995, "153967316.14"),
    "hubei_donate08-2020-02-01.masked.xlsx": (2860, "29763117.98"),
    "hubei_donate09-2020-02-02.masked.xlsx": (2101, "36933014.91"),
    "hubei-donation.csv": (15, "371340245.72"),
    "wuhan-donation.csv": (10, "537772900.00"),
    "hubei-outflow.csv": (17, "8624570.00"),
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    root = tmp_path_factory.mktemp("redcross")
    into = root / "landing" / "donation_notices"
    into.mkdir(parents=True)
    for path in sorted(NOTICES.iterdir()):
        if path.suffix in (".xlsx", ".csv"):
            shutil.copy2(path, into)
    told = load_settings(root / "warehouse", root / "landing", env={})
    gates = night(told)
    assert not gates.blocked, [(r.rule_id, r.observed, r.sample) for r in gates.blocking]
    return told


def accounts(settings: Settings) -> dict[str, LoadRecord]:
    from pipelines.stages.build.accounts import load_record
    from pipelines.stages.standing.resolve import resolve

    return {s.receipt.file_name: load_record(s) for s in resolve(settings)}


def test_every_row_and_every_fen(settings: Settings) -> None:
    told = accounts(settings)
    assert set(told) == set(EXPECTED)
    for name, (rows, yuan) in EXPECTED.items():
        account = told[name]
        assert (account.rows_read, account.amount_read_cny) == (rows, Decimal(yuan)), name
        assert account.rows_quarantined == 0, name
        assert conserves(account), name


def test_footers_agree_and_the_reissue_is_recognised(settings: Settings) -> None:
    told = accounts(settings)
    for name in EXPECTED:
        assert told[name].footer_agrees is (True if name.endswith("xlsx") else None), name
    statuses = {n: told[n].status for n in EXPECTED}
    pair = {statuses.pop("hubei_donate03.masked.xlsx"), statuses.pop("hubei_donate04.masked.xlsx")}
    assert pair == {"loaded", "reissue"}
    assert set(statuses.values()) == {"loaded"}


def test_the_star_holds_them_once(settings: Settings) -> None:
    with published(settings) as db:
        told = db.execute(
            "select count(*), sum(amount_cny) from star.fact_notice_donation"
            " where line_kind = 'gift'"
        ).fetchone()
    gifts = [v for n, v in EXPECTED.items() if n.endswith("xlsx") and "04" not in n]
    assert told == (sum(r for r, _ in gifts), sum(Decimal(y) for _, y in gifts))


def _printed_donors() -> set[str]:
    """What stands in the workbooks' column of donors, read apart from the project's readers."""
    found: set[str] = set()
    for path in NOTICES.glob("*.xlsx"):
        for sheet in CalamineWorkbook.from_path(str(path)).sheet_names:
            rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()
            at = next(n for n, cells in enumerate(rows) if str(cells[0]).strip() == "序号")
            found |= {str(cells[2]).strip() for cells in rows[at + 1 :]}
    return found - {""}


def test_organisations_are_named_and_persons_are_not(settings: Settings) -> None:
    with published(settings) as db:
        named = {
            n
            for (n,) in db.execute(
                "select distinct donor_name_public from star.fact_notice_donation"
            ).fetchall()
            if n
        }
        persons = db.execute(
            "select count(*), count(donor_key) from star.fact_notice_donation"
            " where donor_kind = 'person' and donor_name_public is not null"
        ).fetchone()
    assert "武汉奇致激光技术股份有限公司" in named
    assert persons == (0, 0)
    assert not [n for n in named if "*" in n or len(n) < 4]
    # persons' names are cut to a character and a star there: what has none is an organisation's
    whole = {n for n in _printed_donors() if "*" not in n}
    assert len(whole) > 180
    assert len(named) >= 0.95 * len(whole)


def test_a_second_night_changes_nothing(settings: Settings) -> None:
    from pipelines.publishing.releases import published_release
    from pipelines.stages.build.inputs import inputs_of
    from pipelines.stages.load.due import pending
    from pipelines.stages.receive.pull import pull

    release = published_release(settings)
    assert not pull(settings).new
    assert not pending(settings)
    assert release is not None
    assert inputs_of(settings).hash == release.inputs_hash


def test_the_notices_are_not_in_the_project() -> None:
    tracked = (PROJECT_ROOT / "tests", PROJECT_ROOT / "pipelines", PROJECT_ROOT / "dbt_project")
    names = {p.name for p in NOTICES.iterdir()}
    assert not [p for t in tracked for p in Path(t).rglob("*") if p.name in names]
