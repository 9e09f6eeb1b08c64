"""Project exports day by day, alternately JSON lines in fen and CSV in yuan; targets are raised.

The amounts raised come from the gifts; this module writes them as the platform prints
them. A parent has sub-projects: no end (`0`), no target (0), and its total includes theirs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sample.campaigns import Campaign
from sample.draw import Ints
from sample.landing import Dialect, Line, Text
from sample.manifest import yuan
from sample.projects import Project, parent_number
from sample.registers import Register, Row

SOURCE = "tencent_projects"
#: JSON key → heading of the CSV form.
HEADINGS = {
    "project_no": "项目编号", "name": "项目名称", "org_no": "org_no", "org_name": "发起机构",
    "org_uscc": "发起机构统一社会信用代码", "funder_org_name": "公募机构",
    "funder_uscc": "公募机构统一社会信用代码", "filing_no": "公募备案编号", "cate": "一级类别",
    "sub_cate": "二级类别", "recipients": "受益人", "state": "项目状态", "target": "筹款目标",
    "current_donate_amount": "已筹金额", "current_donate_count": "捐款人次",
    "is_monthly_donate": "is_monthly_donate", "region_code": "落地区划代码",
    "approved_on": "立项时间", "start_on": "开始时间", "end_on": "结束时间",
    "parent_project_no": "母项目编号",
}  # fmt: skip # a table
_MONEY = ("target", "current_donate_amount")
_STATES = {"3": "筹款中", "5": "结束筹款"}
_RECIPIENTS = {
    "敬老爱老": "困难老人",
    "儿童关爱": "困境儿童",
    "扶弱济困": "困难家庭",
    "乡村发展": "乡村居民",
    "社区治理": "社区居民",
    "生态环保": "保护区",
    "慈善文化": "社会公众",
    "其他类": "社会公众",
}

Facts = dict[str, str | int | None]


@dataclass
class Takings:
    """What projects received: fen and gifts by day (rows) and project (columns)."""

    fen: Ints
    gifts: Ints

    @classmethod
    def empty(cls, days: int, projects: int) -> Takings:
        """Nothing yet."""
        return cls(np.zeros((days, projects), np.int64), np.zeros((days, projects), np.int64))

    def add(self, day_no: int, project: Ints, fen: Ints) -> None:
        """Counts gifts of a day."""
        np.add.at(self.fen[day_no], project, fen)
        np.add.at(self.gifts[day_no], project, 1)


def project_facts(
    campaign: Campaign, projects: Sequence[Project], takings: Takings, export: date
) -> list[Facts]:
    """Every project as of the end of an export day, the parent last; money in fen."""
    days = sum(d <= export for d in campaign.days)
    fen, gifts = takings.fen[:days].sum(axis=0), takings.gifts[:days].sum(axis=0)
    made = [_facts(campaign, p, int(fen[i]), int(gifts[i]), export) for i, p in enumerate(projects)]
    children = [i for i, p in enumerate(projects) if p.parent_no]
    first = projects[children[0]]
    parent = made[children[0]] | {
        "project_no": parent_number(campaign),
        "name": f"{campaign.days[0]:%Y}联合劝募母项目（合成）",
        "filing_no": f"{first.supporter.uscc}A{campaign.days[0]:%y}999",
        "target": 0,
        "current_donate_amount": sum(int(fen[i]) for i in children),
        "current_donate_count": sum(int(gifts[i]) for i in children),
        "end_on": "0",
        "parent_project_no": None,
    }
    return [*made, parent]


def _facts(campaign: Campaign, p: Project, fen: int, gifts: int, export: date) -> Facts:
    raised = p.raised and export > campaign.days[0]
    live = p.admitted or export < campaign.days[-1]
    return {
        "project_no": p.project_no,
        "name": p.name,
        "org_no": p.initiator.org_no,
        "org_name": p.initiator.name,
        "org_uscc": p.initiator.uscc,
        "funder_org_name": p.supporter.name,
        "funder_uscc": p.supporter.uscc,
        "filing_no": p.filing_no,
        "cate": p.domain,
        "sub_cate": None,
        "recipients": _RECIPIENTS[p.domain],
        "state": "3" if live else "5",
        "target": 0 if p.open_ended else _target(p, is_raised=bool(raised)) * 100,
        "current_donate_amount": fen,
        "current_donate_count": gifts,
        "is_monthly_donate": "是" if len(p.project_no) == 7 else "否",
        "region_code": p.region_code,
        "approved_on": p.approved_on.isoformat(),
        "start_on": (p.approved_on + timedelta(days=14)).isoformat(),
        "end_on": "0" if p.open_ended else (campaign.days[-1] + timedelta(days=150)).isoformat(),
        "parent_project_no": p.parent_no,
    }


def _target(project: Project, *, is_raised: bool) -> int:
    plan = project.raised
    return plan.raised_to_yuan if plan and is_raised else project.target_yuan


def as_json(facts: Mapping[str, object]) -> str:
    """One project as a line of JSON."""
    kept = {k: v for k, v in facts.items() if v is not None}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def json_text(made: Sequence[Facts]) -> Text:
    """An export as JSON lines, amounts in fen."""
    text = Text(Dialect())
    for facts in made:
        text.add(Line(as_json(facts), "loaded", raised_fen(facts)))
    return text


def table(made: Sequence[Facts], export: date) -> Register:
    """An export as a table, amounts in yuan, states in words."""
    out = Register(SOURCE, f"项目导出 {export:%Y-%m-%d}", list(HEADINGS.values()))
    for facts in made:
        cells = [_printed(key, facts[key]) for key in HEADINGS]
        out.rows.append(Row(list(cells), "loaded", raised_fen(facts)))
    return out


def raised_fen(facts: Mapping[str, object]) -> int:
    """The amount with which a line counts, in fen."""
    return int(str(facts["current_donate_amount"]))


def _printed(key: str, value: str | int | None) -> str | int | None:
    if key in _MONEY and isinstance(value, int):
        return yuan(value)
    return _STATES[str(value)] if key == "state" else value
