"""Numbers as a text prints them: what each can be, given its digits and the words around it.

`bands` finds them in a text; `Band` says between which bounds the figure lies. The one place where
printed digits become bounds, exact (Decimal) throughout: docs/claims.md has the words in full.
Which claim a band belongs to is the business of the contract `published_claims`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from pipelines.cleaning.money_words import is_foreign

#: No figure is larger, in its own unit: a trillion yuan. Products of two still fit into 38 digits.
LARGEST = Decimal(10**12)
#: Figures are kept to six places.
PLACES = Decimal("0.000001")

_TIMES = {
    **{"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 10**8},
    **{"十万": 10**5, "百万": 10**6, "千万": 10**7, "十亿": 10**9, "百亿": 10**10},
    **{"千亿": 10**11, "万亿": 10**12},
}
_DIGITS = {word: n for n, word in enumerate("零一二三四五六七八九")} | {"两": 2}

#: What stands before or behind a number says where its bounds are; the bound itself counts as in
#: Civil Code 1259 (以上, 以下, 以内 include it; 不满, 超过 do not).
_ABOVE = ("超过", "超出", "突破", "多于", "高于", "大于", "逾", "超")
_FROM = ("不少于", "不低于", "至少", "上")  # 上百万; 平台上300个 are 300
_BELOW = ("不足", "不到", "不满", "未满", "低于", "少于")
_UP_TO = ("不超过", "不多于", "至多", "最多")
_NEAR = ("将近", "接近", "近")
_ABOUT = ("大约", "大概", "约")
_BEFORE = {
    **dict.fromkeys(_ABOVE, "above"),
    **dict.fromkeys(_FROM, "from"),
    **dict.fromkeys(_BELOW, "below"),
    **dict.fromkeys(_UP_TO, "up_to"),
    **dict.fromkeys(_NEAR, "near"),
    **dict.fromkeys(_ABOUT, "about"),
}
_BEHIND = {
    **dict.fromkeys(("余", "多"), "above"),
    **dict.fromkeys(("以上", "及以上"), "from"),
    **dict.fromkeys(("以下", "及以下", "以内"), "up_to"),
    "左右": "about",
}
#: Words of a column 修饰语 that open a band; any other says nothing about the bounds.
QUALIFIERS = {**_BEFORE, **_BEHIND, "+": "above"}


def _any(words: dict[str, str] | dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_NUMBER = re.compile(
    # 附近20家, 签约20家: words of their own
    rf"(?P<before>(?<![附最临邻靠节签预特合契])(?:{_any(_BEFORE)}))?\s*"
    r"(?:(?P<part>\d+)/(?P<whole>\d+)"
    r"|(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?P<fraction>\.\d+)?(?:[-~至—](?P<to>\d+)(?![\d.]))?"
    rf"|(?P<word>[{''.join(_DIGITS)}])(?=\s*(?:成|{_any(_TIMES)})))?"
    rf"\s*(?P<odd>[余多])?\s*(?P<times>{_any(_TIMES)})?(?P<more>[余多])?"
    r"\s*(?P<unit>%|成|倍|元)?"
    rf"(?:[^\d,。、;:!?()以左上起%]{{0,6}}?(?P<behind>{_any(_BEHIND)}))?"
)
#: Behind digits alone: a year, a day, an hour, an ordinal. No figures.
_CALENDAR = re.compile(r"\s*(?:年(?!级)|月|日|号|届|时(?!长)|点)")
#: Before a multiple without digits: a number that is not told (数百万) or lost (超多万).
_UNTOLD = tuple("数几多若余" + "".join(_DIGITS))


@dataclass(frozen=True)
class Band:
    """What a printed number can be, in units (not in 万 or 亿); `high` None: no upper bound.

    `value` is the number itself. `kind` is what its print says it counts: `percent`, `times`,
    `money` or `count`.
    """

    text: str
    value: Decimal
    low: Decimal
    high: Decimal | None
    low_included: bool = True
    high_included: bool = False
    kind: str = "count"

    def meets(self, low: Decimal, high: Decimal | None) -> bool:
        """True if some number lies in the band and in [low, high]."""
        if self.high is not None and (
            low > self.high or (low == self.high and not self.high_included)
        ):
            return False
        return high is None or high > self.low or (high == self.low and self.low_included)


def folded(text: str) -> str:
    """`text` as it is searched: half-width, without blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def kind_of(unit: str) -> str:
    """What a unit counts: `money`, `percent`, `times` or `count`."""
    word = folded(unit).casefold()
    if word.startswith(("%", "百分")):
        return "percent"
    if word.startswith("倍"):
        return "times"
    if word.startswith(("cny", "rmb", "人民币", "元", "¥")):
        return "money"
    return "count"


def plain_unit(unit: str) -> tuple[str, int]:
    """A unit without its multiple, and the multiple: 亿元 is (CNY, 10^8), 万人次 (人次, 10^4)."""
    word = folded(unit)
    found = re.match(rf"(?P<times>{_any(_TIMES)})(?=.)", word)
    times = _TIMES[found["times"]] if found else 1
    rest = word[found.end() :] if found else word
    return re.sub(r"^(?:人民币)?元|^人民币$|^rmb", "CNY", rest, flags=re.IGNORECASE), times


def bands(text: str, kind: str, qualifier: str | None = None) -> Iterator[Band]:
    """The bands of the numbers in `text` that count what `kind` says, in the order of the text.

    `qualifier`, a word of its own column, opens a number that has no such word beside it. Years,
    days and ordinals are no figures; nor is a number whose words contradict each other.
    """
    searched = folded(text)
    for found in _NUMBER.finditer(searched):
        if (sort := _sort(found, searched, kind)) is not None:
            before = None if found["before"] == "上" and found["digits"] else found["before"]
            words = {_BEFORE.get(before or ""), _BEHIND.get(found["behind"] or "")}
            if found["odd"] or found["more"]:
                words.add("above")
            said = words - {None} or {QUALIFIERS.get(folded(qualifier or ""))} - {None}
            if len(said) < 2 and (band := _band(found, sort, next(iter(said), None))):
                yield band


def _sort(found: re.Match[str], text: str, kind: str) -> str | None:
    """What the number counts, if it is a figure of this kind; else None."""
    if not (found["digits"] or found["word"] or found["part"]) and not _stands_for_one(found, text):
        return None
    if text[: found.start()].endswith("第") or _is_calendar(found, text):
        return None
    if found["word"] and _is_compound(found, text):
        return None
    if found["part"] or found["unit"] in ("%", "成"):
        said = "percent"
    elif found["unit"]:
        said = "times" if found["unit"] == "倍" else "money"
    else:
        # without a unit a number may be yuan (22.65亿, 最终以30万突破), never a percentage
        behind = text[found.end() : found.end() + 3]
        is_bare = (found["times"] or not behind[:1].isalpha()) and not is_foreign(behind)
        said = "money" if kind == "money" and is_bare else "count"
    return said if said == kind else None


def _stands_for_one(found: re.Match[str], text: str) -> bool:
    """True of 上百万, 千余, 近万: one of a multiple, said by the words beside it."""
    if not found["times"] or text[: found.start("times")].endswith(_UNTOLD):
        return False
    return bool(found["more"]) or found["before"] in (*_ABOVE, *_NEAR, "上")


def _is_compound(found: re.Match[str], text: str) -> bool:
    """True of a part of 三百五十: numbers in words are read only if they have one digit."""
    beside = text[: found.start("word")][-1:] + text[found.end("times") :][:1]
    return any(sign in _DIGITS or sign in _TIMES for sign in beside)


def _is_calendar(found: re.Match[str], text: str) -> bool:
    """True of a year, a day, an hour."""
    ends = {found.end(part) for part in ("digits", "fraction", "to") if found[part]}
    if not found["times"] and not found["unit"]:
        ends.add(found.end())
    return any(_CALENDAR.match(text, end) for end in ends)


def _band(found: re.Match[str], kind: str, word: str | None) -> Band | None:
    times = Decimal(_TIMES[found["times"]] if found["times"] else 1)
    if found["unit"] == "成":
        times *= 10
    if found["part"]:
        if not 0 < int(found["part"]) <= int(found["whole"]) <= LARGEST:
            return None
        exact = Decimal(100) * int(found["part"]) / int(found["whole"])
        low, high = exact.quantize(PLACES, ROUND_FLOOR), exact.quantize(PLACES, ROUND_CEILING)
        return _opened(found[0], kind, word, (low, low, high, True, True), PLACES)
    number = Decimal((found["digits"] or "").replace(",", "") + (found["fraction"] or "") or "1")
    if found["word"]:
        number = Decimal(_DIGITS[found["word"]])
    value = number * times
    place = times * Decimal(1).scaleb(int(number.as_tuple().exponent))
    # half of the last place has a digit more
    if value > LARGEST or place < 10 * PLACES:
        return None
    if found["to"]:
        top = Decimal(found["to"]) * times
        if not value <= top <= LARGEST:
            return None
        return _opened(found[0], kind, word, (value, value, top, True, True), place)
    if kind == "times" and place >= 1:
        spread = (value, value, value + place, True, False)  # whole multiples are completed ones
    elif kind == "count" and times == 1 and not found["fraction"]:
        spread = (value, value, value, True, True)
    else:
        spread = (value, value - place / 2, value + place / 2, True, False)
    return _opened(found[0], kind, word, spread, _last_place(number, times))


def _last_place(number: Decimal, times: Decimal) -> Decimal:
    """One of the last digit that is no round nought: 10 of 170, 1万 of 2467万, 0.1亿 of 1.2亿."""
    exponent = int(number.as_tuple().exponent)
    if exponent == 0 and number:
        exponent = int(number.normalize().as_tuple().exponent)
    return times * Decimal(1).scaleb(exponent)


_Spread = tuple[Decimal, Decimal, Decimal, bool, bool]


def _opened(text: str, kind: str, word: str | None, spread: _Spread, step: Decimal) -> Band:
    """The band of digits alone, as the word beside them opens or moves it."""
    value, low, high, low_included, high_included = spread
    none = Decimal(0)
    match word:
        case "above":
            return Band(text, value, value, None, False, False, kind)
        case "from":
            return Band(text, value, value, None, True, False, kind)
        case "below":
            return Band(text, value, none, value, True, False, kind)
        case "up_to":
            return Band(text, value, none, value, True, True, kind)
        case "near":
            return Band(text, value, max(value - step, none), value, True, True, kind)
        case "about":
            return Band(text, value, max(value - step, none), value + step, True, True, kind)
        case _:
            return Band(text, value, max(low, none), high, low_included, high_included, kind)
