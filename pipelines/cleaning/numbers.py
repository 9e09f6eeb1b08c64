"""Numbers: amounts to whole fen, counts, shares. Exact, or not read at all.

The quick way reads what a machine wrote; what it leaves over goes, value by distinct value,
through the full rules (`read_fen`, `read_integer`, `read_share`).
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

import polars as pl

from pipelines.cleaning.money_words import FEN, UNIT, YUAN_SIGN
from pipelines.cleaning.text import half_width

_TIMES = {"": 1, "万": 10_000, "亿": 100_000_000}

_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?(?:e[+-]?\d{1,3})?"
_AMOUNT = re.compile(
    rf"^(?P<before>{YUAN_SIGN})?\s*(?P<sign>-?)\s*(?P<mark>¥)?\s*(?P<number>{_NUMBER})\s*"
    rf"(?P<unit>{UNIT})?整?\s*(?P<behind>{YUAN_SIGN})?$",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"^(?P<number>{_NUMBER})\s*(?P<unit>万|亿)?\s*(?:笔|人次|人|次|个|户|家|份|天|日|级|件)?$",
    re.IGNORECASE,
)
_SHARE = re.compile(rf"^(?P<number>{_NUMBER})\s*(?P<percent>%?)$", re.IGNORECASE)

#: A spreadsheet stores 3482232.11 as 3482232.1100000003: within this part of a fen it is noise.
NOISE = Decimal("0.0001")
#: Nothing larger fits into a column of the lake; what a contract takes is far less.
INT64 = 2**63 - 1


def _decimal(number: str) -> Decimal | None:
    try:
        return Decimal(number.replace(",", ""))
    except InvalidOperation:
        return None


def _whole(value: Decimal) -> int | None:
    nearest = round(value)
    return None if abs(value - nearest) > NOISE else int(nearest)


def read_fen(text: str, unit: str = "元", per_fen: int = 1) -> int | None:
    """Whole fen that `text` says, in `unit` unless the text names its own; None if unreadable.

    A sign of yuan (`￥`, `RMB`) names 元. Of a `unit` that is not one of `FEN`, other money,
    nothing is read but what names yuan itself.

    `per_fen` parts of a fen are counted instead where it is more than 1 (fees: 1000).

    `1.2亿`, `55万元`, `￥1,234.50`, full-width digits. A part of a fen is unreadable: money is
    exact. A unit without digits (`万元`) is unreadable. How large it may be is the caller's to say.
    """
    found = _AMOUNT.match(half_width(text))
    value = _decimal(found["number"]) if found else None
    if found is None or value is None:
        return None
    if found["sign"]:
        value = -value
    signed = found["before"] or found["mark"] or found["behind"]
    times = FEN.get(found["unit"] or ("元" if signed else unit))
    return None if times is None else _whole(value * times * per_fen)


def read_integer(text: str) -> int | None:
    """The whole number that `text` says (`1.2万` is 12000, `3.0` is 3); None if unreadable."""
    found = _COUNT.match(half_width(text))
    value = _decimal(found["number"]) if found else None
    if found is None or value is None:
        return None
    return _whole(value * _TIMES[found["unit"] or ""])


def read_share(text: str) -> Decimal | None:
    """A share as a fraction (`20%` is 0.2), to six places; None if unreadable."""
    found = _SHARE.match(half_width(text))
    value = _decimal(found["number"]) if found else None
    if found is None or value is None or abs(value) >= 1000:
        return None
    return round(value / 100 if found["percent"] else value, 6)


#: Below this (5.5 billion yuan) a double times 100 lies within `NOISE` of the whole fen that the
#: text says: its 53 bits leave 2^-14 of a fen.
_SAFE_FEN = 2.0**39


def quick_fen(raw: pl.Series, unit: str = "元", per_fen: int = 1) -> pl.Series:
    """Fen (Int64) of plain decimal text; null where the full rules have to look.

    Text is read as a double only to find the whole fen it stands for: what is not within
    `NOISE` of a whole number, or too large for that to be certain, is left to the full rules.
    """
    if unit not in FEN:
        return pl.Series(raw.name, [None], dtype=pl.Int64).new_from_index(0, len(raw))
    fen = raw.cast(pl.Float64, strict=False) * (FEN[unit] * per_fen)
    whole = fen.round(0)
    exact = ((fen - whole).abs() <= float(NOISE)) & (whole.abs() < _SAFE_FEN)
    sure = exact.fill_null(value=False)
    values = whole.cast(pl.Int64, strict=False)
    return values if sure.all() else values.set(~sure, None)


def total(values: pl.Series) -> int:
    """The exact sum of whole numbers; Polars' own turns over silently beyond 64 bits."""
    lowest, highest = values.min(), values.max()
    if not isinstance(lowest, int) or not isinstance(highest, int):
        return 0  # no rows, or none that says a number
    if max(-lowest, highest) * len(values) > INT64:
        values = values.cast(pl.Int128)
    return int(values.sum())
