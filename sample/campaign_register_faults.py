"""Rows of the registers that a campaign's host keeps which one rule of their contract refuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sample.donation_breaches import DAMAGED_ID
from sample.platform_faults import Refused

_LONG_AFTER = date(2024, 9, 9)

CAMPAIGN_REFUSED: Mapping[str, tuple[Refused, ...]] = {
    "offline_gifts": (
        Refused("amount_zero", "amount_range", {"捐赠金额或价值（元）": 0}, in_some=True, fen=0),
        Refused("received_after_export", "received_on_by_export", {"接收日期": _LONG_AFTER}),
        Refused("amount_in_words", "amount.readable", {"捐赠金额或价值（元）": "若干"}, fen=0),
        Refused("campaign_missing", "campaign_id.required", {"活动编号": None}),
        Refused("receipt_damaged", DAMAGED_ID, {"捐赠票据号": "1.23E+27"}),
    ),
    "repayments": (
        Refused("amount_negative", "amount_range", {"返还金额（元）": -5}, in_some=True, fen=-500),
        Refused("paid_after_export", "paid_on_by_export", {"返还日期": _LONG_AFTER}),
        Refused("project_missing", "project_no.required", {"项目编号": None}),
        Refused("day_in_words", "paid_on.readable", {"返还日期": "上月底"}),
    ),
    "project_outputs": (
        Refused("period_in_words", "period_shape", {"期间": "疫情期间"}, in_some=True),
        Refused("period_to_come", "period_from_before_export_date", {"期间": "2025年"}),
        Refused("quantity_negative", "quantity_not_negative", {"数量": -3}),
        Refused("cost_negative", "unit_cost_range", {"单位成本（元）": "-1.00"}),
        Refused("quantity_in_words", "quantity.readable", {"数量": "若干"}),
        Refused("unit_missing", "unit.required", {"计量单位": None}),
    ),
    "incidents": (
        Refused("closed_before_reported", "reported_at_before_closed_at",
                {"办结时间": datetime(2023, 1, 1, 9)}, in_some=True),
        Refused("reported_after_export", "reported_at_in_range",
                {"登记时间": datetime(2024, 9, 9, 9), "办结时间": None}),
        Refused("kind_unknown", "kind.known", {"事件类型": "表扬"}),
        Refused("kind_missing", "kind.required", {"事件类型": None}),
    ),
}  # fmt: skip # a table
