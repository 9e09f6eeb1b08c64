"""Writes the platform's other exports beside the gifts: which file in which form on which day.

`platform_files`, `publications` and `alipay_files` make the lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sample import alipay_files, platform_files, printed_totals, publications
from sample.campaigns import Campaign
from sample.donations import Donations
from sample.flag_plants import plant_self_matching, plant_splitting
from sample.landing import SampleFolder, Text
from sample.manifest import SampleFile
from sample.platform_files import Drawn
from sample.projects import Project
from sample.register_faults import plant_rows
from sample.registers import Register

_ALIPAY_SHARE, _ALIPAY_LEAST = 600, 8  # orders a day: gifts of the campaign / 600, at least 8


@dataclass(frozen=True)
class _Day:
    """Where and when the files of one day are written."""

    landing: SampleFolder
    day: date
    at: datetime
    is_last: bool

    def csv(self, table: Register, title: str) -> None:
        """Writes a table, with faults on the last day."""
        if self.is_last:
            plant_rows(table, self.landing.manifest.faults)
        self.text(table.source, f"合成数据_{title}_{self.day:%Y%m%d}.csv", table.to_text())

    def text(self, source: str, name: str, text: Text) -> SampleFile:
        """Writes a finished text."""
        return self.landing.write_text(source, name, text, self.at, self.day)


def write_printed_totals(
    landing: SampleFolder, campaign: Campaign, projects: list[Project], donations: Donations
) -> None:
    """Writes matching and giving by doing of a campaign for which only totals are printed."""
    takings, scale = donations.takings, landing.manifest.scale
    for made, title in ((printed_totals.matching, "配捐"), (printed_totals.behaviors, "行为捐")):
        for table, day in zip(made(campaign, projects, takings, scale), campaign.days, strict=True):
            name = f"合成数据_{title}_{day:%Y%m%d}.csv"
            at = donations.delivered(day)
            landing.write_text(table.source, name, table.to_text(), at, day)


def alipay_orders(gifts: int) -> int:
    """Orders a day of the second platform, for a campaign with so many gifts."""
    return max(_ALIPAY_LEAST, gifts // _ALIPAY_SHARE)


def write_platform_exports(
    landing: SampleFolder, campaign: Campaign, projects: list[Project], donations: Donations
) -> None:
    """Writes matching, teams, giving by doing, disclosures, reports; and a second platform's gifts.

    The last day's files have the faults. On the second day teams are JSONP and reports the
    platform's pages; on the first day reports are JSON lines.
    """
    seed, last = landing.manifest.seed, campaign.days[-1]
    few = alipay_orders(donations.plan.gifts)
    for day_no, day in enumerate(campaign.days):
        of_day = _Day(landing, day, donations.delivered(day), day == last)
        grants = platform_files.matching(campaign, donations.drawn, day_no)
        if landing.manifest.faults != "none":
            _flag_grants(grants, donations.drawn, projects, day_no, is_last=day == last)
        of_day.csv(grants, "配捐")
        teams = platform_files.teams(campaign, projects, donations.drawn, day_no, seed)
        if day_no == 1:
            landing.write(
                teams.source,
                f"synthetic_teams_{day:%Y%m%d}.json",
                platform_files.teams_jsonp(teams),
                of_day.at,
                rows=teams.tally(),
                partition=day,
            )
        else:
            of_day.csv(teams, "一起捐队伍")
        of_day.csv(platform_files.behaviors(campaign, projects, day, seed), "行为捐")
        orders = alipay_files.gifts(campaign, day, few, seed)
        if day == last:
            plant_rows(orders, landing.manifest.faults)
        name = f"合成数据_捐赠明细_{day:%Y%m%d}.csv"
        facts = of_day.text(orders.source, name, alipay_files.framed(orders, day))
        facts.footer_rows, facts.footer_agrees = 1, True
        published = publications.disclosures(campaign, projects, seed, day, donations.takings)
        of_day.csv(published, "财务披露")
        reports = publications.progress(campaign, projects, seed, day)
        if day == last:
            of_day.csv(reports, "项目进展")
        elif day_no == 1:
            landing.write(
                reports.source,
                f"synthetic_progress_{day:%Y%m%d}.json",
                publications.progress_pages(reports),
                of_day.at,
                rows=reports.tally(),
                partition=day,
            )
        else:
            name = f"synthetic_progress_{day:%Y%m%d}.jsonl"
            of_day.text(reports.source, name, publications.progress_json(reports))


def _flag_grants(
    grants: Register, drawn: Drawn, projects: list[Project], day_no: int, *, is_last: bool
) -> None:
    """Plants the red flags in a day's grants."""
    if day_no == 0 and drawn.always_matched:
        plant_splitting(grants, drawn.split)
    if is_last:
        plant_self_matching(grants, projects)
