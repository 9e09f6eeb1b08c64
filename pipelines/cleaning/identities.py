"""Numbers that are a person's: identity numbers, mobile numbers, bank cards (law 9).

One notion of them for the whole project: readers, quarantine, drift, gates and messages ask here.
In a text such a number becomes `MASK`; in an id it becomes a keyed pseudonym, so that rows about
one subject still meet. Names of people belong to `people` and `organizations`.

Shapes: GB 11643-1999 (18 characters, ISO 7064 mod 11-2) and its 15-digit forerunner, YD/T 1145's
mobile numbers, ISO/IEC 7812 card numbers (Luhn) of the networks in use in China, and land lines
whose area code is set apart. A digit that was mistyped leaves a number a person's all the same:
only a right credit code (GB 32100) takes an 18-digit number out.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from datetime import date

import polars as pl

from pipelines.cleaning.identifiers import ALPHABET, uscc_check_character
from pipelines.cleaning.text import distinct

MASK = "***"
#: What a pseudonym that stands for such a number begins with, in an id.
PREFIX = "PERSON"
_LENGTH = 20  # hex digits behind it: 80 bits, and short enough for every id's contract

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
#: Letters in front of a number that say what it is; other letters make it part of a longer code.
_LABEL = "(?:tel|phone|mobile|mob|cell|wechat|weixin|wx|vx|id)"

#: Bytes of the longest way to write such a number: with a country code, gaps and a label.
_LONGEST = 24
_SHORTEST = 11
#: Quick to ask of a whole column: without boundaries and check digits, which `_found` weighs.
_ANY = "|".join(f"(?:{p})" for p in (IDENTITY_18, IDENTITY_15, MOBILE, CARD, LAND_LINE))
_CANDIDATE = f"(?i)(?:^|[^0-9])(?:{_ANY})(?:[^0-9]|$)"
_STRONG = f"(?i)(?:^|[^0-9])(?:{IDENTITY_18}|{MOBILE})(?:[^0-9]|$)"
_WIDE = str.maketrans("０１２３４５６７８９Ｘｘ（）＋－", "0123456789Xx()+-")
_FULL_WIDTH = "[０-９]"

_KINDS = {
    name: re.compile(f"(?<![0-9])(?<![0-9]\\.)(?:{pattern})(?![0-9])", re.IGNORECASE)
    for name, pattern in (
        ("identity", IDENTITY_18), ("card", CARD), ("mobile", MOBILE),
        ("old_identity", IDENTITY_15), ("land_line", LAND_LINE),
    )
}  # fmt: skip
_ENDS_IN_LABEL = re.compile(f"(?:^|[^0-9A-Za-z]){_LABEL}[:.]?$", re.IGNORECASE)
_LONG = re.compile("[0-9０-９](?:[^0-9０-９]{0,3}[0-9０-９]){9}")
_NO_DIGIT = re.compile("[^0-9Xx]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IN_PROVINCE = re.compile(f"^(?:{PROVINCES})")


def _is_day(year: int, month_day: str) -> bool:
    try:
        date(year, int(month_day[:2]), int(month_day[2:]))
    except ValueError:
        return False
    return True


def is_check_character_right(number: str) -> bool:
    """Whether the last of 18 characters is what GB 11643 gives to the 17 digits before it."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17].upper()


def _is_credit_code(digits: str) -> bool:
    """A right credit code of a place that there is: dddddd from the third character on."""
    right = digits[17] in ALPHABET and uscc_check_character(digits[:17]) == digits[17]
    return right and _IN_PROVINCE.match(digits[2:]) is not None


def is_identity_number(digits: str) -> bool:
    """Whether 18 characters of the shape, without gaps, are taken for an identity number.

    A mistyped digit leaves it one, be it the check character or the day (31 February).
    """
    if _is_credit_code(digits):
        return False
    return is_check_character_right(digits) or _IN_PROVINCE.match(digits) is not None


def _is_luhn(digits: str) -> bool:
    doubled = (int(d) * (1 + at % 2) for at, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _is_somebodys(kind: str, digits: str, *, lone: bool) -> bool:
    """`lone`: no letter stands right beside the number."""
    match kind:
        case "identity":
            if not lone and not is_check_character_right(digits):
                return False
            return is_identity_number(digits)
        case "old_identity":
            return lone and _is_day(1900 + int(digits[6:8]), digits[8:12])
        case "card":
            long_enough = len(digits) == 16 or digits.startswith("62")
            return lone and long_enough and _is_luhn(digits)
        case "land_line":  # 028-20240802 is a code with a day in it
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
            if _is_somebodys(kind, _NO_DIGIT.sub("", match[0]), lone=lone):
                taken.append((start, end))
                yield start, end, kind


def mask_text(text: str) -> str:
    """`text` with every number of a person in it made unreadable."""
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
    told = hmac.new(key.encode(), f"person:{digits}".encode(), hashlib.sha256).hexdigest()
    return PREFIX + told[:_LENGTH].upper()


def pseudonym_text(text: str, key: str, *, by_machine: bool = False) -> str:
    """`text`, an id, with every number of a person in it replaced by its pseudonym.

    The same number gives the same pseudonym wherever it stands. `by_machine`: the column's numbers
    are counted off by a machine. One in fifty of them has the shape of a 15-digit identity number
    or of a card by chance; there only an 18-digit one with its right check character (one in
    65,000) and a mobile number are taken for a person's.
    """
    plain = text.translate(_WIDE)
    kinds = ("identity", "mobile") if by_machine else ("identity", "card", "mobile", "old_identity")
    for start, end, kind in sorted(_found(plain, kinds), reverse=True):
        number = plain[start:end]
        digits = _NO_DIGIT.sub("", number)
        if by_machine and kind == "identity" and not is_check_character_right(digits):
            continue
        text = text[:start] + _pseudonym(number, kind, key) + text[end:]
    return text


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
    """A column of texts with every number of a person made unreadable. `few`: its `distinct`."""
    few = distinct(texts) if few is None else few
    suspects = _suspects(few.filter(few.str.len_bytes() >= _SHORTEST), _CANDIDATE)
    return _replaced(texts, {t: mask_text(t) for t in suspects}) if len(suspects) else texts


def pseudonymised(ids: pl.Series, key: str, *, by_machine: bool = False) -> pl.Series:
    """A column of ids as `pseudonym_text` makes each of them."""
    if not (ids.str.len_bytes() >= _SHORTEST).any():
        return ids
    few = distinct(ids)
    if by_machine:
        # most such numbers are longer than any of a person: lengths are quick to compare
        few = few.filter(few.str.len_bytes().is_between(_SHORTEST, _LONGEST))
    suspects = _suspects(few, _STRONG if by_machine else _CANDIDATE)
    if not len(suspects):
        return ids
    return _replaced(ids, {t: pseudonym_text(t, key, by_machine=by_machine) for t in suspects})
