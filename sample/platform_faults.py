"""Rows of the platforms' other exports that one rule each refuses, as changed copies of good rows.

Also the type of such a fault; `register_faults` plants it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sample.workbook import Cell

_LATE = "2029-01-01 00:00:00"


@dataclass(frozen=True)
class Refused:
    """A copy of a row with changed cells, which one rule refuses."""

    kind: str
    rule: str  # without the source's name in front, unless it is a rule `any.…`
    cells: Mapping[str, Cell]
    in_some: bool = False
    like: int = 0  # the row that is copied; negative: from the end
    fen: int | None = None  # the amount it counts with, if its own amount is changed


PLATFORM_REFUSED: Mapping[str, tuple[Refused, ...]] = {
    "tencent_matching": (
        Refused("number_short", "matching_no_shape", {"配捐流水号": "MT1"}, in_some=True),
        Refused("amount_zero", "amount_range", {"配捐金额（元）": "0.00"}, fen=0),
        Refused("matched_after_export", "matched_at_in_range", {"配捐时间": _LATE}),
        Refused("sponsor_of_tags_only", "sponsor_name_has_words", {"配捐方": "<b></b>"}),
        Refused("sponsor_type_unknown", "sponsor_type.known", {"配捐类型": "随缘"}),
    ),
    "tencent_teams": (
        Refused("raised_negative", "raised_not_negative", {"已筹金额（元）": "-1.00"},
                in_some=True, fen=-100),
        Refused("goal_negative", "goal_not_negative", {"目标金额（元）": "-1.00"}),
        Refused("gifts_negative", "gifts_not_negative", {"参与人次": -1}),
        Refused("created_before_2007", "created_at_in_range",
                {"创建时间": "2004-08-02 10:00:00"}),
    ),
    "tencent_behaviors": (
        Refused("participations_negative", "participations_not_negative", {"参与人次": -1},
                in_some=True),
        Refused("quantity_negative", "quantity_not_negative", {"行为量": -1}),
        Refused("amount_negative", "amount_not_negative", {"兑换金额（元）": "-0.50"}, fen=-50),
        Refused("day_after_export", "date_by_export", {"日期": date(2029, 1, 1)}),
        Refused("kind_unknown", "kind.known", {"行为类型": "捐梦"}),
    ),
    "tencent_disclosures": (
        Refused("ends_before_it_starts", "period_from_before_period_to",
                {"披露结束日期": date(2019, 1, 1)}, in_some=True),
        Refused("payout_negative", "payout_not_negative",
                {"支出总额（元）": "-1.00", "管理成本（元）": None}, fen=-100),
        Refused("cost_above_payout", "management_within_payout",
                {"管理成本（元）": "99999999.00"}),
        Refused("published_after_export", "published_at_in_range", {"披露时间": _LATE}),
    ),
    "tencent_progress": (
        Refused("title_of_tags_only", "title_has_words", {"标题": "<p>&nbsp;</p>"}, in_some=True),
        Refused("published_after_export", "published_at_in_range", {"发布时间": _LATE}),
    ),
    "alipay_gongyi_donations": (
        Refused("order_no_short", "order_no_shape", {"商户订单号": "SYN1"}, in_some=True),
        Refused("amount_zero", "amount_range",
                {"捐赠金额（元）": "0.00", "退回金额（元）": None}, fen=0),
        Refused("refund_above_amount", "refund_within_amount",
                {"退回金额（元）": "99999999.00"}),
        Refused("paid_after_export", "paid_at_in_range", {"捐赠时间": _LATE}),
        Refused("status_unknown", "status.known", {"交易状态": "处理中"}),
    ),
}  # fmt: skip # a table
