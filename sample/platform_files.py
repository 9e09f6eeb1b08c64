"""Exports of matching, teams and giving by doing, day by day.

What a team raised is the sum of the gifts that name it; a grant follows a gift of its day. Other
figures are invented. `donations` writes the gifts themselves.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import numpy as np
import polars as pl

from sample.campaigns import Campaign
from sample.draw import Ints, Stream
from sample.gifts import TEAMS, team_projects
from sample.manifest import yuan
from sample.projects import Project
from sample.registers import Register, Row

CIRCLES = ("核心", "兼职与志愿者", "认同公益", "其他")
#: Steps, or flowers, of one participation; fen that a sponsor pays for ten thousand of them.
BEHAVIORS = {"捐步": (10_000, 100), "小红花": (5, 2_000), "捐笑脸": (1, 10_000)}
_GRANT_ONE_IN, _GRANT_LEAST_FEN = 25, 500
_SPONSORS = ("合成示例科技有限公司", "合成示例能源有限公司", "合成示例连锁商业有限公司")


@dataclass
class Drawn:
    """What the other exports need of the gifts: team takings by day, gifts that drew a grant."""

    fen: Ints
    gifts: Ints
    matched: list[pl.DataFrame] = field(default_factory=list)
    always_matched: list[str] = field(default_factory=list)  # order numbers

    @classmethod
    def empty(cls, days: int) -> Drawn:
        """Nothing yet."""
        return cls(np.zeros((days, TEAMS + 1), np.int64), np.zeros((days, TEAMS + 1), np.int64))

    def add(self, day_no: int, gifts: pl.DataFrame, *, tells_teams: bool) -> None:
        """Counts a page's gifts; not every form of export has their teams."""
        if tells_teams:
            own = gifts.filter(pl.col("team_id").is_not_null())
            team = own["team_id"].str.slice(1).cast(pl.Int64).to_numpy()
            np.add.at(self.fen[day_no], team, own["fen"].to_numpy())
            np.add.at(self.gifts[day_no], team, 1)
        drawing = gifts.filter(pl.col("fen") >= _GRANT_LEAST_FEN).gather_every(_GRANT_ONE_IN)
        also = gifts.filter(pl.col("order_no").is_in(self.always_matched)).join(
            drawing, on="order_no", how="anti"
        )
        self.matched.append(
            pl.concat([drawing, also]).select(
                "order_no", "project_no", "fen", "paid_at", "refund_fen", day_no=pl.lit(day_no)
            )
        )

    def always(self, orders: list[str]) -> None:
        """Makes these orders draw a grant each."""
        self.always_matched += orders

    @property
    def split(self) -> pl.DataFrame:
        """The gifts of the orders passed to `always`."""
        return pl.concat(self.matched).filter(pl.col("order_no").is_in(self.always_matched))


def matching_register(day: date) -> Register:
    """A day's register of grants, empty."""
    headings = ("项目编号", "配捐流水号", "关联订单号", "配捐类型", "配捐方", "配捐金额（元）",
                "配捐时间", "活动编号")  # fmt: skip # a table
    return Register("tencent_matching", f"配捐 {day}", list(headings))


def behaviors_register(day: date) -> Register:
    """A day's register of giving by doing, empty."""
    headings = ("项目编号", "日期", "行为类型", "参与人次", "行为量", "兑换金额（元）", "兑换方")
    return Register("tencent_behaviors", f"行为捐 {day}", list(headings))


def matching(campaign: Campaign, drawn: Drawn, day_no: int) -> Register:
    """A day's grants: a fifth of the gift that drew each."""
    table = matching_register(campaign.days[day_no])
    grants = pl.concat(drawn.matched).filter(pl.col("day_no") == day_no).sort("paid_at", "order_no")
    for i, gift in enumerate(grants.iter_rows(named=True)):
        kind = ("企业配捐", "企业配捐", "平台配捐", "非定向激励")[i % 4]
        fen = int(gift["fen"]) // 5
        table.rows.append(
            Row(
                [
                    gift["project_no"],
                    f"MT{campaign.serial:02d}{day_no}{i:08d}",
                    gift["order_no"],
                    kind,
                    "合成示例平台基金会" if kind == "平台配捐" else _SPONSORS[i % 3],
                    yuan(fen),
                    gift["paid_at"] + timedelta(seconds=1),
                    campaign.campaign_id,
                ],
                "loaded",
                fen,
            )
        )
    return table


def teams(
    campaign: Campaign, projects: Sequence[Project], drawn: Drawn, day_no: int, seed: int
) -> Register:
    """Every team as of the end of a day."""
    headings = ("队伍编号", "队长昵称", "项目编号", "目标金额（元）", "已筹金额（元）", "参与人次",
                "圈层", "行政区划代码", "创建时间")  # fmt: skip # a table
    table = Register("tencent_teams", f"一起捐队伍 {campaign.days[day_no]}", list(headings))
    admitted = [p for p in projects if p.admitted]
    fen = drawn.fen[: day_no + 1].sum(axis=0)
    gifts = drawn.gifts[: day_no + 1].sum(axis=0)
    draws = Stream(seed, campaign.campaign_id, "teams")
    for number in range(1, TEAMS + 1):
        own = draws.child(number)
        every = team_projects(campaign)
        project = admitted[(number - 1) % every] if every else own.child("project").one(admitted)
        created = datetime.combine(campaign.days[0], time(own.child("hour").number(0, 9)))
        table.rows.append(
            Row(
                [
                    f"T{number:05d}",
                    f"合成队长{number:05d}",
                    project.project_no,
                    yuan(own.child("goal").number(5, 200) * 10_000),
                    yuan(int(fen[number])),
                    int(gifts[number]),
                    CIRCLES[int(own.child("circle").weighted(1, (35, 30, 25, 10))[0])],
                    project.region_code,
                    created,
                ],
                "loaded",
                int(fen[number]),
            )
        )
    return table


def teams_jsonp(table: Register) -> bytes:
    """The same as a JSONP response: raised in fen, goal in yuan, circles by number."""
    items = []
    for row in table.rows:
        team, leader, project, goal, _, gifts, circle, region, created = row.cells
        items.append(
            {
                "team_id": team,
                "leader": leader,
                "project_no": project,
                "goal": goal,
                "raised": row.fen,
                "gifts": gifts,
                "circle": CIRCLES.index(str(circle)) + 1,
                "region_code": region,
                "created_at": f"{created:%Y-%m-%dT%H:%M:%S}+08:00",
            }
        )
    body = json.dumps({"code": 0, "data": {"list": items}}, ensure_ascii=False)
    return f"_Callback({body});".encode()


def behaviors(campaign: Campaign, projects: Sequence[Project], day: date, seed: int) -> Register:
    """A day's counts by project and kind, and the amounts that a sponsor paid for them."""
    table = behaviors_register(day)
    draws = Stream(seed, campaign.campaign_id, "behaviors", day.isoformat())
    for project in (p for p in projects if p.admitted):
        for kind, (each, price) in BEHAVIORS.items():
            own = draws.child(project.project_no, kind)
            people = own.number(1, 400)
            quantity = people * each
            fen = quantity * price // 10_000
            table.rows.append(
                Row(
                    [project.project_no, day, kind, people, quantity, yuan(fen), _SPONSORS[0]],
                    "loaded",
                    fen,
                )
            )
    return table
