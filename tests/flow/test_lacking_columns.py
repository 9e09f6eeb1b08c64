"""Narrow exports after wide ones, night by night: nothing that was known is lost, and a build that
goes on comes to what a build from nothing comes to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.flow.conftest import published
from tests.flow.test_going_on import a_night, base_says, from_nothing, hashes
from tests.stages.landings import OTHER_USCC, USCC, Landing, row, table

pytestmark = [pytest.mark.flow, pytest.mark.timeout(900)]

ORDERS = [f"NARROW{n:04}" for n in range(100)]
DAY_1, DAY_2 = "tencent_donations/d_20240802.csv", "tencent_donations/状态变更_20240803.csv"


def gift(order: str, **changed: str) -> dict[str, str]:
    wide = {"订单号": order, "捐款金额": "100.00", "捐款人ID": order, "一起捐队伍编号": "TEAM1",
            "捐款人地区代码": "510116", "项目编号": "T1", "活动编号": "C9"}  # fmt: skip
    return row("tencent_donations", **{**wide, **changed})


def narrow(order: str, **changed: str) -> dict[str, str]:
    kept = ("订单号", "项目编号", "捐款金额", "支付时间", "支付状态", *changed)
    return {name: text for name, text in gift(order, **changed).items() if name in kept}


def rows_of(landing: Landing, sql: str) -> list[tuple[Any, ...]]:
    with published(landing.settings) as release:
        return release.execute(sql).fetchall()


def campaigns(landing: Landing, orders: str) -> list[str | None]:
    """Of the first three gifts whose number begins so."""
    sql = f"select campaign_id from star.fact_donation where order_no like '{orders}%'"
    return [campaign for (campaign,) in rows_of(landing, f"{sql} order by order_no limit 3")]


def test_what_a_narrow_export_lacks_stays_known(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    settings = landing.settings
    landing.put("organizations/o_20240101.csv", table([
        row("organizations", 区划代码="510104000000"),
        row("organizations", 统一社会信用代码=OTHER_USCC.lower(), 名称="另会", 区划代码="460403"),
    ]))  # fmt: skip
    landing.put("campaigns/c_20240601.csv", table([
        row("campaigns", 活动编号=c, 开始日期="2024-08-01", 结束日期="2024-08-09", 审查链编号="")
        for c in ("C8", "C9")]))  # fmt: skip
    project = row("tencent_projects", 项目编号="T1", 发起机构统一社会信用代码=USCC.lower(),
                  落地区划代码="510116", 筹款目标="100.00")  # fmt: skip
    landing.put("tencent_projects/p_20240801.csv", table([project]))
    lacking = ("发起机构统一社会信用代码", "落地区划代码", "已筹金额")
    landing.put("tencent_projects/p_20240802.csv", table([
        {name: text for name, text in project.items() if name not in lacking}]))  # fmt: skip
    wide = [gift(order) for order in ORDERS]
    landing.put(DAY_1, table(wide))
    assert not a_night(settings).blocked

    # one refunded in part, one in full after a part, one that says no more than that it was paid
    landing.put(DAY_2, table([narrow(ORDERS[0], 支付状态="部分退款", 退款金额="10.00")]))
    landing.put("tencent_donations/e_20240803.csv", table([narrow(ORDERS[1])]))
    assert not a_night(settings).blocked
    assert base_says(settings)[0]
    assert hashes(settings.published) == from_nothing(settings)
    told = "team_id, campaign_id, channel_id, donor_region_code, donor_key <> 'unknown'"
    found = rows_of(landing, f"select order_no, net_cny, {told} from star.fact_donation"
                    " where order_no < 'NARROW0003' order by 1")  # fmt: skip
    same = ("TEAM1", "C9", "single", "510116", True)
    assert [(n, int(net), *rest) for n, net, *rest in found] == [
        (ORDERS[0], 90, *same), (ORDERS[1], 100, *same), (ORDERS[2], 100, *same)]  # fmt: skip

    # projects and organisations: what the narrow export lacks is no news, and no change of goal
    versions = "select initiator_uscc, region_code from star.dim_project where project_no = 'T1'"
    assert rows_of(landing, versions) == [(USCC, "510116")]
    snapshots = "select raised_cny is null from star.fact_project_snapshot order by export_date"
    assert rows_of(landing, snapshots) == [(False,), (True,)]
    assert rows_of(landing, "select * from star.fact_goal_change") == []
    regions = (
        "select uscc, region_code, region_text from star.dim_organization where kind = '基金会'"
    )
    assert set(rows_of(landing, regions)) == {
        (USCC, "510104", None), (OTHER_USCC, "unknown", "460403")}  # fmt: skip
    counted = "select failing_rows, status from ops.gate_results where rule_id ="
    assert rows_of(landing, f"{counted} 'star.dim_region.printed_codes_known'") == [(1, "fail")]

    # the wide file once more: what the first order's newest state lacks is told otherwise now, the
    # second's no longer
    other = [gift(ORDERS[0], 活动编号="C8"), gift("NARROW9999"), *wide[2:]]
    landing.put(DAY_1, table(other))
    # and a small day whose campaigns are blank, after one that had them
    few = [gift(f"FEW{n:05}") for n in range(4)]
    blank = [{**line, "活动编号": ""} for line in few]
    landing.put("tencent_donations/f_20240802.csv", table(few))
    landing.put("tencent_donations/g_20240803.csv", table(blank))
    assert not a_night(settings).blocked
    assert base_says(settings)[0]
    assert hashes(settings.published) == from_nothing(settings)
    assert campaigns(landing, "NARROW") == ["C8", None, "C9"]
    assert campaigns(landing, "FEW") == [None] * 3

    # the same lines in a table without that column say nothing of it
    bare = [{name: text for name, text in line.items() if name != "活动编号"} for line in blank]
    landing.put("tencent_donations/g_20240803.csv", table(bare))
    assert not a_night(settings).blocked
    assert base_says(settings)[0]
    assert hashes(settings.published) == from_nothing(settings)
    assert campaigns(landing, "FEW") == ["C9"] * 3
    assert rows_of(landing, "select count(*) from ops.restatements where partition = '2024-08-03'"
                   " and change = 'changed'") == [(0,)]  # fmt: skip
