"""One sample from first to last: cast, gifts, registers, reviews, manifest.

Order of work only: what is written follows from the other modules.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path

from pipelines.sample import notices, project_files, register_rows
from pipelines.sample.beneficiaries import review_students
from pipelines.sample.campaigns import Campaign, campaign_named
from pipelines.sample.chains import HCQY_5, SCSL_6
from pipelines.sample.donation_faults import DonationFaults
from pipelines.sample.donations import Donations
from pipelines.sample.gift_plan import plan_gifts
from pipelines.sample.landing import Landing, OnFile
from pipelines.sample.manifest import Faults, Manifest, yuan
from pipelines.sample.organizations import Organizations, make_organizations
from pipelines.sample.projects import Project, make_projects
from pipelines.sample.regions import UNDERDEVELOPED
from pipelines.sample.registers import Register
from pipelines.sample.review_faults import plant_gaps
from pipelines.sample.reviews import Entry, numbered, review_projects
from pipelines.sample.workbook import workbook


def generate(
    out: Path,
    campaign: str = "scsl-2024",
    scale: float = 1.0,
    seed: int = 20240802,
    faults: Faults = "some",
    on_file: OnFile | None = None,
) -> Manifest:
    """Write a sample into the empty folder `out`; `on_file` hears of each file.

    `scale` multiplies the number of gifts and their sum, the registers stay as they are. The
    same arguments give the same bytes and file times. Raises ValueError for an unknown campaign
    or a scale that leaves too few gifts, FileExistsError where `out` is not empty.
    """
    made = campaign_named(campaign)
    orgs = make_organizations(made, seed)
    projects = make_projects(made, orgs, seed)
    plan = plan_gifts(made, projects, scale)
    manifest = Manifest(campaign=campaign, seed=seed, scale=scale, faults=faults)
    landing = Landing(out, manifest, on_file)
    entries = _registers(landing, made, orgs, projects)
    donations = Donations(landing, made, projects, plan, seed, DonationFaults(faults))
    donations.write_pages()
    donations.write_changes()
    _project_exports(landing, made, projects, donations)
    manifest.totals = _totals(made, donations, entries, projects)
    (out / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    return manifest


def _registers(
    landing: Landing, campaign: Campaign, orgs: Organizations, projects: list[Project]
) -> list[Entry]:
    seed, faults = landing.manifest.seed, landing.manifest.faults
    first, last = campaign.days[0], campaign.days[-1]
    early = first - timedelta(days=33)
    _book(landing, register_rows.organizations(orgs, early, renamed=False),
          "合成数据_社会组织名录.xlsx", early)  # fmt: skip
    day_before = first - timedelta(days=1)
    late = register_rows.organizations(orgs, day_before, renamed=True)
    _csv(landing, late, f"{first.year}/合成数据_社会组织名录_{day_before:%Y%m%d}.csv", day_before)
    opened = first - timedelta(days=84)
    _csv(landing, register_rows.campaigns(campaign, orgs, opened), "合成数据_活动.csv", opened)
    if not campaign.chain_id:
        return []
    entries, histories = review_projects(campaign, orgs, projects, seed)
    students = review_students(campaign, orgs, seed)
    landing.manifest.planted += plant_gaps(entries, histories, students, faults, seed)
    project_records, student_records = numbered(histories, "SP"), numbered(students, "HC")
    _csv(landing, register_rows.chains((SCSL_6, HCQY_5), opened), "合成数据_审查链.csv", opened)
    applied = date(first.year, 6, 30)
    _book(landing, register_rows.entries(campaign, entries, applied, decided=False),
          "合成数据_入场申报_报名截止.xlsx", applied)  # fmt: skip
    _book(landing, register_rows.entries(campaign, entries, None, decided=True),
          f"合成数据_入场申报_{day_before:%Y%m%d}.xlsx", day_before)  # fmt: skip
    halfway, after = date(first.year, 6, 20), last + timedelta(days=1)
    _csv(landing, register_rows.records(project_records, halfway, known_on=halfway),
         f"合成数据_审查记录_{halfway:%Y%m%d}.csv", halfway)  # fmt: skip
    _csv(landing, register_rows.records(project_records, after),
         f"合成数据_审查记录_{after:%Y%m%d}.csv", after)  # fmt: skip
    _book(landing, register_rows.records(student_records, applied),
          "合成数据_合慈青云受助审核.xlsx", applied)  # fmt: skip
    sheet, rows = notices.notice(campaign, orgs.host.name, seed)
    facts = landing.write(
        "donation_notices", f"合成数据_线下捐赠公示_{last:%Y%m%d}.xlsx", workbook([sheet]),
        _evening(last), rows=rows, encoding="xlsx", dialect="xlsx", partition=last,
    )  # fmt: skip
    facts.footer_rows, facts.footer_fen, facts.footer_agrees = 1, rows.fen_loaded, True
    return entries


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(20, 0))


def _csv(landing: Landing, table: Register, name: str, day: date) -> None:
    landing.write_text(table.source, name, table.to_text(), _evening(day), day)


def _book(landing: Landing, table: Register, name: str, day: date) -> None:
    data, planted = table.to_book()
    landing.write(
        table.source, name, data, _evening(day), rows=table.tally(), encoding="xlsx",
        dialect="xlsx", partition=day, planted=planted,
    )  # fmt: skip


def _project_exports(
    landing: Landing, campaign: Campaign, projects: list[Project], donations: Donations
) -> None:
    """From the day before the campaign to the day after: JSON and CSV in turn."""
    first = campaign.days[0] - timedelta(days=1)
    for number in range(len(campaign.days) + 2):
        export = first + timedelta(days=number)
        facts = project_files.project_facts(campaign, projects, donations.takings, export)
        if number % 2 == 0:
            name = f"synthetic_projects_{export:%Y%m%d}.jsonl"
            text = project_files.json_text(facts)
        else:
            name = f"合成数据_项目_{export:%Y-%m-%d}.csv"
            text = project_files.table(facts, export).to_text()
        landing.write_text(
            project_files.SOURCE, name, text, donations.delivered(export), export
        )  # fmt: skip


def _totals(
    campaign: Campaign, donations: Donations, entries: list[Entry], projects: list[Project]
) -> dict[str, object]:
    t = donations.totals
    totals: dict[str, object] = asdict(t) | {
        "gross_cny": yuan(t.gross_fen),
        "refunded_cny": yuan(t.refunded_fen),
        "net_cny": yuan(t.gross_fen - t.refunded_fen),
        "donors": donations.donors.total,
        "projects_with_gifts": int((donations.takings.gifts.sum(axis=0) > 0).sum()),
    }
    if entries:
        admitted = [p for p in projects if p.admitted]
        counties = {p.region_code for p in admitted}
        poor = {c.code for c in UNDERDEVELOPED}
        totals |= {
            "entries": len(entries),
            "admitted": len(admitted),
            "applicants": len({p.initiator.uscc for p in projects}),
            "organizations": len({p.initiator.uscc for p in admitted}),
            "domains": len({p.domain for p in admitted}),
            "prefectures": len({c[:4] for c in counties}),
            "counties": len(counties),
            "sichuan_39": len(counties & poor),
            "raised_targets": [p.project_no for p in projects if p.raised],
        }
    return totals
