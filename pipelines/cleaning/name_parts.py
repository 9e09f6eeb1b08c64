"""Recognises parts of a name: a place, a person, the start of another organisation's name.

Names of places come from the shipped table of regions, surnames and given names from `name_words`.
`organizations` decides whether a whole name is an organisation's.
"""

from __future__ import annotations

import re
from functools import cache

from pipelines.cleaning import name_words as words
from pipelines.cleaning.region_names import core_name
from pipelines.cleaning.regions import region_table

HAN = "\u3400-\u9fff〇"
_UNIT = re.compile(
    f"[{HAN}]{{1,6}}?(?:自治州|自治县|自治旗|地区|街道|省|市|县|(?<!社)区|州|旗|盟|镇|乡|村)"
)


@cache
def places() -> tuple[frozenset[str], frozenset[str]]:
    """(full names of places, short ones of provinces and prefectures)."""
    lives = region_table().lives
    short = {core_name(life.name) for life in lives if life.code.endswith("00")}
    full = {life.name for life in lives} | {"中国", "中华", "全国", "国家", "香港", "澳门", "台湾"}
    return frozenset(full), frozenset(s for s in short if len(s) > 1)


@cache
def everywhere() -> frozenset[str]:
    """All full and short names of places, counties' short names included."""
    full, short = places()
    return full | short | {core_name(life.name) for life in region_table().lives}


def place_end(name: str, *, known: bool = False) -> int:
    """How many characters at the beginning of `name` are a place; 0 if none are.

    `known`: only names in the table of regions, not everything that ends in 市, 县 or 村.
    """
    full, short = places()
    end = 0
    while end < len(name):
        rest = name[end:]
        found = max(
            (n for n in range(2, min(len(rest), 12) + 1) if rest[:n] in full or rest[:n] in short),
            default=0,
        )
        if not found and (end or not known) and (unit := _UNIT.match(rest)):
            found = 0 if not end and _is_doubtful(unit[0], rest) else unit.end()
        if not found:
            break
        end += found
    return end


def _is_doubtful(unit: str, name: str) -> bool:
    """True if what looks like a place at the beginning of `name` may begin with a person."""
    head = 0 if name[:2] in words.NO_PERSONS else surname_end(name)
    return len(unit) < 3 or any(
        len(unit) - n > 2 or name[n] == "某" or place_end(name[n:], known=True)
        for n in ((head + 1, head + 2) if head else ())
        if n < len(unit)
    )


def surname_end(name: str) -> int:
    """How many characters a surname at the beginning of `name` has; 0 if there is none."""
    compound = re.match(words.COMPOUND, name)
    return compound.end() if compound else int(name[:1] in words.COMMON | words.RARE)


def _person_end(name: str) -> int:
    """How many characters at the beginning of `name` could be a person's name; 0 if none."""
    if name[:2] in words.NO_PERSONS:
        return 0
    head = surname_end(name)
    if not head:
        return 0
    given = name[head : head + 2]
    if len(given) == 2 and all(c in words.GIVEN_TWO for c in given):
        return head + 2
    return head + 1 if given[:1] in words.GIVEN_ONE or given[:1] == "某" else 0


def person_ends(name: str) -> tuple[int, ...]:
    """Possible ends of a person's name at the beginning: with a given name of two or one."""
    longest = _person_end(name)
    head = surname_end(name)
    one = name[head : head + 1] in words.GIVEN_ONE
    return tuple(n for n in {longest, head + 1 if one and longest else 0} if n)


def is_person(name: str) -> bool:
    """True if `name` by itself would be a person's: a surname, with or without a given name."""
    surname = name[:1] in words.COMMON or re.fullmatch(words.COMPOUND, name)
    return (len(name) <= 2 and bool(surname) and len(name) != 2) or len(name) in person_ends(name)


def is_short(name: str) -> bool:
    """True if `name` is as short as a person's and begins with a surname: 陈学会, 欧阳学会."""
    surname = words.COMMON | words.RARE
    return (len(name) < 4 and name[0] in surname) or (
        len(name) < 5 and re.match(words.COMPOUND, name) is not None
    )


def begins_again(name: str, at: int) -> bool:
    """True if another organisation's name begins at `at`: 幸福来成都市某某医院."""
    full, _ = places()
    rest = name[at:]
    return (rest.startswith("某某") and surname_end(name) > 0) or any(
        rest[:n] in full for n in range(3, 8)
    )
