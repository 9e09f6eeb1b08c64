"""The projects of a sample: who runs them, where, their numbers, targets and popularity.

How much each raised follows from the gifts (`gifts`); here it is only decided which projects are
admitted, as far as printed totals fix it. `project_files` writes the files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.sources.campaign_entries import DOMAINS
from sample.campaigns import Campaign, Raised
from sample.draw import Floats, Stream
from sample.organizations import JOINT_HOSTS, LUZHOU, Organization, Organizations
from sample.regions import (
    BY_CODE,
    COUNTIES,
    PREFECTURES,
    UNDERDEVELOPED,
    County,
    donor_regions,
)

DOMAIN_WEIGHTS = (18, 24, 20, 12, 12, 4, 5, 5)
_THEMES = {
    "敬老爱老": ("失能老人助养", "老年食堂", "银龄陪伴"),
    "儿童关爱": ("困境儿童守护", "阅读角", "星宝融合课堂"),
    "扶弱济困": ("大病救助", "残疾人就业", "困难家庭帮扶"),
    "乡村发展": ("产业帮扶", "美丽乡村", "乡村人才"),
    "社区治理": ("益善友邻", "社区微基金", "幸福社区"),
    "生态环保": ("护林员关爱", "净滩行动"),
    "慈善文化": ("慈善进校园", "志愿者之家"),
    "其他类": ("应急救灾", "公益伙伴成长"),
}


@dataclass(frozen=True)
class Project:
    """A project; `weight` is its share of the gifts that no `Raised` plan fixes."""

    project_no: str
    name: str
    initiator: Organization
    supporter: Organization
    domain: str
    region_code: str
    filing_no: str
    approved_on: date
    weight: float
    target_yuan: int
    admitted: bool = True
    raised: Raised | None = None
    parent_no: str | None = None
    open_ended: bool = False

    @property
    def is_invented(self) -> bool:
        """True if the report names neither party, so that faults may be planted on it."""
        return not (self.initiator.named or self.supporter.named or self.raised)


def project_number(index: int) -> str:
    """A number of two to ten digits, as in the platform's successive eras; unique by index."""
    if index < 3:
        return str(97 + index)  # two or three digits: the oldest
    width, stem = ((5, 97), (6, 99), (7, 399), (10, 10999))[index % 4]
    return str(stem * 10 ** (width - len(str(stem))) + index)


def make_projects(campaign: Campaign, orgs: Organizations, seed: int) -> list[Project]:
    """Admitted projects first, then the entries that were not admitted."""
    draws = Stream(seed, campaign.campaign_id, "projects")
    total = max(campaign.entries, campaign.projects)
    places = _places(campaign, draws.child("places"), total)
    initiators = _initiators(campaign, orgs, draws.child("initiators"), total)
    weights = _popularity(draws.child("popularity"), campaign.projects)
    filed: dict[str, int] = {}
    used: dict[str, int] = {}
    projects = []
    for i in range(total):
        own = draws.child("project", i)
        plan = campaign.raised[i] if i < len(campaign.raised) else None
        initiator = initiators[i]
        supporter = (
            orgs.by_name[plan.supporter]
            if plan and plan.supporter
            else _supporter(orgs, initiator, i, own)
        )
        admitted = i < campaign.projects
        weight = float(weights[i]) if admitted and plan is None else 0.0
        domain = (plan and plan.domain) or DOMAINS[int(own.weighted(1, DOMAIN_WEIGHTS)[0])]
        filed[supporter.uscc] = serial = filed.get(supporter.uscc, 0) + 1
        code, place = places[i] if not campaign.counties else _home(campaign, initiator)
        if plan and plan.county:
            code = plan.county
            place = BY_CODE[code].name if code in BY_CODE else ""
        name = plan.name if plan else f"{place}{own.child('theme').one(_THEMES[domain])}"
        used[name] = again = used.get(name, 0) + 1
        expected_yuan = weight * campaign.fen / 100
        projects.append(
            Project(
                project_no=project_number(campaign.first_project + i),
                name=name if plan else f"{name}{again if again > 1 else ''}（合成）",
                initiator=initiator,
                supporter=supporter,
                domain=domain,
                region_code=code,
                filing_no=f"{supporter.uscc}A{campaign.days[0]:%y}{serial:03d}",
                approved_on=campaign.days[0] - timedelta(days=own.number(35, 300)),
                weight=weight,
                target_yuan=plan.target_yuan if plan else _target(expected_yuan, own),
                admitted=admitted,
                raised=plan,
                open_ended=plan is None and i % 41 == 40,
                parent_no=parent_number(campaign) if i in _children(campaign) else None,
            )
        )
    return projects


def parent_number(campaign: Campaign) -> str:
    """The number of the parent of the campaign's sub-projects."""
    return project_number(campaign.first_project + max(campaign.entries, campaign.projects))


def _children(campaign: Campaign) -> range:
    return range(len(campaign.raised) + 60, len(campaign.raised) + 63)


def _popularity(draws: Stream, n: int) -> Floats:
    """Pareto weights (exponent 1.2) that sum to 1: a few projects receive most."""
    heavy: Floats = (1 - draws.uniform(n) * 0.998) ** (-1 / 1.2)
    shares: Floats = heavy / heavy.sum()
    return shares


def _target(expected_yuan: float, draws: Stream) -> int:
    """A round target that the campaign does not reach."""
    want = expected_yuan * (1.25 + 2 * draws.child("target").share())
    step = 100_000 if want > 500_000 else 10_000
    return max(20_000, int(want // step + 1) * step)


def _home(campaign: Campaign, initiator: Organization) -> tuple[str, str]:
    """Code and name of the county that a grassroots organisation works in: its own."""
    return initiator.region_code, dict(campaign.counties).get(initiator.region_code, "")


def _places(campaign: Campaign, draws: Stream, n: int) -> list[tuple[str, str]]:
    """Region code and name by project; admitted ones cover the places that the report states."""
    if not campaign.in_sichuan:
        codes, weights = donor_regions(0.1)
        return [(codes[i], f"{codes[i][:2]}地区") for i in draws.weighted(n, weights)]
    poor = draws.child("poor").shuffled(UNDERDEVELOPED)
    left_out = {c.code for c in poor[campaign.underdeveloped :]}
    open_counties = [c for c in COUNTIES if c.code not in left_out]
    must: list[County] = poor[: campaign.underdeveloped]
    covered = {c.prefecture_code for c in must}
    for code in PREFECTURES:
        if code not in covered:
            inside = [c for c in open_counties if c.prefecture_code == code]
            must.append(draws.child("prefecture", code).one(inside))
    # the first projects have fixed places; `must` comes after them
    ahead = len(campaign.raised)
    rest = n - ahead - len(must)
    more = [open_counties[i] for i in draws.child("rest").whole(rest, 0, len(open_counties) - 1)]
    chosen = [*more[:ahead], *must, *more]
    return [(c.code, c.name) for c in chosen[:n]]


def _initiators(
    campaign: Campaign, orgs: Organizations, draws: Stream, n: int
) -> list[Organization]:
    """The initiator of each project: as many as printed have an admitted project."""
    plans = {i: orgs.by_name[p.initiator] for i, p in enumerate(campaign.raised) if p.initiator}
    may = orgs.initiators if campaign.counties else orgs.applicants
    free = [o for o in may if o not in plans.values()]
    admitted, late = (
        free[: campaign.organizations - len(plans)],
        free[campaign.organizations - len(plans) :],
    )
    queue = [*draws.child("first").shuffled(admitted)]
    while len(queue) < n:
        queue += draws.child("again", len(queue)).shuffled(admitted)
    chosen = [plans[i] if i in plans else queue.pop(_next(queue, campaign, i)) for i in range(n)]
    chosen[campaign.projects : campaign.projects + len(late)] = late[: n - campaign.projects]
    return chosen


def _next(queue: list[Organization], campaign: Campaign, index: int) -> int:
    """The head of the queue; a raised project is run by an invented organisation."""
    if index >= len(campaign.raised):
        return 0
    return next(i for i, o in enumerate(queue) if not (o.named or o.can_fundraise))


def _supporter(
    orgs: Organizations, initiator: Organization, index: int, draws: Stream
) -> Organization:
    """The supporter: a qualified initiator itself; the report's five support many others."""
    if initiator.can_fundraise:
        return initiator
    many = [*(orgs.by_name[n] for n in JOINT_HOSTS if n in orgs.by_name)]
    if LUZHOU in orgs.by_name:
        many.append(orgs.by_name[LUZHOU])
    if many and index % 7 < 3:
        return many[index % len(many)]
    near = [o for o in orgs.supporters if o.region_code[:4] == initiator.region_code[:4]]
    return draws.child("supporter").one(near or orgs.supporters)
