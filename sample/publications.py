"""What projects publish: periodic 财务披露 with gaps and overlaps, and reports for donors.

All figures and titles are invented. The marts define duties and deadlines.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sample.campaigns import Campaign
from sample.draw import Stream
from sample.landing import Dialect, Line, Text
from sample.manifest import yuan
from sample.project_files import Takings
from sample.projects import Project
from sample.registers import Register, Row

_TITLES = ("第一批物资已送达", "走访受助家庭", "项目中期小结", "一封来信", "志愿者培训")
#: Every tenth project leaves a month uncovered, every fifteenth covers one twice.
_GAP_EVERY, _OVERLAP_EVERY = 10, 15


def disclosures(
    campaign: Campaign, projects: Sequence[Project], seed: int, known_on: date, takings: Takings
) -> Register:
    """Periods that were published by the end of `known_on`.

    Each spends a part of what the project raises in the campaign; together they stay below it.
    """
    headings = (
        "项目编号",
        "披露开始日期",
        "披露结束日期",
        "支出总额（元）",
        "管理成本（元）",
        "披露时间",
    )
    table = Register("tencent_disclosures", f"财务披露 {known_on}", list(headings))
    draws = Stream(seed, campaign.campaign_id, "disclosures")
    for number, project in enumerate(p for p in projects if p.admitted):
        begin, period, raised = project.approved_on, 0, int(takings.fen[:, number].sum())
        while True:
            own = draws.child(project.project_no, period)
            end = begin + timedelta(days=90)
            published = datetime.combine(end, time(10)) + timedelta(days=own.number(5, 40))
            if published.date() > known_on:
                break
            payout = raised * own.child("payout").number(2, 20) // 100
            cost = payout * own.child("cost").number(0, 10) // 100
            table.rows.append(
                Row(
                    [project.project_no, begin, end, yuan(payout), yuan(cost), published],
                    "loaded",
                    payout,
                )
            )
            begin, period = end + timedelta(days=1), period + 1
            if number % _GAP_EVERY == 3:
                begin += timedelta(days=30)
            elif number % _OVERLAP_EVERY == 4:
                begin -= timedelta(days=30)
    return table


def progress(
    campaign: Campaign, projects: Sequence[Project], seed: int, known_on: date
) -> Register:
    """Reports that were published by the end of `known_on`."""
    headings = ("进展编号", "项目编号", "发布时间", "标题")
    table = Register("tencent_progress", f"项目进展 {known_on}", list(headings))
    draws = Stream(seed, campaign.campaign_id, "progress")
    for project in (p for p in projects if p.admitted):
        for number in range(draws.child(project.project_no).number(0, 4)):
            own = draws.child(project.project_no, number)
            at = datetime.combine(project.approved_on, time(9)) + timedelta(
                days=own.number(20, 290)
            )
            if at.date() <= known_on:
                title = own.child("title").one(_TITLES)
                name = f"pg{int(project.project_no):010d}{number}"
                table.rows.append(Row([name, project.project_no, at, title]))
    return table


def progress_pages(table: Register) -> bytes:
    """The same as the platform's JSON response: each report inside an item of a list."""
    items = [
        {
            "project_no": project,
            "process": {
                "process_id": name,
                "content_title": f"<p>{title}</p>",
                "publish_time": f"{at:%Y-%m-%d %H:%M:%S}",
            },
        }
        for name, project, at, title in (r.cells for r in table.rows)
    ]
    answer = {"code": 0, "data": {"total": len(items), "list": items}}
    return json.dumps(answer, ensure_ascii=False).encode()


def progress_json(table: Register) -> Text:
    """The same as the platform's JSON lines: its own keys, titles with the markup of its pages."""
    text = Text(Dialect())
    for row in table.rows:
        name, project, at, title = row.cells
        shown = f'<p>{title}&nbsp;<img src="//pic.example.invalid/{name}.png"/></p>\x07'
        line = {
            "process_id": name,
            "project_no": project,
            "content_title": shown,
            "publish_time": f"{at:%Y-%m-%d %H:%M:%S}",
        }
        text.add(Line(json.dumps(line, ensure_ascii=False)))
    return text
