"""Rows of payment bills that one rule of their contract refuses.

They are extra lines of the small bills; `bills` makes differences between bills and orders.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sample.donation_breaches import DAMAGED_ID
from sample.platform_faults import Refused

_LONG_AFTER = datetime(2024, 9, 9, 9)

BILL_REFUSED: Mapping[str, tuple[Refused, ...]] = {
    "wechat_trade_bills": (
        Refused("currency_of_another_country", "currency_is_cny", {"货币种类": "`USD"},
                in_some=True, fen=0),  # another currency does not count as yuan
        Refused("traded_after_the_bill", "traded_at_in_range", {"交易时间": f"`{_LONG_AFTER}"}),
        Refused("amount_negative", "amount_range", {"应结订单金额": "`-1.00"}, fen=-100),
        Refused("order_no_in_words", "order_no_shape", {"商户订单号": "`线下收款"}),
        Refused("order_no_damaged", DAMAGED_ID, {"商户订单号": "1.23E+27"}),
        Refused("refund_without_number", "refund_numbered",
                {"交易状态": "`REFUND", "应结订单金额": "`0.00"}, fen=0),
        Refused("state_unknown", "trade_status.known", {"交易状态": "CLOSED"}),
        Refused("amount_in_words", "amount.readable", {"应结订单金额": "`若干"}, fen=0),
    ),
    "wechat_fundflow_bills": (
        Refused("amount_negative", "amount_range", {"收支金额(元)": "`-1.00"}, in_some=True,
                fen=-100),
        Refused("booked_after_the_bill", "booked_at_in_range", {"记账时间": f"`{_LONG_AFTER}"}),
        Refused("direction_unknown", "direction.known", {"收支类型": "冻结"}),
        Refused("number_missing", "flow_no.required", {"资金流水单号": "`"}),
    ),
    "alipay_business_bills": (
        Refused("type_unknown", "business_type_known", {"业务类型": "转账"}, in_some=True),
        Refused("completed_after_the_bill", "traded_at_in_range",
                {"完成时间": str(_LONG_AFTER)}),
        Refused("amount_too_large", "amount_range", {"订单金额（元）": "100000000.01"},
                fen=10_000_000_001),
        Refused("order_no_in_words", "order_no_shape", {"商户订单号": "线下收款"}),
    ),
}  # fmt: skip # a table
