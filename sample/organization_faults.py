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
}  # fmt: skip # a table
