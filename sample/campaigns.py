"""The campaigns that a sample can be calibrated to: printed totals, days, shapes.

Facts only, each with its source; other modules derive rows from them. To add a campaign, add one
`Campaign` here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sample.amounts import Sizes


@dataclass(frozen=True)
class Raised:
    """A project whose target was raised (提额): gifts and yuan by day at scale 1."""

    name: str
    gifts: tuple[int, ...]
    yuan: tuple[int, ...]
    target_yuan: int
    raised_to_yuan: int
    initiator: str | None = None  # an organisation the cast knows by name
    supporter: str | None = None
    county: str | None = None
    domain: str | None = None
    own_county_share: float | None = None  # of its money, what donors of its own county give


@dataclass(frozen=True)
class Campaign:
    """What is printed about a campaign, and the shape of its sample.

    `gifts` and `fen` are the paid orders and their sum at scale 1; `day_weights` their shares by
    day. `projects` receive gifts; `entries` applied (0: the campaign has no register of
    entries), `applicants` are the organisations behind the entries. Numbers of projects and
    organisations are counted on from `first_project` and `first_organization`, so that samples
    that lie in one landing folder share none.
    """

    campaign_id: str
    name: str
    program_id: str
    host: str
    days: tuple[date, ...]
    day_weights: tuple[float, ...]
    gifts: int
    fen: int
    sizes: Sizes
    serial: int  # two digits inside generated numbers, so that campaigns never share one
    projects: int
    organizations: int  # with an admitted project
    entries: int = 0
    applicants: int = 0
    underdeveloped: int = 0  # of Sichuan's 39 counties, how many have an admitted project
    chain_id: str | None = None
    home_share: float = 0.78  # of donors, those who live in the project's province
    raised: tuple[Raised, ...] = ()
    matched: tuple[tuple[str, int], ...] = ()  # printed totals of matching: kind, fen at scale 1
    interactions: int = 0  # printed participations in giving by doing, at scale 1
    counties: tuple[tuple[str, str], ...] = ()  # code and name of those it works in, not Sichuan's
    first_project: int = 0
    first_organization: int = 0
    is_named_in_orders: bool = True  # the exports of gifts say the campaign
    fewest_gifts: int = 500

    @property
    def in_sichuan(self) -> bool:
        """True if its projects are in Sichuan's counties (else in provinces)."""
        return self.underdeveloped > 0


#: “蜀慈善邻”2024 (四川省慈善联合总会, 2024-12-25): 2–4 August, about 24.67 million yuan, about
#: 210,000 participations, 296 projects applied, 208 admitted, nearly 170 organisations applied,
#: 168 admitted, 39 underdeveloped counties "mostly" covered; 合慈青云 met its 200,000 yuan on the
#: first day and ended at 300,000. Digits beyond the printed ones are invented.
SCSL_2024 = Campaign(
    campaign_id="scsl-2024",
    name="“蜀慈善邻·和美四川”2024年四川数字慈善主题活动",
    program_id="scsl",
    host="四川省慈善联合总会",
    days=(date(2024, 8, 2), date(2024, 8, 3), date(2024, 8, 4)),
    day_weights=(0.45, 0.29, 0.26),
    gifts=210_017,
    fen=2_467_051_862,
    sizes=Sizes(small=0.56, tail=0.0147),
    serial=24,
    projects=208,
    organizations=168,
    entries=296,
    applicants=169,
    underdeveloped=37,
    chain_id="scsl-2024-6",
    raised=(
        Raised(
            "合慈青云助学计划", (1790, 480, 402), (207_360, 54_912, 43_508), 200_000, 300_000,
            initiator="合江县慈善会", supporter="泸州市慈善总会", county="510522",
            domain="儿童关爱",
        ),
        Raised(
            "聚源美丽乡村行", (1320, 410, 330), (153_240, 44_060, 37_015), 150_000, 220_000,
            domain="乡村发展", county="510181", supporter="成都市慈善总会",
        ),
        Raised("温暖过冬包（合成）", (705, 260, 214), (81_330, 28_954, 25_102), 80_000, 130_000),
        Raised("社区助老餐（合成）", (530, 173, 166), (62_480, 19_937, 18_226), 60_000, 95_000),
        Raised("乡村音乐教室（合成）", (440, 158, 121), (51_250, 18_110, 13_777), 50_000, 80_000,
               supporter="绵阳市慈善总会（合成）"),
        Raised("护河志愿行动（合成）", (268, 93, 88), (31_084, 10_205, 9_961), 30_000, 48_000,
               supporter="南充市慈善总会（合成）"),
    ),
)  # fmt: skip # a table

#: 99公益日 2020, poverty-alleviation projects: 22.65亿 yuan in 5,594.74万 participations over
#: 7–9 September (a mean of 40.48, though 41.18 is printed), 18.9亿人次 of 捐款互动. The platform's
#: foundation put in 2.99亿 of matching for projects and 1亿 of undirected matching, for all of the
#: giving day (中国社会报, 2020-09-11). The cast is invented, and so is how both spread.
NINETY_NINE_2020 = Campaign(
    campaign_id="99-2020",
    name="2020年99公益日（扶贫项目）",
    program_id="99",
    host="腾讯公益慈善基金会",
    days=(date(2020, 9, 7), date(2020, 9, 8), date(2020, 9, 9)),
    day_weights=(0.30, 0.29, 0.41),
    gifts=55_947_400,
    fen=226_500_000_000,
    sizes=Sizes(small=0.76, tail=0.0005),
    serial=20,
    projects=9_000,
    organizations=1_800,
    home_share=0.30,
    matched=(("平台配捐", 29_900_000_000), ("非定向激励", 10_000_000_000)),
    interactions=1_890_000_000,
)

#: A programme of several years; its giving is put together in `living_water`.
PROGRAMME = "huoshui-2022"

CAMPAIGNS = {c.campaign_id: c for c in (SCSL_2024, NINETY_NINE_2020)}


def campaign_named(campaign_id: str) -> Campaign:
    """The campaign with that id. Raises ValueError, which lists the known ones."""
    try:
        return CAMPAIGNS[campaign_id]
    except KeyError:
        known = ", ".join([*CAMPAIGNS, PROGRAMME])
        raise ValueError(f"no sample campaign {campaign_id!r}; known: {known}") from None
