"""What metrics are grouped and filtered by, under the names that people write.

Here are those that a fact shares with others, by way of a dimension; those that only one table has
are declared with it, in `dbt_project/metrics`. Nothing is joined here: a path is MetricFlow's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pipelines.dictionary import Words

UNKNOWN, NONE = "unknown", "none"


@dataclass(frozen=True)
class Dimension:
    """A name to group by, and the ways that lead to it, the nearest first.

    A path is MetricFlow's dunder name: entities, then a dimension; or entities alone, which stand
    for their key. `missing` is shown where a row has no value.
    """

    name: str
    words: Words
    paths: tuple[str, ...]
    missing: str = UNKNOWN

    def path(self, entities: Collection[str]) -> str | None:
        """The first path that begins at one of the entities."""
        return next((path for path in self.paths if path.split("__")[0] in entities), None)


def _shared(name: str, zh: str, en: str, *paths: str, missing: str = UNKNOWN) -> Dimension:
    return Dimension(name, Words(zh, en), paths, missing)


SHARED = (
    _shared("campaign", "活动编号；none为不属任何活动", "Campaign; none: in no campaign",
        "campaign", missing=NONE),
    _shared("campaign_name", "活动名称", "Name of the campaign",
        "campaign__campaign_name", missing=NONE),
    _shared("program", "项目计划编号", "Programme of the campaign",
        "campaign__program", missing=NONE),
    _shared("program_name", "项目计划名称", "Name of the programme",
        "campaign__program__program_name", missing=NONE),
    _shared("platform", "平台编号", "Platform", "platform"),
    _shared("platform_name", "平台名称", "Name of the platform", "platform__platform_name"),
    _shared("channel", "捐款方式编号", "Way of giving", "channel"),
    _shared("channel_name", "捐款方式名称", "Name of the way of giving", "channel__channel_name"),
    _shared("project", "项目编号；none为与项目无关", "Project; none: of no project",
        "project", missing=NONE),
    _shared("project_name", "项目现名", "Present name of the project", "project__project_name"),
    _shared("domain", "项目领域，业务发生当日", "Domain of the project on the day",
        "entry__domain", "project_version__domain"),
    _shared("province", "项目落地省", "Province where the project works",
        "entry_region__province", "project_version__project_region__province"),
    _shared("band", "项目落地地带（东中西旧口径）", "Band where the project works (older rule)",
        "entry_region__band", "project_version__project_region__band"),
    _shared("donor_province", "捐款人所在省", "Province of the donor", "donor_region__province"),
    _shared("donor_band", "捐款人地带（东中西旧口径）", "Band of the donor (older rule)",
        "donor_region__band"),
    _shared("organization", "发起或申报机构代码", "Code of the initiator or applicant",
        "organization"),
    _shared("organization_name", "该机构现名", "Present name of that organisation",
        "organization__organization_name"),
    _shared("supporter", "公募机构代码", "Code of the public-fundraising organisation",
        "supporter"),
)  # fmt: skip # a table
