# ruff: noqa: E501
"""A small landing of what engines differ in: ties, nulls in a text, order, casts, edges of zones.

On top of the landing of `tests.flow.figures`, in which every rule of the marts has its say. Whole
sources are absent, so that tables come out empty. Made-up gifts; whether two engines agree about
them is the tests' business.
"""

from __future__ import annotations

from tests.flow import figures

_GIFTS = "订单号,项目编号,捐款金额,支付时间,支付状态,退款金额,退款时间,捐款方式,捐款人ID,是否匿名,捐款人地区代码,一起捐队伍编号,活动编号"


def _gift(number: int, project: str, amount: str, paid: str, **more: str) -> str:
    cells = {"state": "支付成功", "refund": "", "refunded": "", "channel": "单笔捐", "donor": "",
             "anonymous": "", "region": "", "team": "", "campaign": "", **more}  # fmt: skip # a row
    return ",".join([f"EDGE{number:06}", project, amount, paid, *cells.values()])


_TIED = "2024-08-03 12:00:00"

_EDGES = [
    # shares of 0.0000005 and 0.9999995, and means of half a fen: to be rounded away from zero
    _gift(1, "T8", "1.00", _TIED, donor="一"),
    _gift(2, "T8", "1999999.00", _TIED, donor="二"),
    _gift(3, "T7", "0.01", _TIED, donor="三"),
    _gift(4, "T7", "0.02", _TIED, donor="四"),
    # equal in all that a row may be ordered by
    *[_gift(10 + n, "T7", "5.00", _TIED, donor="同", region="510116") for n in range(4)],
    # nothing but what must be there: nulls in texts, keys and orders
    _gift(20, "T6", "8.88", "2024-08-03 00:00:00"),
    _gift(21, "T6", "8.88", "2024-08-03 23:59:59", anonymous="是"),
    _gift(22, "不在名录", "8.88", "2024-08-03 12:00:00", region="四川省成都市"),
    # the first and the last second of days and years, and hours that China's summer time had twice
    _gift(30, "T5", "3.00", "2023-12-31 23:59:59", donor="甲"),
    _gift(31, "T5", "3.00", "2024-01-01 00:00:00", donor="甲"),
    _gift(32, "T5", "3.00", "2024-02-29 12:00:00", donor="甲"),
    _gift(33, "T5", "3.00", "2024-08-02 07:59:59", donor="甲"),
    _gift(34, "T5", "3.00", "2024-08-02 08:00:00", donor="甲"),
    _gift(35, "T5", "3.00", "1991-04-14 00:30:00", donor="甲"),
    _gift(36, "T5", "3.00", "2009-01-01 00:00:00", donor="甲"),
    # the smallest and a large amount; refunds: all of it, more than it, half a gift, unreadable
    _gift(40, "T4", "0.01", _TIED, donor="小"),
    _gift(41, "T4", "987654321.99", _TIED, donor="大"),
    _gift(42, "T4", "10.00", _TIED, state="已退款", refund="10.00", refunded="2024-08-03 13:00:00"),
    _gift(
        43, "T4", "10.00", _TIED, state="部分退款", refund="4.995", refunded="2024-08-03 13:00:00"
    ),
    _gift(44, "T4", "10.00", _TIED, state="部分退款", refund="约五元", refunded=""),
    # texts that a writer of SQL, CSV or JSON may take for something else
    _gift(50, "T'3", "6.00", _TIED, donor="O'Hara"),
    _gift(51, "T\\3", "6.00", _TIED, donor="反\\斜"),
    _gift(52, "t3", "6.00", _TIED, donor="乙", region="510000"),
    _gift(53, "T3", "6.00", _TIED, donor="乙", region="000000"),
    _gift(54, "ｔ３", "6.00", _TIED, donor="😀"),
    _gift(55, "é3", "6.00", _TIED, donor="é"),
]

FILES = {
    **figures.FILES,
    "tencent_donations/d_20240805.csv": [_GIFTS, *_EDGES],
    # the same orders in a later export with fewer columns: values that it lacks stay
    "tencent_donations/d_20240806.csv": [
        "订单号,项目编号,捐款金额,支付时间,支付状态",
        "EDGE000020,T6,8.88,2024-08-03 00:00:00,已退款",
        "EDGE000030,T5,3.00,2023-12-31 23:59:59,支付成功",
    ],
}
