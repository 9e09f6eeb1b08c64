"""Law 9 over every column of every source: a person's number ends where its file is read."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from typer.testing import CliRunner

from pipelines.cleaning.identities import PREFIX
from pipelines.cli.main import app
from pipelines.sources import SOURCES, Kind
from pipelines.stages.build.findings import drifts, file_pairs, left_outs
from pipelines.stages.load.donors import PRIVATE
from pipelines.stages.receive.pull import archived
from pipelines.stages.standing.resolve import resolve
from pipelines.stages.store.archive_faults import archive_faults
from pipelines.stages.store.healing import heal
from tests.stages.landings import GOOD, OTHER_USCC, Landing, conserves, row, table

IDENTITY = "110101199001011237"  # its check character is right
MISTYPED = "510100198001011234"
PHONE = "13800000001"
OLD, CARD = "510100900101123", "6222020000000000000"
NUMBERS = (IDENTITY, MISTYPED, PHONE, OLD, CARD)
#: Amounts, days and steps are bounded by their own rules: a number among them is no text.
_TEXTUAL = (Kind.TEXT, Kind.ID, Kind.CODE, Kind.FLAG, Kind.SHARE)
CELLS = [
    (source, next((h for h in GOOD[source] if h in column.accepted), heading))
    for source, contract in SOURCES.items()
    for column in contract.columns
    if column.kind in _TEXTUAL or (column.kind is Kind.INTEGER and not column.by_machine)
    for heading in column.accepted[-1:]
]


def _told(landing: Landing) -> str:
    """Everything that a release would be made of: lake, quarantine, accounts, drift, left out."""
    standings = resolve(landing.settings)
    written = [str(landing.accounts()), str(drifts(standings)), str(left_outs(standings))]
    written += [str(file_pairs(standings)), str(archive_faults(landing.settings))]
    written += [str(landing.refused_rows().to_dicts())]
    written += [str(landing.lake(s).to_dicts()) for s in SOURCES]
    return "".join(written)


@pytest.mark.parametrize("source", sorted({source for source, _ in CELLS}))
def test_no_column_lets_one_through(tmp_path: Path, source: str) -> None:
    landing = Landing(tmp_path)
    for at, heading in enumerate(h for of, h in CELLS if of == source):
        rows = [
            row(source, **{heading: n}) for n in (*NUMBERS, f" `{IDENTITY}", f"备注：{PHONE}。")
        ]
        landing.put(f"{source}/{at}/a_20240802.csv", table(rows))
    accounts = landing.load()
    assert all(conserves(account) for account in accounts)
    assert sum(account.rows_read for account in accounts) > 0
    told = _told(landing)
    assert [n for n in NUMBERS if n in told] == []


def test_what_hangs_on_such_an_id_still_meets(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put("campaigns/a_20240802.csv", table([row("campaigns", 活动编号=IDENTITY)]))
    entry = row("campaign_entries", 活动编号=f"`{IDENTITY}", 项目编号=MISTYPED)
    landing.put("campaign_entries/a_20240802.csv", table([entry]))
    landing.load()
    (campaign,) = landing.lake("campaigns")["campaign_id"]
    (entered,) = landing.lake("campaign_entries")["campaign_id"]
    assert campaign == entered
    assert campaign.startswith(PREFIX)
    assert landing.lake("campaign_entries")["project_no"][0] not in (campaign, MISTYPED)


def test_a_sponsor_with_an_identity_number_is_a_person_and_not_named(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    rows = [
        row(
            "tencent_matching",
            配捐流水号=f"MT000000000{n}",
            配捐方=name,
            配捐方统一社会信用代码=code,
        )
        for n, (name, code) in enumerate(
            [("测试甲", MISTYPED), ("某某有限公司", MISTYPED), ("测试甲", OTHER_USCC)]
        )
    ]
    landing.put("tencent_matching/a_20240802.csv", table(rows))
    (account,) = landing.load()
    assert account.rows_loaded == 3
    lake = landing.lake("tencent_matching").sort("matching_no")
    assert lake["sponsor_name"].to_list() == [PRIVATE, "某某有限公司", "测试甲"]
    assert [code.startswith(PREFIX) for code in lake["sponsor_uscc"]] == [True, True, False]


def test_headings_sheets_and_file_names_hold_none(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    # two such names in one heading look like rows that lost their line ends
    for day, name in ((2, IDENTITY), (3, f"经手人{PHONE}")):
        headed = row("tencent_progress", 进展编号=f"pg{day}") | {name: "甲"}
        landing.put(f"tencent_progress/{IDENTITY}/进展_2024080{day}_{PHONE}.csv", table([headed]))
    landing.put(f"tencent_donations/{PHONE}.csv", table([row("tencent_donations")]))  # undated
    path = landing.put(f"donation_notices/公示_20240802_{CARD}.xlsx", b"")
    with xlsxwriter.Workbook(str(path)) as book:
        for name in (PHONE, "13800000002"):
            sheet = book.add_worksheet(name)
            for at, line in enumerate(
                (("捐赠人", "捐赠金额"), ("测试捐赠人", 5), ("测试捐赠人", "五"))
            ):
                sheet.write_row(at, 0, line)
    accounts = landing.load()
    assert [a.status for a in accounts].count("loaded") == 3
    assert [a.reason is not None for a in accounts if a.status == "refused"] == [True]
    told = _told(landing)
    assert [n for n in (*NUMBERS, "13800000002") if n in told] == []
    sheets = landing.lake("donation_notices")["source_sheet"]
    assert sheets.n_unique() == 2  # two sheets stay two


def test_two_files_whose_names_differ_in_such_a_number_are_two(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    for phone, project in ((PHONE, "1"), ("13800000002", "2")):
        rows = [row("tencent_progress", 进展编号=f"pg{project}", 项目编号=project)]
        landing.put(f"tencent_progress/进展_20240802_{phone}.csv", table(rows))
    assert [a.status for a in landing.load()] == ["loaded", "loaded"]


def test_platform_nicknames_are_persons(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    names = ("大学生小王", "厂妹", "车队长", "小卖部", "爱心公司", "社区老张", "晴川科技有限公司")
    rows = [
        row(
            "tencent_donations", 订单号=f"1000000000000000000{n}", 捐款人ID=f"u{n}", 捐款人昵称=name
        )
        for n, name in enumerate(names)
    ]
    landing.put("tencent_donations/a_20240802.csv", table(rows))
    landing.load()
    lake = landing.lake("tencent_donations").sort("order_no")
    assert lake["donor_kind"].to_list() == ["person"] * 6 + ["organization"]


def test_notices_name_organizations_only(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    names = ("张三（某某有限公司）", "某某公司张三", "志愿者赵六", "李四 某某医院", "某某有限公司")
    rows = [row("donation_notices", 捐赠人=name) for name in names]
    landing.put("donation_notices/a_20240802.csv", table(rows))
    landing.load()
    lake = landing.lake("donation_notices").sort("source_row")
    assert lake["donor_name_public"].to_list() == [None] * 4 + ["某某有限公司"]
    assert lake["donor_kind"].to_list() == ["person"] * 4 + ["organization"]


def test_names_of_files_hold_none_where_files_are_compared_held_or_lost(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    name = f"公示_20240802_{PHONE}.csv"
    gifts = [row("donation_notices", 序号=str(n), 捐赠金额=f"{n}.00") for n in range(1, 31)]
    landing.put(f"donation_notices/{IDENTITY}/{name}", table(gifts))
    landing.put(f"donation_notices/{CARD}/{name}", table(gifts[:1]))
    landing.load()
    landing.put(f"donation_notices/{IDENTITY}/{name}", table(gifts[:1]))
    landing.load()
    standings = resolve(landing.settings)
    assert "held" in {s.status for s in standings}
    assert file_pairs(standings)
    lost = archived(landing.settings, standings[0].receipt)
    lost.unlink()
    heal(landing.settings)
    assert archive_faults(landing.settings)
    assert [n for n in NUMBERS if n in _told(landing)] == []
    printed = CliRunner().invoke(
        app, ["files", "list", "--warehouse", str(landing.settings.warehouse), "--json"]
    )
    assert printed.exit_code == 0
    assert name.replace(PHONE, "***") in printed.output
    assert [n for n in NUMBERS if n in printed.output] == []
