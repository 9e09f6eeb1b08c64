"""Generates one sample from start to end: cast, gifts, registers, reviews, manifest.

Only the order of work; other modules decide what is written.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sample import (
    flag_plants,
    notices,
    organization_registers,
    printed_claims,
    program_registers,
    project_files,
    register_rows,
)
from sample.beneficiaries import review_students
from sample.campaign_registers import CampaignRegisters
from sample.campaigns import PROGRAMME, Campaign, campaign_named
from sample.chains import HCQY_5, SCSL_6
from sample.donation_faults import DonationFaults
from sample.donations import Donations
from sample.flag_plants import FlagPlan, plan_flags
from sample.gift_plan import plan_gifts
from sample.landing import OnFile, SampleFolder
from sample.living_water import generate_programme
from sample.manifest import Faults, Manifest, yuan
from sample.organizations import Organizations, make_organizations
from sample.platform_exports import (
    alipay_orders,
    write_platform_exports,
    write_printed_totals,
)
from sample.projects import Project, make_projects
from sample.regions import UNDERDEVELOPED
from sample.register_faults import plant_rows, refuse_nameless_list
from sample.register_files import as_book, as_csv, evening
from sample.review_faults import plant_gaps
from sample.reviews import Entry, ReviewLine, numbered, review_projects
from sample.workbook import workbook


def generate(
    out: Path,
    campaign: str = "scsl-2024",
    scale: float = 1.0,
    seed: int = 20240802,
    faults: Faults = "some",
    on_file: OnFile | None = None,
) -> Manifest:
    """Writes a sample into the empty folder `out`; `on_file` is called for each file.

    `scale` multiplies the number of gifts and their sum; the registers do not change. The
    same arguments give the same bytes and file times. Raises ValueError for an unknown campaign
    or a scale with too few gifts, FileExistsError if `out` is not empty.
    """
    if campaign == PROGRAMME:
        return generate_programme(out, scale, seed, faults, on_file)
    return generate_campaign(out, campaign, scale, seed, faults, on_file)


def generate_campaign(
    out: Path,
    campaign: str,
    scale: float,
    seed: int,
    faults: Faults,
    on_file: OnFile | None,
    *,
    with_enrollments: bool = True,
) -> Manifest:
    """… of one campaign. Without the programme's enrolments where its own sample lies beside."""
    made = campaign_named(campaign)
    orgs = make_organizations(made, seed)
    projects = make_projects(made, orgs, seed)
    plan = plan_gifts(made, projects, scale)
    manifest = Manifest(campaign=campaign, seed=seed, scale=scale, faults=faults)
    landing = SampleFolder(out, manifest, on_file)
    # the giving day has neither bills nor reviews, so nothing shows red flags
    flags = plan_flags(orgs, projects) if made.chain_id and faults != "none" else FlagPlan()
    entries = _registers(landing, made, orgs, projects, flags)
    if entries:
        known_on = made.days[0] - timedelta(days=1)
        if with_enrollments:
            program_registers.write_enrollments(landing, orgs, projects, known_on)
        program_registers.write_communities(landing, orgs, known_on)
    donations = Donations(landing, made, projects, plan, seed, DonationFaults(faults))
    donations.write_pages()
    donations.write_changes()
    donations.files.refused()
    donations.bills.finish(alipay_orders(plan.gifts))
    _project_exports(landing, made, projects, donations, flags)
    if made.chain_id:
        write_platform_exports(landing, made, projects, donations)
        CampaignRegisters(landing, made, orgs.host.name, projects, seed).write(donations.drawn)
    if made.matched:
        write_printed_totals(landing, made, projects, donations)
    manifest.totals = _totals(made, donations, entries, projects)
    (out / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    return manifest


def _registers(
    landing: SampleFolder,
    campaign: Campaign,
    orgs: Organizations,
    projects: list[Project],
    flags: FlagPlan,
) -> list[Entry]:
    """Writes everything that is not an export of the platform; returns the campaign's entries."""
    seed, faults = landing.manifest.seed, landing.manifest.faults
    first, last = campaign.days[0], campaign.days[-1]
    early, day_before = first - timedelta(days=33), first - timedelta(days=1)
    opened = first - timedelta(days=84)
    before = register_rows.organizations(orgs, early, renamed=False)
    as_book(landing, before, "合成数据_社会组织名录.xlsx", early)
    renamed = register_rows.organizations(orgs, day_before, renamed=True)
    nothing = project_files.Takings.empty(len(campaign.days), len(projects))
    facts = project_files.project_facts(campaign, projects, nothing, day_before)
    flag_plants.plant_lost_qualification(renamed, flags, facts)
    plant_rows(renamed, faults)
    name = f"{first.year}/合成数据_社会组织名录_{day_before:%Y%m%d}.csv"
    as_csv(landing, renamed, name, day_before)
    register = plant_rows(register_rows.campaigns(campaign, orgs, opened), faults)
    as_csv(landing, register, "合成数据_活动.csv", opened)
    if campaign.in_sichuan:
        listed = plant_rows(register_rows.county_list(UNDERDEVELOPED, opened), faults)
        as_csv(landing, listed, "合成数据_欠发达县域名单.csv", opened)
        if faults == "many":
            refuse_nameless_list(landing, register_rows.county_list(UNDERDEVELOPED, opened))
    _printed(landing, campaign)
    if not campaign.chain_id:
        _all_enter(landing, campaign, projects, day_before)
        return []
    entries, histories = review_projects(campaign, orgs, projects, seed)
    students = review_students(campaign, orgs, seed)
    landing.manifest.planted += plant_gaps(entries, histories, students, faults, seed)
    chains = plant_rows(register_rows.chains((SCSL_6, HCQY_5), opened), faults)
    as_csv(landing, chains, "合成数据_审查链.csv", opened)
    applied = date(first.year, 6, 30)
    undecided = register_rows.entries(campaign, entries, applied, decided=False)
    as_book(landing, undecided, "合成数据_入场申报_报名截止.xlsx", applied)
    decided = plant_rows(register_rows.entries(campaign, entries, None, decided=True), faults)
    as_book(landing, decided, f"合成数据_入场申报_{day_before:%Y%m%d}.xlsx", day_before)
    _reviews(landing, numbered(histories, "SP"), numbered(students, "HC"), last)
    _notices(landing, campaign, orgs)
    organization_registers.write_all(landing, orgs, first)
    return entries


def _printed(landing: SampleFolder, campaign: Campaign) -> None:
    """Writes what papers print: of the sample, invented, and of the world, as five articles do."""
    seed, faults, day = landing.manifest.seed, landing.manifest.faults, campaign.days[-1]
    printed_on = day + timedelta(days=1)
    for table in printed_claims.registers(campaign, printed_on, seed, faults):
        plant_rows(table, faults)
        as_csv(landing, table, f"合成数据_{table.title}_{printed_on:%Y%m%d}.csv", printed_on)
    for source, (name, text) in printed_claims.articles().items():
        read_on = printed_claims.READ_ON
        landing.write_text(source, name, text, evening(read_on), read_on)


def _all_enter(
    landing: SampleFolder, campaign: Campaign, projects: list[Project], known_on: date
) -> None:
    """Writes the entries of a campaign without reviews, in which every project takes part."""
    applied, admitted = known_on - timedelta(days=45), known_on - timedelta(days=7)
    live = datetime.combine(campaign.days[0], time())
    made = [Entry(p, applied, "入场", admitted, live) for p in projects]
    table = register_rows.entries(campaign, made, None, decided=True)
    as_csv(landing, table, f"合成数据_入场申报_{known_on:%Y%m%d}.csv", known_on)


def _reviews(
    landing: SampleFolder, of_projects: list[ReviewLine], of_students: list[ReviewLine], last: date
) -> None:
    """Writes the register of reviews: halfway and at the end."""
    halfway, after = date(last.year, 6, 20), last + timedelta(days=1)
    at_halfway = register_rows.records(of_projects, halfway, known_on=halfway)
    as_csv(landing, at_halfway, f"合成数据_审查记录_{halfway:%Y%m%d}.csv", halfway)
    final = plant_rows(register_rows.records(of_projects, after), landing.manifest.faults)
    as_csv(landing, final, f"合成数据_审查记录_{after:%Y%m%d}.csv", after)
    students = date(last.year, 6, 30)
    table = register_rows.records(of_students, students)
    as_book(landing, table, "合成数据_合慈青云受助审核.xlsx", students)


def _notices(landing: SampleFolder, campaign: Campaign, orgs: Organizations) -> None:
    """Writes the notice of gifts outside the platform, with their total."""
    seed, faults, last = landing.manifest.seed, landing.manifest.faults, campaign.days[-1]
    table = plant_rows(notices.notice(campaign, orgs.host.name, seed), faults)
    table.rows.append(notices.total_row(table))
    facts = as_book(landing, table, f"合成数据_线下捐赠公示_{last:%Y%m%d}.xlsx", last)
    facts.footer_rows, facts.footer_fen, facts.footer_agrees = 1, facts.rows.fen_read, True
    if faults == "many":
        sheet, rows, planted = notices.of_1904(campaign, orgs.host.name, seed)
        landing.write(
            "donation_notices",
            f"合成数据_义卖公示_{last:%Y%m%d}.xlsx",
            workbook([sheet], date_1904=True),
            evening(last),
            rows=rows,
            encoding="binary",
            dialect="xlsx",
            partition=last,
            planted=planted,
        )


def _project_exports(
    landing: SampleFolder,
    campaign: Campaign,
    projects: list[Project],
    donations: Donations,
    flags: FlagPlan,
) -> None:
    """Writes project exports from the day before the campaign to the day after, JSON and CSV."""
    first = campaign.days[0] - timedelta(days=1)
    for number in range(len(campaign.days) + 2):
        export = first + timedelta(days=number)
        facts = project_files.project_facts(campaign, projects, donations.takings, export)
        flag_plants.misfile(facts, flags, campaign.days[0])
        if number % 2 == 0:
            name = f"synthetic_projects_{export:%Y%m%d}.jsonl"
            text = project_files.json_text(facts)
        else:
            name = f"合成数据_项目_{export:%Y-%m-%d}.csv"
            table = project_files.table(facts, export)
            if export == campaign.days[-1]:
                flag_plants.plant_falling_total(table, flags, donations.takings, projects, export)
                plant_rows(table, landing.manifest.faults)
            text = table.to_text()
        written = landing.write_text(
            project_files.SOURCE, name, text, donations.delivered(export), export
        )
    flag_plants.plant_misfiling(landing, flags, project_files.SOURCE, written.path)


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
