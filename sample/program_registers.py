"""Writes the registers of programmes and communities, with their totals where they hold money.

Their rows are `program_rows`, their faults `program_faults`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sample import program_rows
from sample.landing import SampleFolder
from sample.organizations import Organizations
from sample.projects import Project
from sample.register_faults import plant_rows
from sample.register_files import as_book, as_csv
from sample.registers import Register

_LARGEST_BOOK = 1_000  # rows; longer registers are handed out as text


def write_enrollments(
    landing: SampleFolder, orgs: Organizations, projects: Sequence[Project], known_on: date
) -> None:
    """The enrolments of 活水计划 among the campaign's own organisations."""
    _write(landing, program_rows.enrollments(orgs, projects, known_on), known_on)


def write_communities(landing: SampleFolder, orgs: Organizations, known_on: date) -> None:
    """Applicants, funds, observation points, counts of organisations and villages."""
    seed = landing.manifest.seed
    for table in (
        program_rows.applicants(orgs, seed, known_on),
        program_rows.funds(orgs, seed, known_on),
        program_rows.observation_points(known_on),
        program_rows.org_counts(seed, known_on),
        program_rows.villages(seed, known_on),
    ):
        _write(landing, table, known_on)


def _write(landing: SampleFolder, table: Register, known_on: date) -> None:
    plant_rows(table, landing.manifest.faults)
    has_money = table.tally().fen_read != 0
    if has_money:
        table.rows.append(program_rows.total_row(table))
    write, ending = (as_book, "xlsx") if len(table.rows) < _LARGEST_BOOK else (as_csv, "csv")
    facts = write(landing, table, f"合成数据_{table.title}.{ending}", known_on)
    if has_money:
        program_rows.totals_agree(facts)
