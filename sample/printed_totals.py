"""Matching and giving by doing of a campaign for which only totals are printed.

A line per project, day and kind, in proportion to what the project received: the number of lines
does not depend on the scale. Made after the gifts. `platform_files` makes grants of single gifts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from sample.campaigns import Campaign
from sample.draw import Ints, apportion
from sample.manifest import yuan
from sample.platform_files import BEHAVIORS, behaviors_register, matching_register
from sample.project_files import Takings
from sample.projects import Project
from sample.registers import Register, Row
from sample.workbook import Cell

_SPONSOR = "合成示例平台基金会"


def _by_day(total: int, weights: Ints) -> Iterator[list[int]]:
    """`total` split by the weights of days (rows) and projects (columns), a day at a time."""
    parts = apportion(total, weights.ravel().astype(float))
    width = weights.shape[1]
    for first in range(0, len(parts), width):
        yield parts[first : first + width]


def matching(
    campaign: Campaign, projects: Sequence[Project], takings: Takings, scale: float
) -> list[Register]:
    """A register per day: platform matching in proportion to amounts, other kinds to gifts."""
    tables = [matching_register(day) for day in campaign.days]
    for kind_no, (kind, fen) in enumerate(campaign.matched):
        weights = takings.fen if kind == "平台配捐" else takings.gifts
        for day_no, of_day in enumerate(_by_day(round(fen * scale), weights)):
            at = datetime.combine(campaign.days[day_no], time(23, 30, kind_no))
            for i, (project, part) in enumerate(zip(projects, of_day, strict=True)):
                if not part:
                    continue
                number = f"MT{campaign.serial:02d}{day_no}{kind_no}{i:07d}"
                cells: list[Cell] = [project.project_no, number, None, kind, _SPONSOR,
                                     yuan(part), at, campaign.campaign_id]  # fmt: skip # a table
                tables[day_no].rows.append(Row(cells, "loaded", part))
    return tables


def behaviors(
    campaign: Campaign, projects: Sequence[Project], takings: Takings, scale: float
) -> list[Register]:
    """A register per day of the campaign's interactions, one kind per project, without amounts."""
    tables = [behaviors_register(day) for day in campaign.days]
    kinds = list(BEHAVIORS.items())
    days: Iterator[tuple[date, list[int]]] = zip(
        campaign.days, _by_day(round(campaign.interactions * scale), takings.gifts), strict=True
    )
    for table, (day, of_day) in zip(tables, days, strict=True):
        for i, (project, people) in enumerate(zip(projects, of_day, strict=True)):
            kind, (each, _) = kinds[i % len(kinds)]
            if people:
                cells: list[Cell] = [project.project_no, day, kind, people, people * each]
                table.rows.append(Row([*cells, None, None]))
    return tables
