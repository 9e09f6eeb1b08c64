"""县域社会组织问卷: 224 invented responses, 202 of them valid, with the shares that are printed.

74.26% is 150 of 202. 6.78% is 8 of 118: only those who raise funds online are asked who does it.
"""

from __future__ import annotations

from datetime import date

from sample.draw import Stream
from sample.regions import COUNTIES
from sample.registers import Register, Row

RESPONSES, VALID, ONLINE, FULL_TIME, SHORT_OF_FUNDS = 224, 202, 118, 8, 150
FUNDS = "缺乏稳定的资金来源"
_OTHERS = ("缺乏专业人才", "政策支持不足", "项目能力不足", "社会认可度低")


def survey(seed: int, as_of: date) -> Register:
    """Responses in random order; the invalid ones answer as it pleases them, or not at all."""
    table = Register(
        "county_org_survey",
        "县域社会组织互联网筹款问卷",
        ["答卷编号", "行政区划代码", "是否有效", "最大挑战", "有无专职筹款人员", "是否互联网筹款"],
        as_of=as_of,
    )
    draws = Stream(seed, "survey")
    challenge = draws.child("challenge").shuffled(range(VALID))
    for number, place in enumerate(draws.child("order").shuffled(range(RESPONSES))):
        own = draws.child(place)
        is_valid, online = place < VALID, place < ONLINE
        words = FUNDS if is_valid and challenge[place] < SHORT_OF_FUNDS else own.one(_OTHERS)
        full_time = ("是" if place < FULL_TIME else "否") if online else None
        table.rows.append(
            Row(
                [
                    f"WJ{number + 1:04d}",
                    own.child("county").one(COUNTIES).code,
                    "是" if is_valid else "否",
                    words if is_valid or place % 2 else None,
                    full_time if is_valid else own.child("full").one(("是", None)),
                    "是" if online else "否" if is_valid else None,
                ]
            )
        )
    return table
