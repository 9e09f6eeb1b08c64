"""What the contracts of programme registers decide beyond a row: units, headings, forms."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.stages.landings import Landing, conserves, row, table


@pytest.mark.parametrize(
    ("heading", "printed", "fen"),
    [
        ("启动资金", "20", 20_000_000),
        ("启动资金（万元）", "20", 20_000_000),
        ("启动资金（元）", "200000", 20_000_000),
        ("启动资金", "20万元", 20_000_000),
        ("启动资金", "￥200,000.00", 20_000_000),
        ("启动资金", "万元", None),
    ],
)
def test_a_seed_grant_is_in_wan_unless_said(
    tmp_path: Path, heading: str, printed: str, fen: int | None
) -> None:
    landing = Landing(tmp_path)
    cells = row("huoshui_enrollments")
    del cells["启动资金"]
    landing.put("huoshui_enrollments/a_20240802.csv", table([{**cells, heading: printed}]))
    landing.load()
    assert landing.lake("huoshui_enrollments")["seed_grant_fen"].to_list() == [fen]


def test_a_village_is_known_by_its_own_code_or_by_its_region_code(tmp_path: Path) -> None:
    """Where a list has both columns the village's own code is the key, and the other is named."""
    landing = Landing(tmp_path)
    told = {"加入日期": "2016-05-01"}
    both = [{"行政区划代码": "510104", "村代码": f"51010400100{n}", **told} for n in (1, 2)]
    landing.put("villages/both/a_20240802.csv", table(both))
    landing.put("villages/code/b_20240802.csv", table([{"行政区划代码": "510105", **told}]))
    landing.put("villages/name/c_20240802.csv", table([{"region_code": "510106", **told}]))
    accounts = landing.load()
    assert [a.rows_loaded for a in accounts] == [2, 1, 1]
    assert landing.lake("villages")["village_code"].to_list() == [
        *("510104001001", "510104001002"),
        *("510105", "510106"),
    ]


@pytest.mark.parametrize("heading", ["统计日期", "截至日期", "as_of"])
def test_counts_say_their_day_in_a_column(tmp_path: Path, heading: str) -> None:
    """It is the figures' own day and not that of the export."""
    landing = Landing(tmp_path)
    counts = ((heading, "2022-12-31", "1700"), (heading, "2023-12-31", "1807"))
    lines = [
        {"区划代码": "340700", name: day, "登记制": "127", "备案制": filed}
        for name, day, filed in counts
    ]
    landing.put("community_org_counts/a_20240802.csv", table(lines))
    (account,) = landing.load()
    assert (account.rows_loaded, account.partition) == (2, date(2024, 8, 2))
    days = [date(2022, 12, 31), date(2023, 12, 31)]
    assert landing.lake("community_org_counts")["as_of"].to_list() == days


def test_a_wrong_total_is_refused_and_said(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    good = row("community_org_counts")
    wrong = row("community_org_counts", 区划代码="340800", 社区社会组织总数="1943")
    landing.put("community_org_counts/a_20240802.csv", table([good, wrong]))
    (account,) = landing.load()
    assert conserves(account)
    assert landing.lake("community_org_counts")["region_code"].to_list() == ["340700"]
    refused = landing.refused_rows()
    assert refused["rule_ids"].to_list() == ["community_org_counts.total_is_the_sum"]


def test_points_are_read_under_the_contracts_own_names(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    line = {"region_code": "340700", "level": "省", "from": "2021-08-01", "to": "/"}
    landing.put("observation_points/a_20240802.csv", table([line]))
    landing.load()
    (point,) = landing.lake("observation_points").select("level", "starts_on", "ends_on").rows()
    assert point == ("省级", date(2021, 8, 1), None)
