"""The gifts of one page as a frame: orders, amounts, times, states, donors.

Grain: one order; money in fen; times are Beijing wall clock. `donation_files` names the columns
of an export and writes their values.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

import numpy as np
import polars as pl

from sample.amounts import draw_amounts, fit
from sample.campaigns import Campaign
from sample.donors import company_columns, draw_donors, person_columns, pool_size
from sample.draw import Floats, Ints, Stream
from sample.gift_plan import GiftPlan, Page
from sample.projects import Project

#: Gifts by hour of the day: a morning peak at the start, an evening one, a quiet night.
HOURS = (12, 5, 3, 2, 2, 3, 8, 18, 34, 62, 70, 58, 46, 44, 46, 48, 50, 46, 44, 52, 66, 68, 50, 30)
CHANNELS = {
    "单笔捐": 52,
    "月捐": 6,
    "一起捐": 24,
    "小红花": 8,
    "公益消费券": 3,
    "接龙": 4,
    "直播": 3,
}
TEAMS = 900
UNPAID_SHARE = 0.012  # orders never paid, on top of the gifts
_REFUND_ONE_IN, _LATE_ONE_IN = 800, 5_000
_REFUND_FEN = (1_00, 60_00)  # refunds are of small gifts: mistaken taps


def make_gifts(
    campaign: Campaign, plan: GiftPlan, projects: Sequence[Project], page: Page, seed: int
) -> pl.DataFrame:
    """The orders of a page in order of time.

    Columns: order_no, project (index), project_no, project_name, fen, paid_at, status (the
    final one), refund_fen, refunded_at, first_status (what the day's own export shows, if a later
    export changes it, else null), channel, donor columns, team_id, is_gift.
    """
    draws = Stream(seed, campaign.campaign_id, "gifts", page.name)
    n = page.gifts
    extra = max(1, round(n * UNPAID_SHARE))
    project, fen = _projects_and_amounts(plan, page, draws, extra, campaign)
    is_gift = np.arange(n + extra) < n
    order = np.argsort(draws.child("mixed").bits(n + extra), kind="stable")
    project, fen, is_gift = project[order], fen[order], is_gift[order]
    paid_at = _times(page, draws.child("times"), n + extra)
    frame = pl.DataFrame(
        {
            "order_no": _order_numbers(campaign, page, draws, n + extra),
            "project": project,
            "fen": fen,
            "paid_at": paid_at,
            "is_gift": is_gift,
            "status": np.where(
                is_gift,
                "支付成功",
                np.where(draws.child("unpaid").bits(n + extra) % 3 == 0, "待支付", "支付失败"),
            ),
        }
    )
    names = pl.DataFrame(
        {
            "project": np.arange(len(projects)),
            "project_no": [p.project_no for p in projects],
            "project_name": [p.name for p in projects],
        }
    )
    frame = frame.join(names, on="project", how="left", maintain_order="left")
    if page.form == "open_platform":
        return _with_states(frame, draws, refunds=False)
    frame = _with_donors(_with_states(frame, draws, refunds=True), draws, campaign, plan)
    return _with_own_counties(frame, projects)


def team_projects(campaign: Campaign) -> int:
    """The number of projects among which teams are shared out; 0 if there are too few teams."""
    return campaign.projects if campaign.projects <= TEAMS else 0


def _projects_and_amounts(
    plan: GiftPlan, page: Page, draws: Stream, extra: int, campaign: Campaign
) -> tuple[Ints, Ints]:
    """Project indices and amounts, group by group, then of orders that were never paid."""
    at, weights = plan.projects_of[page.form], plan.weights_of[page.form]
    indices, amounts = [], []
    for g in page.groups:
        own = draws.child("group", -1 if g.project is None else g.project)
        if g.project is None:
            indices.append(at[own.child("project").weighted(g.gifts, weights)])
        else:
            indices.append(np.full(g.gifts, g.project, dtype=np.int64))
        amounts.append(fit(draw_amounts(own.child("fen"), g.gifts, campaign.sizes), g.fen))
    own = draws.child("never")
    indices.append(at[own.child("project").weighted(extra, weights)])
    amounts.append(draw_amounts(own.child("fen"), extra, campaign.sizes))
    return np.concatenate(indices), np.concatenate(amounts)


def _times(page: Page, draws: Stream, n: int) -> pl.Series:
    """Ascending instants of the page's slice of its day, to the second."""
    steps = np.concatenate([[0.0], np.cumsum(np.array(HOURS, dtype=np.float64))])
    u: Floats = page.begins + np.sort(draws.uniform(n)) * (page.ends - page.begins)
    seconds = np.interp(u * steps[-1], steps, np.arange(25) * 3600.0)
    micros = np.minimum(np.floor(seconds), 86_399).astype(np.int64) * 1_000_000
    midnight = pl.lit(datetime.combine(page.day, time()), pl.Datetime("us"))
    return pl.select(midnight + pl.lit(pl.Series(micros)).cast(pl.Duration("us"))).to_series()


def _order_numbers(campaign: Campaign, page: Page, draws: Stream, n: int) -> pl.Series:
    """25 digits: 99, campaign, day, form, and a running number with gaps; unique by it."""
    form = {"back_office": 1, "back_office_gb": 2, "open_platform": 3}[page.form]
    head = f"99{campaign.serial:02d}{page.day:%Y%m%d}{form}"
    # at most 1.25 orders per gift, so that numbers of the next page begin after these
    first = (page.first_gift + page.first_gift // 4 + page.number) * 13
    serial = first + np.arange(n) * 13 + draws.child("gap").whole(n, 0, 12)
    digits = pl.lit(pl.Series(serial).cast(pl.String)).str.zfill(12)
    return pl.select(order_no=pl.lit(head) + digits).to_series()


def _with_states(frame: pl.DataFrame, draws: Stream, *, refunds: bool) -> pl.DataFrame:
    """`frame` with refunds (most shown only by a later export) and payments confirmed late."""
    n = frame.height
    hit = draws.child("refunds").bits(n) % _REFUND_ONE_IN == 0
    part = draws.child("part").bits(n) % 5 < 2
    now = draws.child("now").bits(n) % 4 == 0
    hours = draws.child("hours").whole(n, 1, 12)
    late = draws.child("late").bits(n) % _LATE_ONE_IN == 0
    small = pl.col("fen").is_between(*_REFUND_FEN) & pl.col("is_gift")
    refunded = pl.lit(pl.Series(hit)) & small & pl.lit(refunds)
    partly = pl.lit(pl.Series(part)) & (pl.col("fen") >= 2)
    early = pl.lit(pl.Series(now)) & (pl.col("paid_at").dt.hour() < 11)
    return frame.with_columns(
        status=pl.when(refunded & partly)
        .then(pl.lit("部分退款"))
        .when(refunded)
        .then(pl.lit("已退款"))
        .otherwise("status"),
        refund_fen=pl.when(refunded & partly).then(pl.col("fen") // 2).when(refunded).then("fen"),
        refunded_at=pl.when(refunded).then(
            pl.col("paid_at").dt.offset_by(pl.lit(pl.Series(hours).cast(pl.String)) + "h")
        ),
        first_status=pl.when(refunded & ~early)
        .then(pl.lit("支付成功"))
        .when(pl.lit(pl.Series(late)) & pl.col("is_gift") & ~refunded & pl.lit(refunds))
        .then(pl.lit("待支付")),
    )


#: Where the others live who give to a project whose own county's share is printed: 贵阳市南明区.
_AWAY = "520102"


def _with_own_counties(frame: pl.DataFrame, projects: Sequence[Project]) -> pl.DataFrame:
    """`frame` with the donors' county where it is printed how much a project's own county gives.

    Large gifts first, so that the share is met as closely as the small ones allow.
    """
    for index, project in enumerate(projects):
        share = project.raised and project.raised.own_county_share
        of_project = frame["project"] == index
        if not share or not of_project.any():
            continue
        fen = frame["fen"].filter(of_project).to_numpy()
        left = round(share * int(fen.sum()))
        regions = np.full(len(fen), _AWAY, dtype=object)
        for at in np.argsort(-fen, kind="stable"):
            if fen[at] <= left:
                left -= int(fen[at])
                regions[at] = project.region_code
        places = pl.Series(np.flatnonzero(of_project.to_numpy()))
        donor_region = frame["donor_region"].clone().scatter(places, pl.Series(list(regions)))
        frame = frame.with_columns(donor_region=donor_region)
    return frame


def _with_donors(
    frame: pl.DataFrame, draws: Stream, campaign: Campaign, plan: GiftPlan
) -> pl.DataFrame:
    n = frame.height
    number = draw_donors(draws.child("donor"), n, pool_size(plan.gifts))
    person, company = person_columns(number, campaign.home_share), company_columns(number)
    by_company = (frame["fen"] >= 500_000) & pl.Series(draws.child("company").uniform(n) < 0.6)
    mix_of = np.array(list(CHANNELS))[draws.child("channel").weighted(n, list(CHANNELS.values()))]
    hidden = pl.Series(draws.child("hidden").uniform(n) < 0.09) & ~by_company
    teams = draws.child("team").whole(n, 1, TEAMS)
    if team_projects(campaign):
        # the project's own teams: its number plus multiples of the number of projects
        own, step = frame["project"].to_numpy(), team_projects(campaign)
        teams = own + 1 + step * (teams % ((TEAMS - 1 - own) // step + 1))
    team = pl.Series(teams).cast(pl.String).str.zfill(5)
    return frame.with_columns(
        channel=pl.when(by_company).then(pl.lit("企业捐")).otherwise(pl.lit(pl.Series(mix_of))),
        donor_id=pl.when(by_company).then(company["donor_id"]).otherwise(person["donor_id"]),
        donor_name=pl.when(by_company)
        .then(company["donor_name"])
        .when(hidden)
        .then(pl.lit("匿名"))
        .otherwise(person["donor_name"]),
        phone=pl.when(~by_company).then(person["phone"]),
        is_anonymous=pl.when(hidden).then(pl.lit("是")).otherwise(pl.lit("否")),
        donor_region=person["donor_region"],
    ).with_columns(team_id=pl.when(pl.col("channel") == "一起捐").then(pl.lit("T") + pl.lit(team)))
