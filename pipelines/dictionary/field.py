"""The word that the dictionary is written in: a field, and how its description reads.

The fields are declared in the modules beside this one; which tables hold them, in `tables`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pipelines.dictionary.kinds import Kind


class Unit(Enum):
    """What a number counts, in both languages."""

    YUAN = ("元", "yuan")
    MILLIFEN = ("千分之一分", "1/1000 fen")
    GIFTS = ("笔", "gifts (orders)")
    DONORS = ("人", "donors")
    PARTICIPATIONS = ("人次", "participations")
    DAYS = ("天", "days")
    HOURS = ("小时", "hours")
    ROWS = ("行", "rows")
    BYTES = ("字节", "bytes")
    PERCENT = ("百分之一", "percent")
    TIMES = ("倍", "times")
    GRANTS = ("笔配捐", "grants")
    PROJECTS = ("个项目", "projects")
    TEAMS = ("支队伍", "teams")
    UNITS = ("个单位", "units")
    COUNTIES = ("个县", "counties")
    VILLAGERS = ("名村民", "villagers")
    LOGS = ("篇日记", "logs")
    STAFF = ("名专职人员", "full-time staff")
    ORGANIZATIONS = ("家机构", "organisations")
    ENTRIES = ("项申报", "entries")
    REVIEWS = ("次审查", "reviews")
    SUBJECTS = ("个对象", "subjects")
    LEVELS = ("级", "levels")
    GAPS = ("个缺口", "gaps")
    DUTIES = ("项义务", "duties")
    SHARE = ("比例", "share of 1")

    @property
    def zh(self) -> str:
        return self.value[0]

    @property
    def en(self) -> str:
        return self.value[1]


_OF_KIND = {
    Kind.MONEY: Unit.YUAN,
    Kind.FINE_MONEY: Unit.MILLIFEN,
    Kind.RATIO: Unit.TIMES,
}


@dataclass(frozen=True)
class Words:
    """What a field is, in both languages, and what it means where it is null.

    `null_zh` and `null_en` are clauses that name the null themselves: 空为未载, `null where none
    is given`; either both are given or neither.
    """

    zh: str
    en: str
    null_zh: str | None = None
    null_en: str | None = None

    @property
    def text(self) -> str:
        """ "中文 / English", as tables, yml and the published file print it."""
        zh = self.zh if self.null_zh is None else f"{self.zh}；{self.null_zh}"
        en = self.en if self.null_en is None else f"{self.en}; {self.null_en}"
        return f"{zh} / {en}"


@dataclass(frozen=True)
class Field:
    """A field: one name, one kind, one meaning, wherever it stands.

    `refers` names the dimension whose key it is, as `dim_project` or `dim_organization.uscc` where
    the key has another name there. `personal` fields never reach the lake. A table that means
    something else by the name says so itself.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    null_zh: str | None = None
    null_en: str | None = None
    refers: str | None = None
    counts: Unit | None = None
    personal: bool = False

    @property
    def words(self) -> Words:
        return Words(self.zh, self.en, self.null_zh, self.null_en)

    @property
    def unit(self) -> Unit | None:
        """What a number of it counts; None of what is no amount."""
        return self.counts or _OF_KIND.get(self.kind)
