"""Writes the registers about organisations: their reports, trainings and the survey.

What they hold belongs to the modules of the subjects; what is wrong with them is planted here.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sample import annual_reports, survey, trainings
from sample.landing import SampleFolder
from sample.manifest import SampleFile
from sample.organizations import Organizations
from sample.register_faults import plant_rows
from sample.registers import Register


def write_all(landing: SampleFolder, orgs: Organizations, first: date) -> None:
    """Every register of this module, as workbooks; the campaign's `first` day comes after them."""
    seed, faults = landing.manifest.seed, landing.manifest.faults
    for table, day in annual_reports.registers():
        _book(landing, table, f"合成数据_年报机构名录_{day:%Y%m%d}.xlsx", day)
    for table, day in annual_reports.reports():
        if day.year == annual_reports.YEARS[-1] + 1:
            plant_rows(table, faults)
        table.rows.append(annual_reports.total_row(table))
        facts = _book(landing, table, f"合成数据_社会组织年报_{day:%Y%m%d}.xlsx", day)
        facts.footer_rows, facts.footer_fen, facts.footer_agrees = 1, facts.rows.fen_read, True
    before = first - timedelta(days=3)
    for table, title in (
        (trainings.trainings(first - timedelta(days=76), before), "培训"),
        (trainings.attendance(orgs, seed, before), "培训签到"),
        (survey.survey(seed, before), "县域社会组织问卷"),
    ):
        _book(landing, plant_rows(table, faults), f"合成数据_{title}_{before:%Y%m%d}.xlsx", before)


def _book(landing: SampleFolder, table: Register, name: str, day: date) -> SampleFile:
    data, planted = table.to_book()
    return landing.write(
        table.source,
        name,
        data,
        datetime.combine(day, time(20)),
        rows=table.tally(),
        encoding="binary",
        dialect="xlsx",
        partition=day,
        planted=planted,
    )
