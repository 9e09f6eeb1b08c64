"""Numbers that are a person's: identity numbers, mobile numbers, bank cards (law 9).

The one definition for the whole project: readers, quarantine, drift, gates and messages use it.
In a text such a number becomes `MASK`; in an id it becomes a keyed pseudonym, so that rows about
one subject can still be joined. `people` and `organizations` handle names of people.

Shapes: GB 11643-1999 (18 characters, ISO 7064 mod 11-2) and its 15-digit predecessor, YD/T 1145's
mobile numbers, ISO/IEC 7812 card numbers (Luhn) of the networks in use in China, and landlines
whose area code is set apart. A number with a mistyped digit is still a person's:
only a valid credit code (GB 32100) exempts an 18-digit number.

Check digits are python-stdnum's. Its `ric.is_valid` is not used: it accepts no number with a
mistyped digit, an impossible day or a county that it does not list, and those are persons' too.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from datetime import date
from functools import cache

import polars as pl
from stdnum import luhn
from stdnum.cn import ric, uscc

from pipelines.cleaning.identifiers import ALPHABET
from pipelines.cleaning.regions import region_table
from pipelines.cleaning.text import distinct

MASK = "***"
#: Prefix of a pseudonym that replaces such a number in an id.
PREFIX = "PERSON"
_LENGTH = 20  # hex digits after it: 80 bits, and short enough for every id's contract

PROVINCES = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]"
_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_GAP = "[ \u00a0\u3000\\-\u2010-\u2015.·]?"
IDENTITY_18 = f"[1-9][0-9]{{5}}{_GAP}(?:18|19|20)[0-9]{{2}}{_DAY}{_GAP}[0-9]{{3}}[0-9Xx]"
#: … written plainly, of a place that there is: what gates and models look for, on every engine.
IDENTITY_PLAIN = f"(?:{PROVINCES})[0-9]{{4}}(?:18|19|20)[0-9]{{2}}{_DAY}[0-9]{{3}}[0-9Xx]"
MOBILE_PLAIN = "1[3-9][0-9]{9}"
IDENTITY_15 = f"(?:{PROVINCES})[0-9]{{4}}{_GAP}[0-9]{{2}}{_DAY}{_GAP}[0-9]{{3}}"
MOBILE = (
    f"(?:(?:\\+|00)?86{_GAP}|\\(\\+?86\\){_GAP})?1[3-9](?:[0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}"
    f"|[0-9]{{2}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}|[0-9]{_GAP}[0-9]{{3}}{_GAP}[0-9]{{5}})"
)
CARD = (
    f"(?:62[0-9]{{2}}|4[0-9]{{3}}|5[1-5][0-9]{{2}}){_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}"
    f"(?:{_GAP}[0-9]{{1,3}})?"
)
LAND_LINE = r"\(?0(?:10|2[0-9]|[3-9][0-9]{2})[) \-\u2010-\u2015]{1,2}[2-8][0-9]{6,7}"
#: Letters before a number that label it; other letters make it part of a longer code.
_LABEL = "(?:tel|phone|mobile|mob|cell|wechat|weixin|wx|vx|id)"

#: Bytes of the longest way to write such a number: with a country code, gaps and a label.
_LONGEST = 24
_SHORTEST = 11
#: A fast pattern for whole columns; `_found` checks boundaries and check digits.
_ANY = "|".join(f"(?:{p})" for p in (IDENTITY_18, IDENTITY_15, MOBILE, CARD, LAND_LINE))
_CANDIDATE = f"(?i)(?:^|[^0-9])(?:{_ANY})(?:[^0-9]|$)"
_CHINESE_CARD = (
    f"62[0-9]{{2}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?:{_GAP}[0-9]{{1,3}})?"
)
_STRONG = f"(?i)(?:^|[^0-9])(?:{IDENTITY_18}|{IDENTITY_15}|{MOBILE}|{_CHINESE_CARD})(?:[^0-9]|$)"
_WIDE = str.maketrans("０１２３４５６７８９Ｘｘ（）＋－", "0123456789Xx()+-")
_FULL_WIDTH = "[０-９]"

_KINDS = {
    name: re.compile(f"(?<![0-9])(?<![0-9]\\.)(?:{pattern})(?![0-9])", re.IGNORECASE)
    for name, pattern in (
        ("identity", IDENTITY_18),
        ("card", CARD),
        ("mobile", MOBILE),
        ("old_identity", IDENTITY_15),
        ("land_line", LAND_LINE),
    )
}
#: A land line is no id: its area code is set apart.
_IN_IDS = ("identity", "card", "mobile", "old_identity")
_ENDS_IN_LABEL = re.compile(f"(?:^|[^0-9A-Za-z]){_LABEL}[:.]?$", re.IGNORECASE)
_LONG = re.compile("[0-9０-９](?:[^0-9０-９]{0,3}[0-9０-９]){9}")
_NO_DIGIT = re.compile("[^0-9Xx]")
_IN_PROVINCE = re.compile(f"^(?:{PROVINCES})")


def _is_day(year: int, month_day: str) -> bool:
    try:
        date(year, int(month_day[:2]), int(month_day[2:]))
    except ValueError:
        return False
    return True


def is_check_character_right(number: str) -> bool:
    """True if the last of 18 characters is the check character that GB 11643 defines."""
    return ric.calc_check_digit(number) == number[17].upper()


def _is_credit_code(digits: str) -> bool:
    """True of a valid credit code with an existing province from its third character on."""
    right = digits[17] in ALPHABET and uscc.calc_check_digit(digits[:17]) == digits[17]
    return right and _IN_PROVINCE.match(digits[2:]) is not None


def is_identity_number(digits: str) -> bool:
    """True if 18 characters of that shape, without gaps, count as an identity number.

    They do even with a mistyped digit, in the check character or the day (31 February).
    """
    if _is_credit_code(digits):
        return False
    return is_check_character_right(digits) or _IN_PROVINCE.match(digits) is not None


def _is_persons(kind: str, digits: str, *, lone: bool) -> bool:
    """True if `digits` of this shape are a person's. `lone`: no letter is next to the number."""
    match kind:
        case "identity":
            if not lone and not is_check_character_right(digits):
                return False
            return is_identity_number(digits)
        case "old_identity":
            return lone and _is_day(1900 + int(digits[6:8]), digits[8:12])
        case "card":
            long_enough = len(digits) == 16 or digits.startswith("62")
            return lone and long_enough and luhn.is_valid(digits)
        case "land_line":  # 028-20240802 is a code that contains a date
            local = digits[3:] if digits[1] in "12" else digits[4:]
            return lone and not (local[:2] == "20" and re.search(f"{_DAY}$", local))
    return lone


def _found(text: str, kinds: tuple[str, ...] = tuple(_KINDS)) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of every number of a person in `text`, whose digits are half-width."""
    taken: list[tuple[int, int]] = []
    for kind in kinds:
        for match in _KINDS[kind].finditer(text):
            start, end = match.span()
            if any(start < b and a < end for a, b in taken):
                continue
            before, after = text[:start], text[end : end + 1]
            lone = not (after.isascii() and after.isalnum())
            if before[-1:].isascii() and before[-1:].isalpha():
                lone = lone and _ENDS_IN_LABEL.search(before) is not None
            if _is_persons(kind, _NO_DIGIT.sub("", match[0]), lone=lone):
                taken.append((start, end))
                yield start, end, kind


def mask_text(text: str) -> str:
    """`text` with every number of a person in it replaced by `MASK`."""
    if not _LONG.search(text):
        return text
    plain = text.translate(_WIDE)
    for start, end, _ in sorted(_found(plain), reverse=True):
        text = text[:start] + MASK + text[end:]
    return text


def _pseudonym(number: str, kind: str, key: str) -> str:
    digits = _NO_DIGIT.sub("", number).upper()
    if kind == "mobile":
        digits = digits[-11:]
    digest = hmac.new(key.encode(), f"person:{digits}".encode(), hashlib.sha256).hexdigest()
    return PREFIX + digest[:_LENGTH].upper()


def pseudonym_text(text: str, key: str, *, by_machine: bool = False) -> str:
    """`text`, an id, with every number of a person in it replaced by its pseudonym.

    The same number gives the same pseudonym everywhere. `by_machine`: the column's numbers are
    machine-generated, and by chance one in fifty of them looks like a person's. There only what
    is seldom chance counts (`_is_seldom_chance`).
    """
    plain = text.translate(_WIDE)
    for start, end, kind in sorted(_found(plain, _IN_IDS), reverse=True):
        number = plain[start:end]
        if not by_machine or _is_seldom_chance(kind, _NO_DIGIT.sub("", number)):
            text = text[:start] + _pseudonym(number, kind, key) + text[end:]
    return text


def _is_seldom_chance(kind: str, digits: str) -> bool:
    """Whether fewer than one in a thousand counted numbers of that length look like this one.

    An identity number of a region that there was, of 18 digits also one with its right check
    character; a UnionPay card, for of 16 digits one in 1,000 is 62… with Luhn's digit and one in
    65 is a card of some network; any mobile number.
    """
    match kind:
        case "identity":
            return is_check_character_right(digits) or digits[:6] in _region_codes()
        case "old_identity":
            return digits[:6] in _region_codes()
        case "card":
            return digits.startswith("62")
    return True


@cache
def _region_codes() -> frozenset[str]:
    """Codes of all years, for a number keeps the code of the year in which it was given."""
    return frozenset(life.code for life in region_table().lives)


def _suspects(few: pl.Series, pattern: str) -> pl.Series:
    few = few.drop_nulls()
    hit = few.str.contains(pattern)
    if few.str.contains(_FULL_WIDTH).any():
        hit = hit | few.str.contains(_FULL_WIDTH)
    return few.filter(hit).unique()


def _replaced(values: pl.Series, changed: dict[str, str]) -> pl.Series:
    changed = {old: new for old, new in changed.items() if old != new}
    return values.replace(list(changed), list(changed.values())) if changed else values


def mask(texts: pl.Series, few: pl.Series | None = None) -> pl.Series:
    """A column of texts with every number of a person replaced by `MASK`.

    `few`: the column's `distinct` texts, if known.
    """
    few = distinct(texts) if few is None else few
    suspects = _suspects(few.filter(few.str.len_bytes() >= _SHORTEST), _CANDIDATE)
    return _replaced(texts, {t: mask_text(t) for t in suspects}) if len(suspects) else texts


def pseudonymised(ids: pl.Series, key: str, *, by_machine: bool = False) -> pl.Series:
    """A column of ids with `pseudonym_text` applied to each."""
    if not (ids.str.len_bytes() >= _SHORTEST).any():
        return ids
    few = distinct(ids)
    if by_machine:
        # most such numbers are longer than any of a person, and lengths are fast to compare
        few = few.filter(few.str.len_bytes().is_between(_SHORTEST, _LONGEST))
    suspects = _suspects(few, _STRONG if by_machine else _CANDIDATE)
    if not len(suspects):
        return ids
    return _replaced(ids, {t: pseudonym_text(t, key, by_machine=by_machine) for t in suspects})
