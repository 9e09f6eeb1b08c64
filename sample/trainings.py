"""培训与签到: invented trainings before the campaign, and who came to them.

Attendees are invented numbers; their organisations are the cast's invented ones.
"""

from __future__ import annotations

from datetime import date, timedelta

from sample.draw import Stream
from sample.organizations import Organizations
from sample.registers import Register, Row

_TOPICS = ("募捐项目上线", "舆情防范与处置", "慈善法律法规", "写作与摄影", "社区慈善基金")
_AUDIENCES = ("公募单位", "会员单位", "基层慈善组织")
_FORMS = ("线下", "线上")
TRAININGS = 20
#: The last of them is still to come and has no list of attendance.
_EVERY = 4  # days between two trainings


def trainings(first: date, as_of: date) -> Register:
    """培训, a training every few days from `first` on."""
    table = Register(
        "trainings",
        "赋能培训登记表",
        ["培训编号", "举办日期", "主题", "培训对象", "培训形式"],
        as_of=as_of,
    )
    for number in range(TRAININGS):
        held_on = first + timedelta(days=number * _EVERY)
        topic, audience = _TOPICS[number % len(_TOPICS)], _AUDIENCES[number % len(_AUDIENCES)]
        form = _FORMS[number % len(_FORMS)]
        table.rows.append(Row([_number(number), held_on, topic, audience, form]))
    return table


def attendance(orgs: Organizations, seed: int, as_of: date) -> Register:
    """培训签到 of every training but the last; an attendee comes to several."""
    table = Register(
        "training_attendance",
        "赋能培训签到表",
        ["培训编号", "学员编号", "所在单位统一社会信用代码", "积分"],
        as_of=as_of,
    )
    invented = [org for org in orgs.initiators if not org.named]
    for number in range(TRAININGS - 1):
        draws = Stream(seed, "trainings", number)
        people = draws.child("who").shuffled(range(400))[: draws.child("many").number(30, 60)]
        for person in people:
            own = draws.child(person)
            org = invented[person % len(invented)]
            uscc = None if own.child("org").number(1, 12) == 1 else org.uscc
            points = own.child("points").one(("必修", "必修", "选修", "心得", None))
            table.rows.append(Row([_number(number), f"SYNXY{person:05d}", uscc, points]))
    return table


def _number(number: int) -> str:
    return f"PX2024{number + 1:03d}"
