"""The organisations of a sample: those that the programme's report names, and invented ones.

Invented names end in （合成）. Every credit code is invented, also those of named organisations:
its organisation part begins with HEC (合成), and its check characters are valid.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from stdnum.cn import uscc

from sample.campaigns import Campaign
from sample.draw import Stream, apportion
from sample.regions import COUNTIES, PREFECTURES, donor_regions

#: Two first characters of a code: registered with civil affairs, then the kind (GB 32100-2015).
_KIND_PREFIX = {"社会团体": "51", "社会服务机构": "52", "基金会": "53"}
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714, modulus 11
_SICHUAN = "510000"

JOINT_HOSTS = (
    "四川省科技公益发展基金会",
    "四川省城乡融合人才培育研究基金会",
    "成都市慈善总会",
    "成都市锦江区社会组织发展基金会",
)
CO_ORGANISERS = (
    "四川省红十字基金会",
    "四川省青少年发展基金会",
    "四川省妇女儿童基金会",
    "四川省教育基金会",
    "四川省职工发展基金会",
    "四川省关心下一代基金会",
    "四川省残疾人福利基金会",
)
#: Facts: the second was renamed in 2022.
_FORMER = {
    "四川省职工发展基金会": "四川省困难职工帮扶基金会",
    "中国乡村发展基金会": "中国扶贫基金会",
}
RURAL = "中国乡村发展基金会"
LUZHOU, HEJIANG = "泸州市慈善总会", "合江县慈善会"
AGENCIES = ("蓉衡公益评估中心（合成）", "天府项目审验所（合成）", "锦实第三方评估中心（合成）")

_TOPICS = ("社会工作服务", "公益发展", "助学", "养老关爱", "乡村振兴", "志愿服务", "儿童关爱",
           "残疾人服务", "生态保护", "社区发展", "文化传承")  # fmt: skip # a table
_FORMS = {"社会服务机构": "中心", "社会团体": "协会", "基金会": "基金会"}


@dataclass(frozen=True)
class Organization:
    """An organisation of the register; `named` if the report prints its name."""

    uscc: str
    name: str
    kind: str
    level: str
    region_code: str
    founded_on: date
    net_assets_wan: int  # 万元
    can_fundraise: bool = False
    former_names: tuple[str, ...] = ()
    named: bool = False
    org_no: str = ""


@dataclass(frozen=True)
class Organizations:
    """All of them by role; `everybody` is the register."""

    host: Organization
    joint_hosts: tuple[Organization, ...]
    supporters: tuple[Organization, ...]  # qualified to raise funds in public
    initiators: tuple[Organization, ...]  # the others that apply
    agencies: tuple[Organization, ...]
    by_name: dict[str, Organization] = field(default_factory=dict)

    @property
    def applicants(self) -> tuple[Organization, ...]:
        """Organisations that may apply, supporters first."""
        return self.supporters + self.initiators

    @property
    def everybody(self) -> tuple[Organization, ...]:
        """Every organisation once."""
        return (self.host, *self.applicants, *self.agencies)


def make_uscc(prefix: str, region_code: str, number: int) -> str:
    """A synthetic code: prefix, region, HEC + 5 digits + its check character, check character.

    `number` is below 100,000. Both check characters are valid (GB 11714, GB 32100-2015).
    """
    base = f"HEC{number:05d}"
    values = (int(c, 36) for c in base)
    left = 11 - sum(v * w for v, w in zip(values, _ORG_WEIGHTS, strict=True)) % 11
    first17 = prefix + region_code + base + {10: "X", 11: "0"}.get(left, str(left))
    return first17 + uscc.calc_check_digit(first17)


class _Maker:
    def __init__(self, draws: Stream, first: int) -> None:
        self._draws, self._made = draws, first

    def __call__(
        self,
        name: str,
        kind: str,
        level: str,
        region_code: str,
        *,
        can_fundraise: bool = False,
        named: bool = False,
    ) -> Organization:
        self._made += 1
        draws = self._draws.child(self._made)
        oldest = date(1994, 1, 1) if can_fundraise else date(2006, 1, 1)
        span = (date(2023, 4, 1) - oldest).days
        return Organization(
            uscc=make_uscc(_KIND_PREFIX[kind], region_code, self._made * 37 + 11),
            name=name,
            kind=kind,
            level=level,
            region_code=region_code,
            founded_on=oldest + timedelta(days=draws.number(0, span)),
            net_assets_wan=draws.number(300, 9000) if can_fundraise else draws.number(3, 600),
            can_fundraise=can_fundraise,
            former_names=(_FORMER[name],) if name in _FORMER else (),
            named=named,
            org_no=str(880_000 + self._made * 3),
        )


def make_organizations(campaign: Campaign, seed: int) -> Organizations:
    """The register of one campaign, the same for the same seed."""
    named = Stream(seed, campaign.campaign_id, "organizations")
    make = _Maker(named, campaign.first_organization)
    draws = Stream(seed, campaign.campaign_id, "initiators")
    if campaign.counties:
        return _of_counties(campaign, make, draws)
    return _sichuan(campaign, make, draws) if campaign.in_sichuan else _national(campaign, make)


def _sichuan(campaign: Campaign, make: _Maker, draws: Stream) -> Organizations:
    host = make(campaign.host, "社会团体", "省", _SICHUAN, named=True)
    joint = tuple(
        make(
            n,
            "社会团体" if n.endswith("总会") else "基金会",
            "市" if "成都" in n else "省",
            "510100" if "成都" in n else _SICHUAN,
            can_fundraise=True,
            named=True,
        )
        for n in JOINT_HOSTS
    )
    co = tuple(
        make(n, "基金会", "省", _SICHUAN, can_fundraise=True, named=True) for n in CO_ORGANISERS
    )
    city = tuple(
        make(
            n if n == LUZHOU else f"{n}（合成）",
            "社会团体",
            "市",
            code,
            can_fundraise=True,
            named=n == LUZHOU,
        )
        for code, n in ((c, f"{p}慈善总会") for c, p in PREFECTURES.items() if p != "成都市")
    )
    hejiang = make(HEJIANG, "社会团体", "县", "510522", named=True)
    count = campaign.applicants - len(joint) - len(co) - len(city) - 1
    places = draws.child("places").shuffled(COUNTIES)[:count]
    invented = [
        _invented(make, draws.child(i), place.name, place.code) for i, place in enumerate(places)
    ]
    agencies = tuple(make(n, "社会服务机构", "市", "510100") for n in AGENCIES)
    return _by_role(host, joint, joint + co + city, (hejiang, *invented), agencies)


def _invented(make: _Maker, draws: Stream, place: str, code: str) -> Organization:
    kind = ("社会服务机构", "社会服务机构", "社会团体", "基金会")[draws.number(0, 3)]
    name = f"{place}{draws.child('topic').one(_TOPICS)}{_FORMS[kind]}（合成）"
    return make(name, kind, "县", code)


def _of_counties(campaign: Campaign, make: _Maker, draws: Stream) -> Organizations:
    """Grassroots organisations of the campaign's counties in turn, those named by it first."""
    host = make(campaign.host, "基金会", "国家", "100000", named=True)
    supporters = [make(RURAL, "基金会", "国家", "100000", can_fundraise=True, named=True)]
    provinces = sorted({code[:2] for code, _ in campaign.counties})
    supporters += [
        make(f"第{p}号乡村发展基金会（合成）", "基金会", "省", f"{p}0000", can_fundraise=True)
        for p in provinces
    ]
    initiators = [
        make(plan.initiator, "社会团体", "县", plan.county or "", named=True)
        for plan in campaign.raised
        if plan.initiator
    ]
    taken = {org.name for org in initiators}
    while len(initiators) < campaign.applicants:
        number = len(initiators)
        code, place = campaign.counties[number % len(campaign.counties)]
        org = _invented(make, draws.child(number), place, code)
        if org.name in taken:
            org = replace(org, name=org.name.replace("（合成）", f"{number}（合成）"))
        taken.add(org.name)
        initiators.append(org)
    return _by_role(host, (), tuple(supporters), tuple(initiators), ())


def _national(campaign: Campaign, make: _Maker) -> Organizations:
    """An invented national cast: one supporter per eight organisations or so."""
    host = make(campaign.host, "基金会", "国家", "100000", named=True)
    codes, weights = donor_regions(0.1)
    supporters: list[Organization] = []
    initiators: list[Organization] = []
    for code, many in zip(codes, apportion(campaign.organizations, weights), strict=True):
        for i in range(many):
            public = i % 8 == 0
            name = f"第{code[:4]}{i:03d}号{'公募基金会' if public else '公益服务中心'}（合成）"
            made = make(
                name, "基金会" if public else "社会服务机构", "省", code, can_fundraise=public
            )
            (supporters if public else initiators).append(made)
    return _by_role(host, (), tuple(supporters), tuple(initiators), ())


def _by_role(
    host: Organization,
    joint: tuple[Organization, ...],
    supporters: tuple[Organization, ...],
    initiators: tuple[Organization, ...],
    agencies: tuple[Organization, ...],
) -> Organizations:
    made = Organizations(host, joint, supporters, initiators, agencies)
    made.by_name.update({o.name: o for o in made.everybody})
    return made
