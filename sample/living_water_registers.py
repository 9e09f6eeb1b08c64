"""The registers of 活水计划: its organisations, giving days, entries, counties and enrolments.

Clean rows and the faults planted in them; gifts and projects are `living_water`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sample import register_rows
from sample.campaigns import Campaign
from sample.draw import Stream
from sample.landing import SampleFolder
from sample.organizations import Organization, Organizations
from sample.program_rows import FEN_PER_WAN, enrollment_register, total_row, totals_agree
from sample.projects import Project
from sample.register_faults import plant_rows
from sample.register_files import as_book, as_csv
from sample.registers import Register, Row
from sample.reviews import Entry
from sample.workbook import Cell

_STARTED, _SECOND_BATCH = date(2022, 4, 8), date(2023, 3, 1)
_AS_OF = date(2023, 5, 31)
#: Printed: 80 organisations in the first batch, 200,000 yuan for each, some 3 employees.
FIRST_BATCH = 80
_GRANT_WAN = 20
_KEY_160, _OFFICIAL = "key_160", 160
#: Printed as taking part, and on no list of key counties: 湖北宣恩, 贵州玉屏.
_OFF_LIST = (("422825", "宣恩县"), ("520622", "玉屏侗族自治县"))


def write_registers(
    landing: SampleFolder,
    editions: Sequence[Campaign],
    orgs: Organizations,
    projects: Sequence[Project],
) -> dict[str, object]:
    """Writes all of them; returns what they come to."""
    faults, seed = landing.manifest.faults, landing.manifest.seed
    table = register_rows.organizations(orgs, _AS_OF, renamed=True)
    as_book(landing, table, f"合成数据_社会组织名录_{_AS_OF:%Y%m%d}.xlsx", _AS_OF)
    before = register_rows.organizations(orgs, _STARTED, renamed=False)
    as_book(landing, before, f"合成数据_社会组织名录_{_STARTED:%Y%m%d}.xlsx", _STARTED)
    named = [e for e in editions if e.is_named_in_orders]
    for edition in named:
        opened = edition.days[0] - timedelta(days=60)
        table = register_rows.campaigns(edition, orgs, opened)
        as_csv(landing, table, f"合成数据_活动_{edition.campaign_id[-4:]}.csv", opened)
        known_on = edition.days[0] - timedelta(days=1)
        table = register_rows.entries(edition, _entered(edition, projects), None, decided=True)
        as_csv(landing, table, f"合成数据_入场申报_{known_on:%Y%m%d}.csv", known_on)
    counties = named[0].counties
    as_book(landing, _listed(counties), f"合成数据_重点帮扶县_{_STARTED:%Y%m%d}.xlsx", _STARTED)
    enrolled = _enrolled(orgs, projects, seed)
    count = len(enrolled.rows)
    plant_rows(enrolled, faults)
    enrolled.rows.append(total_row(enrolled))
    facts = as_book(landing, enrolled, f"合成数据_活水计划入选_{_AS_OF:%Y%m%d}.xlsx", _AS_OF)
    totals_agree(facts)
    return {"listed": len(counties), "official_count": _OFFICIAL, "enrolled": count}


def _entered(edition: Campaign, projects: Sequence[Project]) -> list[Entry]:
    """Every project of the programme; those elsewhere take no part in it."""
    first = edition.days[0]
    applied, admitted = first - timedelta(days=45), first - timedelta(days=7)
    live = datetime.combine(first, time())
    listed = dict(edition.counties)
    ours = [p for p in projects if p.admitted and p.region_code in listed]
    return [Entry(p, applied, "入场", admitted, live) for p in ours]


def _listed(counties: Sequence[tuple[str, str]]) -> Register:
    """The key counties: as many as could be sourced, each with the count of the whole list."""
    table = Register(
        "county_lists",
        "国家乡村振兴重点帮扶县（可查得者）",
        ["名单编号", "行政区划代码", "县域名称", "官方数目"],
        as_of=_STARTED,
    )
    for code, name in counties:
        table.rows.append(Row([_KEY_160, code, name, _OFFICIAL]))
    return table


def _enrolled(orgs: Organizations, projects: Sequence[Project], seed: int) -> Register:
    """The enrolled organisations: 80 at the start, the others a year later, two off the list."""
    table = enrollment_register(_AS_OF)
    brand = {p.initiator.uscc: p.project_no for p in reversed(projects) if p.admitted}
    off_list = [code for code, _ in _OFF_LIST]
    ours = [org for org in orgs.initiators if org.region_code[:2] not in _ELSEWHERE]
    for number, org in enumerate(ours):
        last = len(ours) - number
        code = off_list[last - 1] if last <= len(off_list) else org.region_code
        cells = _enrolment(number, org, code, brand.get(org.uscc), seed)
        table.rows.append(Row(cells, fen=_GRANT_WAN * FEN_PER_WAN))
    return table


#: Provinces of the projects that are in the sample to be compared with.
_ELSEWHERE = ("32", "33", "37", "42", "43", "44")


def _enrolment(
    number: int, org: Organization, county: str, brand: str | None, seed: int
) -> list[Cell]:
    draws = Stream(seed, "huoshui", "enrolled", number)
    first = number < FIRST_BATCH
    on = _STARTED if first else _SECOND_BATCH
    before = draws.child("before").number(0, 2)
    return [
        "huoshui",
        county,
        org.uscc,
        "第一批" if first else "第二批",
        on,
        _GRANT_WAN,
        on + timedelta(days=draws.child("paid").number(20, 70)),
        before,
        before + draws.child("after").number(2, 4),
        "是" if draws.child("online").number(0, 2) else "否",
        brand,
    ]
