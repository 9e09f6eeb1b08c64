"""The exact plan of how many gifts and how much money each file has, before gifts are drawn.

Every page (one file) is a slice of one day and one form of export. Its groups fix counts and
fen, so that any page can be generated alone and the whole adds up to the fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from sample.campaigns import Campaign
from sample.draw import Ints, apportion
from sample.projects import Project

#: Forms of export: the back office in UTF-8 and in GB18030, the open platform's JSON lines.
FORMS = ("back_office", "back_office_gb", "open_platform")
_FORM_OF_SUPPORTER = (0, 0, 1, 0, 1, 2, 0, 1, 2, 0)  # five of ten, three, two

SMALLEST_PAGE, LARGEST_PAGE, PAGES_WANTED = 20_000, 500_000, 24


@dataclass(frozen=True)
class GiftGroup:
    """Gifts with an exact sum: those of one raised project, or all others (`project` None)."""

    project: int | None
    gifts: int
    fen: int


@dataclass(frozen=True)
class Page:
    """One export file of gifts: its groups and the part of the day that it covers."""

    day: date
    day_no: int
    form: str
    number: int  # within day and form, from 1
    of: int
    groups: tuple[GiftGroup, ...]
    first_gift: int  # running number of its first gift in the campaign
    begins: float  # share of the day's gifts before it
    ends: float

    @property
    def gifts(self) -> int:
        """Paid orders of the page."""
        return sum(g.gifts for g in self.groups)

    @property
    def fen(self) -> int:
        """Their sum."""
        return sum(g.fen for g in self.groups)

    @property
    def name(self) -> str:
        """A name for its random streams."""
        return f"{self.day:%Y%m%d}-{self.form}-{self.number}"


@dataclass(frozen=True)
class GiftPlan:
    """All pages in order of delivery, and the projects of each form."""

    pages: tuple[Page, ...]
    projects_of: dict[str, Ints]
    weights_of: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]
    gifts: int
    fen: int


def plan_gifts(campaign: Campaign, projects: Sequence[Project], scale: float) -> GiftPlan:
    """The plan at a scale. Raises ValueError if the scale leaves too few gifts."""
    gifts, fen = round(campaign.gifts * scale), round(campaign.fen * scale)
    if gifts < campaign.fewest_gifts:
        least = campaign.fewest_gifts / campaign.gifts
        raise ValueError(
            f"scale {scale:g} is too small: at least {least:.4g} for {campaign.fewest_gifts}"
        )
    form_of = _forms(projects)
    projects_of = {f: np.flatnonzero(form_of == i) for i, f in enumerate(FORMS)}
    weights_of = {
        f: np.array([projects[int(i)].weight for i in at]) for f, at in projects_of.items()
    }
    form_weights = [float(weights_of[f].sum()) for f in FORMS]
    page_rows = min(LARGEST_PAGE, max(SMALLEST_PAGE, -(-gifts // PAGES_WANTED)))
    pages: list[Page] = []
    done = 0
    day_fens = apportion(fen, campaign.day_weights)
    for day_no, (day, n) in enumerate(
        zip(campaign.days, apportion(gifts, campaign.day_weights), strict=True)
    ):
        fixed = _fixed_groups(campaign, projects, day_no, scale)
        free_n = n - sum(g.gifts for g in fixed)
        free_fen = day_fens[day_no] - sum(g.fen for g in fixed)
        shares = apportion(free_n, form_weights)
        fens = apportion(free_fen, [max(s, 0) for s in shares])
        for form_no, form in enumerate(FORMS):
            groups = [GiftGroup(None, shares[form_no], fens[form_no])]
            groups += [g for g in fixed if form_of[g.project or 0] == form_no]
            for page in _pages(day, day_no, form, groups, page_rows, done):
                done += page.gifts
                pages.append(page)
    return GiftPlan(tuple(pages), projects_of, weights_of, gifts, fen)


def _forms(projects: Sequence[Project]) -> Ints:
    """Index into FORMS by project: one form per supporter; raised projects have the first."""
    order: dict[str, int] = {}
    forms = []
    for p in projects:
        at = order.setdefault(p.supporter.uscc, len(order))
        forms.append(0 if p.raised else _FORM_OF_SUPPORTER[at % len(_FORM_OF_SUPPORTER)])
    admitted = np.array([p.admitted for p in projects])
    return np.where(admitted, np.array(forms, dtype=np.int64), -1)


def _fixed_groups(
    campaign: Campaign, projects: Sequence[Project], day_no: int, scale: float
) -> list[GiftGroup]:
    groups = []
    for i, project in enumerate(projects[: len(campaign.raised)]):
        plan = project.raised
        if plan is None:
            continue
        n = round(plan.gifts[day_no] * scale)
        if n:
            groups.append(GiftGroup(i, n, max(n, round(plan.yuan[day_no] * 100 * scale))))
    return groups


def _pages(
    day: date, day_no: int, form: str, groups: list[GiftGroup], page_rows: int, done: int
) -> list[Page]:
    total = sum(g.gifts for g in groups)
    if total == 0:
        return []
    count = -(-total // page_rows)
    even = [1.0] * count
    parts = []
    for g in groups:
        gifts = apportion(g.gifts, even)
        fens = apportion(g.fen, [float(n) for n in gifts]) if g.gifts else [0] * count
        parts.append([GiftGroup(g.project, n, f) for n, f in zip(gifts, fens, strict=True)])
    pages = []
    for at in range(count):
        groups_of = tuple(p[at] for p in parts if p[at].gifts)
        page = Page(day, day_no, form, at + 1, count, groups_of, done, at / count, (at + 1) / count)
        done += page.gifts
        pages.append(page)
    return pages
