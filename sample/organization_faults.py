"""Rows of the registers about organisations that one rule each refuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sample.platform_faults import Refused

ORGANIZATION_REFUSED: Mapping[str, tuple[Refused, ...]] = {
    "org_annual_reports": (
        Refused("parts_above_total", "parts_within_total", {"总支出": 1}, in_some=True),
        Refused("year_to_come", "year_by_export", {"年度": 2031, "年报公布日期": None}),
        Refused("published_within_the_year", "published_after_the_year",
                {"年报公布日期": date(2023, 12, 31)}),
        Refused("spending_negative", "charitable_spending_not_negative", {"慈善活动支出": -1}),
        Refused("management_negative", "management_cost_not_negative", {"管理费用": -1}),
        Refused("income_in_words", "income.readable", {"年度总收入": "约五百万"}, fen=0),
    ),
    "trainings": (
        Refused("held_in_words", "held_on.readable", {"培训编号": "broken-1", "举办日期": "六月初"},
                in_some=True),
        Refused("topic_missing", "topic.required", {"培训编号": "broken-2", "主题": None}),
    ),
    "training_attendance": (
        Refused("attendee_missing", "attendee_id.required", {"学员编号": None}, in_some=True),
    ),
    "county_org_survey": (
        Refused("validity_in_words", "is_valid.readable",
                {"答卷编号": "broken-1", "是否有效": "待核"}, in_some=True),
    ),
}  # fmt: skip # a table
