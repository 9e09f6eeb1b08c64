"""Number formats that change what a number means: another currency, or a unit.

`[$HKD] #,##0` makes 1000 one thousand Hong Kong dollars; `0.00"万元"` makes 1.5 fifteen thousand
yuan, while `0!.0,"万元"` merely displays 15000 as 1.5万元. A sign of yuan adds nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipelines.cleaning.money_words import FEN, is_foreign, unit_of


class Decoration(NamedTuple):
    """Text before and after a number."""

    before: str
    behind: str


#: Built-in formats of the application's own currency. Chinese programs write them out with their
#: sign; if they are not written out, a library made the file and means the standard's dollar.
_OWN_CURRENCY = frozenset((5, 6, 7, 8, 42, 44))
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\[\$(?P<symbol>[^\]-]*)(?:-(?P<place>[^\]]*))?\]|\[[^\]]*\]|\\(?P<one>.)'
    r"|!(?P<shown>.)|_.|\*.|(?P<digit>[0#?.,/%]|E[+-])|(?P<word>[^;])|(?P<end>;)",
    re.DOTALL,
)
_SCALED = re.compile(r"[0#?],+$")


def decoration(number: int, code: str | None) -> Decoration | None:
    """What format `number` with this code (None: a built-in one) adds around a number, if it
    changes the meaning."""
    if code is None:
        return Decoration("$", "") if number in _OWN_CURRENCY else None
    words, digits, symbol, place, is_shown = [""], "", "", "", False
    for token in _TOKEN.finditer(code):
        if token["end"]:
            break
        if token["symbol"] is not None:
            symbol, place = symbol or token["symbol"], place or (token["place"] or "")
            continue
        digits += token["digit"] or ""
        literal = token["quoted"] or token["one"] or token["shown"] or token["word"] or ""
        is_shown = is_shown or literal == "."
        if token["quoted"] is not None or token["digit"]:
            words.append("")
        words[-1] += literal
    if symbol.strip():
        return _money(symbol.strip(), place)
    for word in (w.strip() for w in words):
        if is_foreign(word):
            return Decoration(word, "")
        unit = unit_of(word)
        if unit is not None and FEN[unit] != FEN["元"]:
            is_scaled = is_shown or _SCALED.search(digits)
            return None if is_scaled else Decoration("", unit)
    return None


def _money(symbol: str, place: str) -> Decoration | None:
    if symbol in ("¥", "￥") and re.fullmatch(r"(?i)[0-9a-f]*411|ja.*", place):
        return Decoration("JPY ", "")
    if unit_of(symbol) is not None:
        return None
    return Decoration(f"{symbol} " if is_foreign(symbol) else f"外币 {symbol} ", "")
