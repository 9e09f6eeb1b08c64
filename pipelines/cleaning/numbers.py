"""Numbers: amounts in whole fen, counts, shares. Exact, or not read at all.

`quick_fen` reads machine-written columns; the distinct values that it leaves go through the full
rules (`read_fen`, `read_integer`, `read_number`, `read_share`).
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

import polars as pl

from pipelines.cleaning.money_words import FEN, UNIT, YUAN_SIGN, apart, fold, says_yuan
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
_FIGURE = re.compile(
    rf"^(?P<number>{_NUMBER})\s*(?P<unit>万|亿)?\s*"
    r"(?:%|倍|元|笔|人次|人|次|个|户|家|份|天|件|支|县|名|场|条)?$",
    re.IGNORECASE,
)
_SHARE = re.compile(rf"^(?P<number>{_NUMBER})\s*(?P<percent>%?)$", re.IGNORECASE)

#: A spreadsheet stores 3482232.11 as 3482232.1100000003: a difference of less than this is noise.
NOISE = Decimal("0.0001")
#: The largest number that a column of the lake can hold; contracts allow far less.
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
    """The amount in `text` in whole fen; None if unreadable.

    `unit` applies unless the text has its own; a sign of yuan (`￥`, `RMB`) means 元. If `unit` is
    not one of `FEN`, that is another currency, only a text that names yuan itself is read.

    If `per_fen` is more than 1, the result is in that many parts of a fen (fees: 1000).

    Reads `1.2亿`, `55万元`, `￥1,234.50`, full-width digits. A fraction of a fen is unreadable,
    because money is exact; so is a unit without digits (`万元`). The caller sets the bound.
    """
    found = _AMOUNT.match(half_width(text))
    value = _decimal(found["number"]) if found else None
    if found is None or value is None:
        return None
    if found["sign"]:
        value = -value
    says_yuan = found["before"] or found["mark"] or found["behind"]
    fen_per_unit = FEN.get(found["unit"] or ("元" if says_yuan else unit))
    return None if fen_per_unit is None else _whole(value * fen_per_unit * per_fen)


def read_other(text: str, currency: str | None) -> tuple[Decimal, str] | None:
    """An amount in another currency than yuan, to two decimals, and that currency.

    `currency` is what stands beside the amount. None if the amount is unreadable, if no currency
    or two are named, or if a word of yuan is: `$` alone agrees with any.
    """
    named, rest = apart(text)
    stated = currency.strip() if currency else None
    if named and stated and named != "$" and fold(named).casefold() != fold(stated).casefold():
        return None
    hundredths = None if says_yuan(rest) else read_fen(rest)
    word = stated or named
    return None if hundredths is None or word is None else (Decimal(hundredths) / 100, word)


def read_integer(text: str) -> int | None:
    """The whole number in `text` (`1.2万` is 12000, `3.0` is 3); None if unreadable."""
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


def read_number(text: str) -> Decimal | None:
    """The figure in `text` in its own unit (`22.65亿` is 2265000000, `74.26%` is 74.26).

    None if unreadable, and if it has more than six places.
    """
    found = _FIGURE.match(half_width(text))
    value = _decimal(found["number"]) if found else None
    if found is None or value is None or value.adjusted() > 30:
        return None
    exact = value * _TIMES[found["unit"] or ""]
    return exact if exact == round(exact, 6) else None


#: Below this (5.5 billion yuan) a double times 100 is within `NOISE` of the exact fen of the text:
#: its 53 bits leave 2^-14 of a fen.
_SAFE_FEN = 2.0**39


def quick_fen(raw: pl.Series, unit: str = "元", per_fen: int = 1) -> pl.Series:
    """Fen (Int64) of plain decimal text; null where the full rules are needed.

    Text is read as a double only to find the exact fen: a value that is not within `NOISE` of a
    whole number, or too large for that to be certain, is left to the full rules.
    """
    if unit not in FEN:
        return pl.Series(raw.name, [None], dtype=pl.Int64).new_from_index(0, len(raw))
    fen = raw.cast(pl.Float64, strict=False) * (FEN[unit] * per_fen)
    whole = fen.round(0)
    exact = ((fen - whole).abs() <= float(NOISE)) & (whole.abs() < _SAFE_FEN)
    is_certain = exact.fill_null(value=False)
    values = whole.cast(pl.Int64, strict=False)
    return values if is_certain.all() else values.set(~is_certain, None)


def total(values: pl.Series) -> int:
    """The exact sum of whole numbers; Polars' own sum wraps silently beyond 64 bits."""
    lowest, highest = values.min(), values.max()
    if not isinstance(lowest, int) or not isinstance(highest, int):
        return 0  # no rows, or only nulls
    if max(-lowest, highest) * len(values) > INT64:
        values = values.cast(pl.Int128)
    return int(values.sum())
