"""Red flags planted in a sample: a case of each rule at a place recorded in the manifest.

The warehouse defines the rules (`int_flags_*`); here are rows that meet them. Gifts themselves
never change with the faults: the gifts that one donor split are in every sample, but each of them
draws a grant only with faults. `bills` plants flags of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from sample.gift_plan import Page
from sample.landing import SampleFolder
from sample.manifest import Planted, yuan
from sample.organizations import Organization, Organizations
from sample.project_files import Facts, Takings
from sample.projects import Project
from sample.registers import Register

_SPLIT_LEAST, _SPLIT_MOST, _SPLIT_FEN = 5, 6, 100_00
_NOBODYS_SERIAL = 998  # of filings; the sample's own count from 1, its parent has 999
_WHOSE = ("donor_id", "donor_name", "phone", "is_anonymous", "donor_region", "channel", "team_id",
          "project", "project_no", "project_name")  # fmt: skip # a table


@dataclass(frozen=True)
class FlagPlan:
    """On whom flags are planted; nobody without faults. The report names none of them."""

    unqualified: Organization | None = None  # loses its 公开募捐资格 before the campaign
    misfiled: Project | None = None  # files under the code of `filed_as`
    filed_as: Organization | None = None
    unfiled: Project | None = None  # prints no filing number; has gifts, for no other has more


def plan_flags(orgs: Organizations, projects: Sequence[Project]) -> FlagPlan:
    """The plan for a cast; the same cast gives the same plan."""
    served = {o.uscc: 0 for o in orgs.supporters if not o.named}
    for project in projects:
        if project.supporter.uscc in served:
            served[project.supporter.uscc] += 1
    fewest = min((n, o) for o, n in served.items() if n)[1]
    unqualified = next(o for o in orgs.supporters if o.uscc == fewest)
    misfiled = next(p for p in projects if _is_plain(p) and p.supporter is not unqualified)
    other = next(o for o in orgs.supporters if o is not misfiled.supporter)
    unfiled = max(
        (p for p in projects if _is_plain(p) and p is not misfiled), key=lambda p: p.weight
    )
    return FlagPlan(unqualified, misfiled, other, unfiled)


def _is_plain(project: Project) -> bool:
    return project.admitted and project.is_invented and not project.parent_no


def split_gift(page: Page, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """The first page's gifts, with up to six equal ones given to one donor and one project.

    Also returns their order numbers; none if the page has fewer than five equal small gifts.
    Amounts, counts and sums stay unchanged.
    """
    if page.number != 1 or page.day_no or page.form != "back_office":
        return frame, []
    fixed = [g.project for g in page.groups if g.project is not None]
    free = frame.with_row_index("at").filter(
        pl.col("is_gift")
        & pl.col("first_status").is_null()
        & pl.col("refund_fen").is_null()
        & (pl.col("fen") <= _SPLIT_FEN)
        & (pl.col("is_anonymous") == "否")
        & ~pl.col("project").is_in(fixed)
    )
    sizes = free.group_by("fen").len().sort("len", "fen", descending=True)
    if sizes.is_empty() or sizes["len"][0] < _SPLIT_LEAST:
        return frame, []
    chosen = free.filter(pl.col("fen") == sizes["fen"][0]).head(_SPLIT_MOST)
    hit = pl.int_range(pl.len()).is_in(chosen["at"].to_list())
    one = chosen.row(0, named=True)
    same = (
        pl.when(hit).then(pl.lit(one[c], frame.schema[c])).otherwise(pl.col(c)).alias(c)
        for c in _WHOSE
    )
    return frame.with_columns(*same), chosen["order_no"].to_list()


def plant_splitting(table: Register, split: pl.DataFrame) -> None:
    """套捐: marks the grants in `table` that each gift of the series drew."""
    one = split.row(0, named=True)
    key = f"{one['project_no']}#{one['paid_at']:%Y-%m-%d}#{yuan(one['fen'])}"
    planted = _flag("equal_small_gifts", table.source, key, one["project_no"])
    numbers, at = set(split["order_no"]), table.position("关联订单号")
    for row in table.rows:
        if row.cells[at] in numbers:
            row.planted += (planted,)


def plant_self_matching(table: Register, projects: Sequence[Project]) -> None:
    """Plants a grant whose sponsor is the project's initiator, and one of its supporter."""
    by_no = {p.project_no: p for p in projects if p.is_invented}
    number, sponsor = table.position("项目编号"), table.position("配捐方")
    own = [r for r in table.rows if r.cells[number] in by_no and not r.planted]
    campaign = table.position("活动编号")
    taken: set[str] = set()
    for row in own:
        project = by_no[str(row.cells[number])]
        if project.project_no in taken or project.initiator is project.supporter:
            continue
        whose = project.supporter if taken else project.initiator
        taken.add(project.project_no)
        row.cells[sponsor] = whose.name
        key = f"{project.project_no}#{row.cells[campaign]}#{whose.name}"
        row.planted += (_flag("self_matching", table.source, key, whose.name),)
        if len(taken) == 2:  # an initiator's and a supporter's
            return


def plant_lost_qualification(table: Register, plan: FlagPlan, facts: Sequence[Facts]) -> None:
    """In the register a supporter may not raise funds publicly; each of its projects is a case."""
    if plan.unqualified is None:
        return
    code = plan.unqualified.uscc
    row = next(r for r in table.rows if r.cells[table.position("统一社会信用代码")] == code)
    row.cells[table.position("公开募捐资格")] = "否"
    row.planted += tuple(
        _flag("supporter_not_qualified", table.source, str(f["project_no"]), plan.unqualified.name)
        for f in facts
        if f["funder_uscc"] == code
    )


def misfile(facts: Sequence[Facts], plan: FlagPlan, day: date) -> None:
    """Gives one project a filing number with another organisation's code, and one project none.

    Both in every export.
    """
    if plan.misfiled is None or plan.filed_as is None or plan.unfiled is None:
        return
    by_no = {f["project_no"]: f for f in facts}
    by_no[plan.misfiled.project_no]["filing_no"] = f"{plan.filed_as.uscc}A{day:%y}{_NOBODYS_SERIAL}"
    by_no[plan.unfiled.project_no]["filing_no"] = None


def plant_misfiling(landing: SampleFolder, plan: FlagPlan, source: str, path: str) -> None:
    """Records it in the manifest once: it is one version of a project in all exports."""
    for rule, project in (
        ("filing_not_supporters", plan.misfiled),
        ("filing_missing", plan.unfiled),
    ):
        if project is not None:
            planted = _flag(rule, source, project.project_no)
            planted.path = path
            landing.manifest.planted.append(planted)


def plant_falling_total(
    table: Register, plan: FlagPlan, takings: Takings, projects: Sequence[Project], export: date
) -> None:
    """Halves a project's printed total against the export of the day before."""
    if plan.misfiled is None:
        return
    before = takings.fen[:-1].sum(axis=0)
    able = [i for i, p in enumerate(projects) if _is_plain(p) and p is not plan.misfiled]
    at = max(able, key=lambda i: int(before[i]))
    row = table.rows[at]
    row.fen = int(before[at]) // 2
    row.cells[table.position("已筹金额")] = yuan(row.fen)
    key = f"{projects[at].project_no}#{export:%Y-%m-%d}"
    row.planted += (_flag("falling_total", table.source, key, yuan(row.fen)),)


def _flag(rule: str, source: str, key: str, text: str | None = None) -> Planted:
    return Planted(rule, "flag", source, outcome="loaded", rule=rule, key=key, text=text)
