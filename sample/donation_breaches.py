"""Faults of single orders: rows that a rule refuses, values in odd spellings.

Lists only, in the contract's column names; `donation_faults` decides which page and row gets one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from pipelines.reading.blocks import FIELD_COUNT, MALFORMED
from sample.workbook import serial

SOURCE = "tencent_donations"
DAMAGED_ID = "any.damaged_id"


@dataclass(frozen=True)
class Breach:
    """An extra order that one rule refuses. `fen` is the amount that can still be read."""

    kind: str
    rule: str
    changes: Mapping[str, str]
    fen: int | None = None  # None: the amount is left as it was
    fields: int = 0  # one more or one fewer than the headings
    drift: bool = False  # the refused code shows in the drift report too
    in_some: bool = False


def _rule(name: str) -> str:
    return f"{SOURCE}.{name}"


BREACHES: tuple[Breach, ...] = (
    Breach("amount_zero", _rule("amount_range"), {"amount": "0.00"}, fen=0, in_some=True),
    Breach("amount_missing", _rule("amount.required"), {"amount": ""}, fen=0, in_some=True),
    Breach("refund_above_amount", _rule("refund_within_amount"),
           {"amount": "20.00", "refund": "30.00", "status": "部分退款"}, fen=2_000, in_some=True),
    Breach("paid_before_2007", _rule("paid_at_in_range"), {"paid_at": "2004-08-02 10:00:00"},
           in_some=True),
    Breach("status_unknown", _rule("status_known"), {"status": "处理中"}, drift=True,
           in_some=True),
    Breach("order_no_short", _rule("order_no_shape"), {"order_no": "SYN0001"}, in_some=True),
    Breach("order_no_damaged", DAMAGED_ID, {"order_no": "1.23E+27"}, in_some=True),
    Breach("field_too_many", FIELD_COUNT, {}, fields=1, in_some=True),
    Breach("field_missing", FIELD_COUNT, {}, fen=0, fields=-1),
    Breach("amount_negative", _rule("amount_range"), {"amount": "-5.00"}, fen=-500),
    Breach("amount_too_large", _rule("amount_range"), {"amount": "100000000.01"},
           fen=10_000_000_001),
    Breach("amount_in_words", _rule("amount.readable"), {"amount": "随喜"}, fen=0),
    Breach("amount_unit_only", _rule("amount.readable"), {"amount": "万元"}, fen=0),
    Breach("refund_negative", _rule("refund_within_amount"), {"refund": "-1.00"}),
    Breach("paid_after_export", _rule("paid_at_in_range"), {"paid_at": "2029-01-01 00:00:00"}),
    Breach("paid_at_in_words", _rule("paid_at.readable"), {"paid_at": "昨天晚上"}),
    Breach("paid_at_missing", _rule("paid_at.required"), {"paid_at": ""}),
    Breach("order_no_missing", _rule("order_no.required"), {"order_no": ""}),
    Breach("order_no_punctuated", _rule("order_no_shape"), {"order_no": "SYN-2024/0802#1"}),
    Breach("project_no_missing", _rule("project_no.required"), {"project_no": "—"}),
    Breach("status_missing", _rule("status.required"), {"status": ""}),
)  # fmt: skip # a table

#: The same for JSON lines, whose amounts are fen. `text` None: not JSON at all.
JSON_BREACHES: tuple[Breach, ...] = (
    Breach("json_cut_in_two", MALFORMED, {}, fen=0, in_some=True),
    Breach("money_in_words", _rule("amount.readable"), {"amount": "十元"}, fen=0, in_some=True),
    Breach("state_of_four_digits", _rule("status_known"), {"status": "9999"}, drift=True),
    Breach("transcode_short", _rule("order_no_shape"), {"order_no": "SYN9"}),
    Breach("money_zero", _rule("amount_range"), {"amount": "0"}, fen=0),
)


@dataclass(frozen=True)
class Oddity:
    """An odd spelling of a value that must be read as if it were plain."""

    kind: str
    column: str
    spell: Callable[[str], str]
    expected: str | None = "same"  # "same": as it was; None: null
    is_unread: bool = False  # null, with its text kept
    in_some: bool = False


def full_width(text: str) -> str:
    """ASCII digits, letters and signs as their full-width forms."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _thousands(text: str) -> str:
    return f"{Decimal(text):,.2f}"


def in_wan(text: str) -> str:
    """An amount in yuan, written exactly in 万."""
    return f"{(Decimal(text) / 10_000).normalize():f}万"


def _when(text: str) -> datetime:
    shape = "%Y-%m-%d %H:%M:%S"
    return datetime.strptime(text.replace("/", "-"), shape)  # noqa: DTZ007 - wall clock, as printed


def _chinese(text: str) -> str:
    at = _when(text)
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M:%S}"


def _utc(text: str) -> str:
    return f"{_when(text) - timedelta(hours=8):%Y-%m-%dT%H:%M:%S}Z"


ODDITIES: tuple[Oddity, ...] = (
    Oddity("backtick", "order_no", lambda s: f"`{s}", in_some=True),
    Oddity("formula", "order_no", lambda s: f'="{s}"', in_some=True),
    Oddity("full_width_digits", "amount", full_width, in_some=True),
    Oddity("currency_and_thousands", "amount", lambda s: f"￥{_thousands(s)}", in_some=True),
    Oddity("chinese_date", "paid_at", _chinese, in_some=True),
    Oddity("unit_without_digits", "refund", lambda _: "万元", None, is_unread=True, in_some=True),
    Oddity("apostrophe", "order_no", lambda s: f"'{s}"),
    Oddity("trailing_tab", "order_no", lambda s: f"{s}\t"),
    Oddity("full_width_id", "order_no", full_width),
    Oddity("unit_in_value", "amount", lambda s: f"{s}元"),
    Oddity("wan_in_value", "amount", in_wan),
    Oddity("no_break_space", "amount", lambda s: f"\u00a0{s}\u00a0"),
    Oddity("compact_date", "paid_at", lambda s: f"{_when(s):%Y%m%d%H%M%S}"),
    Oddity("offset", "paid_at", _utc),
    Oddity("excel_serial", "paid_at", lambda s: f"{serial(_when(s)):.8f}"),
    Oddity("floated_id", "project_no", lambda s: f"{s}.0"),
    Oddity("null_word", "refund", lambda _: "暂无", None),
    Oddity("zero_width", "channel", lambda s: f"\u200b{s}"),
    Oddity("flag_letter", "is_anonymous", lambda s: {"是": "Y", "否": "N"}[s]),
    Oddity("quoted_line_break", "project_name", lambda s: f'{s}\n"续行", 合成', "changed"),
)
