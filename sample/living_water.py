"""活水计划: the sample of a programme of several years, at its published size.

What is printed, with its source; projects, gifts and files are made by the modules that make those
of any campaign. A programme is more than its giving days: grassroots organisations enrol
county by county, and what they raised before is what they grow from. The registers of the
programme are `living_water_registers`.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from pipelines.settings import DBT_PROJECT
from sample import project_files
from sample.amounts import Sizes
from sample.campaigns import PROGRAMME, Campaign, Raised
from sample.donation_faults import DonationFaults
from sample.donations import Donations
from sample.gift_plan import plan_gifts
from sample.landing import OnFile, SampleFolder
from sample.living_water_registers import write_registers
from sample.manifest import Faults, Manifest, yuan
from sample.organizations import make_organizations
from sample.projects import Project, make_projects
from sample.register_files import evening

FOLDER = "活水计划"
BEFORE = "huoshui-before"  # what organisations raised before the programme
_SEEDS = DBT_PROJECT / "seeds"

YANHE = "沿河土家族自治县春晖公益协会"
NAYONG = "纳雍县爱心纳雍公益联合会"
_EAST = ("330106", "320102", "440305", "370102")
_MIDDLE = ("420106", "430102")
#: Yuan that projects elsewhere received before the programme: 东 is 5.5 times 中 and 2.8 times 西.
_EAST_YUAN, _MIDDLE_YUAN, _WEST_YUAN = 30_800_000, 5_600_000, 11_000_000


def key_counties(seeds: Path = _SEEDS) -> tuple[tuple[str, str], ...]:
    """Code and name of the key counties that could be sourced: 92 of 160."""
    with (seeds / "county_list_members.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["list_id"] == "key_160"]
    return tuple((row["region_code"], row["listed_name"]) for row in rows)


def _raised(name: str, initiator: str, county: str, gifts: int, yuan_by_day: Sequence[int],
            own: float | None = None) -> Raised:  # fmt: skip # a project's facts
    """A project whose sum is printed; its gifts are shared out over the days as its money is."""
    total = sum(yuan_by_day)
    counts = tuple(round(gifts * y / total) if total else 0 for y in yuan_by_day)
    return Raised(
        name, counts, tuple(yuan_by_day), 5_000_000, 5_000_000, initiator=initiator,
        supporter=None, county=county, domain="乡村发展", own_county_share=own,
    )  # fmt: skip # a project's facts


def _named(yanhe: Sequence[int], nayong: Sequence[int], elsewhere: Sequence[float]) -> list[Raised]:
    """The projects that are fixed: the two printed ones, and those of other regions.

    Money in yuan by day; `elsewhere` is the share of a year's money that falls on the day.
    """
    made = [
        _raised("沿河春晖助学（合成）", YANHE, "520627", sum(yanhe) // 60, yanhe),
        _raised("纳雍爱心助学（合成）", NAYONG, "520525", sum(nayong) // 45, nayong, 0.9),
    ]
    for codes, of_band, word in ((_EAST, _EAST_YUAN, "东"), (_MIDDLE, _MIDDLE_YUAN, "中")):
        for code in codes:
            by_day = [round(of_band / len(codes) * share) for share in elsewhere]
            initiator = f"{word}部{code}号公益服务中心（合成）"
            name = f"{word}部{code}号社区公益（合成）"
            made.append(_raised(name, initiator, code, sum(by_day) // 180, by_day))
    return made


_SPECIAL = Campaign(
    campaign_id=PROGRAMME,
    name="2022活水计划乡村振兴专场",
    program_id="huoshui",
    host="腾讯公益慈善基金会",
    days=(date(2022, 9, 4), date(2022, 9, 5), date(2022, 9, 6)),
    day_weights=(0.40, 0.33, 0.27),
    gifts=1_140_000,
    fen=4_363_000_000,
    sizes=Sizes(small=0.74, tail=0.0008),
    serial=22,
    projects=216,
    organizations=200,
    applicants=238,
    home_share=0.1,
    first_project=20_000,
    first_organization=1_500,
    fewest_gifts=200,
)


def editions() -> tuple[Campaign, ...]:
    """The programme's giving by what is printed of it, earliest first.

    Press report of 2023: 1.78亿 yuan by over 2.67 million participations, of them 8,163万 by 2.13
    million in two 专场; 沿河's association raised 55万 in 2020, 74万 in 2021 and 225万 in 2022;
    90% of what 纳雍's raises comes from its own county; the east receives 5.5 times what the
    middle does and 2.8 times what the west does. How days and projects share the sums is
    invented, and so is the day of the second 专场.
    """
    counties = key_counties()
    zero3 = (0, 0, 0)
    special = replace(
        _SPECIAL,
        counties=counties,
        raised=tuple(_named((460_000, 380_000, 310_000), (180_000, 150_000, 120_000), zero3)),
    )
    before = replace(
        special,
        campaign_id=BEFORE,
        days=(date(2020, 9, 8), date(2021, 9, 8)),
        day_weights=(0.5, 0.5),
        gifts=800_000,
        fen=2 * (_EAST_YUAN + _MIDDLE_YUAN + _WEST_YUAN) * 100,
        sizes=Sizes(small=0.62, tail=0.004),
        serial=21,
        is_named_in_orders=False,
        raised=tuple(_named((550_000, 740_000), (90_000, 110_000), (1.0, 1.0))),
    )
    ordinary = replace(
        special,
        campaign_id="huoshui-days",
        days=(date(2022, 6, 18), date(2022, 10, 17), date(2022, 12, 5)),
        day_weights=(0.3, 0.4, 0.3),
        gifts=540_000,
        fen=9_637_000_000,
        sizes=Sizes(small=0.45, tail=0.012),
        serial=25,
        is_named_in_orders=False,
        raised=tuple(_named((300_000, 500_000, 300_000), (60_000, 90_000, 50_000), zero3)),
    )
    second = replace(
        special,
        campaign_id="huoshui-2023",
        name="2023活水计划乡村振兴专场（日期为合成）",
        days=(date(2023, 5, 19), date(2023, 5, 20), date(2023, 5, 21)),
        gifts=990_000,
        fen=3_800_000_000,
        serial=23,
        raised=tuple(_named((200_000, 200_000, 100_000), (80_000, 70_000, 50_000), zero3)),
    )
    return before, ordinary, special, second


def generate_programme(
    out: Path, scale: float, seed: int, faults: Faults, on_file: OnFile | None
) -> Manifest:
    """Writes the programme's sample into the empty folder `out`, page by page.

    `scale` multiplies gifts and money; the registers do not change. Raises ValueError for a scale
    with too few gifts, FileExistsError if `out` is not empty.
    """
    made = editions()
    named = next(edition for edition in made if edition.campaign_id == PROGRAMME)
    orgs = make_organizations(named, seed)
    projects = [_since_before(p) for p in make_projects(named, orgs, seed)]
    manifest = Manifest(campaign=PROGRAMME, seed=seed, scale=scale, faults=faults)
    landing = SampleFolder(out, manifest, on_file, FOLDER)
    facts = write_registers(landing, made, orgs, projects)
    whole = replace(named, days=tuple(sorted(day for e in made for day in e.days)))
    takings = project_files.Takings.empty(len(whole.days), len(projects))
    totals: dict[str, dict[str, object]] = {}
    for edition in made:
        own = _as_raised(edition, projects)
        level: Faults = faults if edition is named else "none"
        plan = plan_gifts(edition, own, scale)
        donations = Donations(landing, edition, own, plan, seed, DonationFaults(level))
        donations.write_pages()
        donations.write_changes()
        donations.files.refused()
        for day_no, day in enumerate(edition.days):
            at = whole.days.index(day)
            takings.fen[at] += donations.takings.fen[day_no]
            takings.gifts[at] += donations.takings.gifts[day_no]
        totals[edition.campaign_id] = _totals(donations)
    for number, day in enumerate(whole.days):
        _project_export(landing, whole, projects, takings, day, number)
    manifest.totals = {"editions": totals, **facts, **_together(totals)}
    (out / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    return manifest


def _since_before(project: Project) -> Project:
    """A project that raised before the programme was approved before it."""
    return replace(project, approved_on=date(2019, 11, 1)) if project.raised else project


def _as_raised(edition: Campaign, projects: Sequence[Project]) -> list[Project]:
    """The projects with what the edition fixes of them."""
    plans = [*edition.raised, *[None] * (len(projects) - len(edition.raised))]
    return [replace(p, raised=plan) for p, plan in zip(projects, plans, strict=True)]


def _project_export(
    landing: SampleFolder,
    whole: Campaign,
    projects: Sequence[Project],
    takings: project_files.Takings,
    day: date,
    number: int,
) -> None:
    """Writes the export of projects of one giving day, JSON lines and tables in turn."""
    facts = project_files.project_facts(whole, projects, takings, day)
    if number % 2 == 0:
        text, name = project_files.json_text(facts), f"synthetic_projects_{day:%Y%m%d}.jsonl"
    else:
        table = project_files.table(facts, day)
        text, name = table.to_text(), f"合成数据_项目_{day:%Y-%m-%d}.csv"
    at = evening(day + timedelta(days=1))
    landing.write_text(project_files.SOURCE, name, text, at, day)


def _totals(donations: Donations) -> dict[str, object]:
    t = donations.totals
    return {
        "gifts": t.gifts,
        "gross_cny": yuan(t.gross_fen),
        "refunded_cny": yuan(t.refunded_fen),
        "gross_fen": t.gross_fen,
        "by_day": t.by_day,
    }


def _together(totals: dict[str, dict[str, object]]) -> dict[str, object]:
    """What is printed of the programme: its gifts from 2022 on."""
    since = [of for label, of in totals.items() if label != BEFORE]
    fen = sum(int(str(of["gross_fen"])) for of in since)
    gifts = sum(int(str(of["gifts"])) for of in since)
    return {"gifts": gifts, "gross_fen": fen, "gross_cny": yuan(fen)}
