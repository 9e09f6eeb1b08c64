"""Decides whether the whole of a name is an organisation's. In doubt it is a person's (law 9).

An organisation's name consists of `place? + proper name + trade? + kind`, with the kind at the end:
成都市某某科技有限公司. If it contains anything else (a person before it, after it or in brackets, a
title, a family, a group of people), it is not an organisation's. The words are in `name_words`;
`people` and `stages.load.donors` make pseudonyms of donors.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import polars as pl

from pipelines.cleaning import name_words as words
from pipelines.cleaning.english_names import FORMS, is_foreign_organization
from pipelines.cleaning.identities import mask_text
from pipelines.cleaning.name_parts import (
    HAN,
    begins_again,
    everywhere,
    is_person,
    is_short,
    person_ends,
    place_end,
    places,
    surname_end,
)
from pipelines.cleaning.text import SPACES, plain

_KIND = re.compile(f"(?:{words.STRONG}|{words.WEAK})$")
_TRADER = re.compile(f"(?:{words.TRADER})$")
_LONG_TRADES = re.compile("|".join(t for t in words.TRADES.pattern.split("|") if len(t) > 1))
_STRONG = re.compile(f"(?:{words.STRONG})$")
_LEGAL_COMPANY = re.compile(
    "(?:有限|股份|责任|集团)+(?:总|分|子|支)?公司$|有限(?:责任)?公司[^，]{1,12}(?:分|支)公司$"
)
#: A kind inside a name: what follows belongs to that organisation, or is one of its people.
_INNER = re.compile(f"(?=({words.STRONG}|{words.WEAK}|村))")
_PLAIN = re.compile(f"[{HAN}0-9A-Za-z&.+-]+")
#: "甲转来乙、丙捐款": who passed a gift on, and for whom; each part must be an organisation's.
_PARTS = re.compile(
    r"转来|转入|转交|[、，,；;/／|_+＋\n]|\s+和\s+|——?|(?<=[\u3400-\u9fff）)])[-－—](?=[\u3400-\u9fff])"
)
_GIVES = re.compile(r"(?:捐款|捐赠|善款)$")
_LEAST_LEGAL = 6  # characters of a legal name without a place: proper name 2, kind 4


def _own(name: str) -> str:
    """The proper name: what is left without place, trades and kind."""
    kind = _KIND.search(name)
    core = name[: kind.start()] if kind else name
    return words.TRADES.sub("", core[place_end(core) :])


def _begins_with_person(name: str) -> bool:
    """True of a person's name followed by the whole name of an organisation: 张三某某公司."""
    if name[:2] in words.NO_PERSONS:
        return False
    head = surname_end(name)
    for end in (head + 1, head + 2) if head else ():
        rest = name[end:]
        kind = _KIND.search(rest)
        if kind is None or not kind.start():
            continue
        if rest.startswith(("第", "某")) or place_end(rest, known=True):
            return True
        # a proper name of four characters is rare; 金鼎 | 混凝土 is not one
        if len(_own(rest)) > 1 and (end == head + 1 or len(_own(name[head + 1 :])) > 2):
            return True
    titled = re.match(f"[{''.join(words.COMMON)}](?:总|董|哥|姐|叔|嫂|姨|伯|工|氏|某)", name)
    return titled is not None and len(_own(name[2:])) > 1


def _is_owner(name: str) -> bool:
    """True if `name`, before a trader's kind, may be its owner's: anything after a surname."""
    name = name[2:] if name[:2] in everywhere() else name  # a county's short name
    bare = _LONG_TRADES.sub("", name)
    head = surname_end(bare)
    return head > 0 and bare[:2] not in words.NO_PERSONS and head < len(bare) <= head + 3


def _without_brackets(name: str) -> str | None:
    """`name` without places and forms in brackets; None if brackets contain anything else."""
    full, short = places()
    for found in re.finditer(r"\(([^()]*)\)", name):
        inside, ends = found[1], found.end() == len(name)
        # a county's short name may be a person's: it is accepted only in the middle of a name
        known = full | short if ends else everywhere()
        if inside not in known and not words.BRACKETED.fullmatch(inside):
            return None
    bare = re.sub(r"\([^()]*\)", "", name)
    return None if "(" in bare or ")" in bare else bare


def _holds_person(name: str, start: int) -> bool:
    """True if a person is named between an organisation and the final kind: 某某公司张三工作室."""
    trader = _TRADER.search(name) is not None
    tails = (name[inner.end(1) : start] for inner in _INNER.finditer(name, 0, start))
    return any(is_person(t) or (trader and _is_owner(t)) for t in tails if t)


@lru_cache(maxsize=1 << 16)
def is_organization(name: str, *, legal: bool = False) -> bool:
    """True if the whole of `name`, a single name, is an organisation's.

    `legal`: only if it looks like a legal name: a company's with its form (…有限公司), a
    foundation's, or a body's with its place in front (成都市某某协会). Nicknames must pass this,
    because 车队长, 爱心公司 and 小学生 are persons.
    """
    name = unicodedata.normalize("NFKC", name).strip(SPACES)
    if not re.search(f"[{HAN}]", name):
        return is_foreign_organization(name)
    bare = _without_brackets(name)
    if bare is None or not _PLAIN.fullmatch(bare) or words.PERSONS.search(bare):
        return False
    if re.search("[0-9]{7}|[a-z]", bare):  # a number, or a name in small letters: Lily某某公司
        return False
    if words.WHOLE.fullmatch(bare):
        return True
    kind = _KIND.search(bare)
    if kind is None or kind.start() < 2 or is_short(bare):
        return False
    core, place = bare[: kind.start()], place_end(bare[: kind.start()])
    own = core[place:]
    if not place and (own in words.GENERIC or len(own) < 2 or _begins_with_person(bare)):
        return False
    if any(begins_again(own, n) for n in range(2, min(len(own), 5))):
        return False
    if (
        place
        and own
        and any(
            place_end(own[n:], known=True) or own[n:].startswith("某") for n in person_ends(own)
        )
    ):
        return False
    if _holds_person(bare, kind.start()):
        return False
    is_company = _LEGAL_COMPANY.search(bare) is not None
    trader = _STRONG.search(bare) is None
    if _TRADER.search(bare) and _is_owner(own):
        return False
    if not is_company and is_person(own or core) and (trader or not place):
        return False
    if not legal:
        return True
    if is_company or bare.endswith("基金会"):
        return len(bare) - len("有限") >= _LEAST_LEGAL if is_company else len(bare) >= _LEAST_LEGAL
    return not trader and place_end(bare, known=True) > 0


@lru_cache(maxsize=1 << 16)
def organization_name(text: str, *, legal: bool = False) -> str | None:
    """The organisations in `text`, joined by 、; None if it contains anything or anybody else."""
    split = _PARTS.split(_split_blanks(text)) if re.search(f"[{HAN}]", text) else [text]
    parts = [_GIVES.sub("", plain(part)) for part in split]
    named = [p for p in parts if p]
    if not named or not all(is_organization(p, legal=legal) for p in named):
        return None
    return mask_text("、".join(named))


def _split_blanks(text: str) -> str:
    """`text` with 、 for blanks between Chinese words, which separate names: 李四 某某医院."""
    return re.sub(f"(?<=[{HAN}）)])[{SPACES}]+(?=[{HAN}（(])", "、", text)


#: Endings of legal names, for a fast filter over a column before single names are checked.
_LAST = "".join(sorted(set(re.findall("([\u4e00-\u9fff])(?=[|)]|$)", words.STRONG))))
_ENDS = rf"(?:捐款|捐赠|善款)?[{SPACES}]*$"
_COMPANY_END = rf"(?:公司|基金会|[)）]){_ENDS}|(?i)[ ,](?:{FORMS})[.]?[{SPACES}]*$| of "
_BODY_END = f"[{_LAST}部院大协委]{_ENDS}"
#: Last characters of all these endings: a search for one character at the end is fast.
_MAY_END = f"[{_LAST}部院大协委司会款赠)）A-Za-z.][{SPACES}]*$"
_MINISTRY = ("中华", "国家", "国务", "全国", "中央")


@cache
def _heads() -> list[str]:
    """First two characters of a body's legal name: of a place or a ministry."""
    return list({place[:2] for place in everywhere()}.union(_MINISTRY))


def _suspects(names: pl.Series) -> pl.Series:
    """The few distinct nicknames of a column that may be legal names.

    It may have a million distinct nicknames, of which hardly any is an organisation's.
    """
    names = names.filter(names.str.contains(_MAY_END) | names.str.contains(" of ", literal=True))
    if not len(names):
        return names
    likely = names.filter(names.str.contains(_COMPANY_END))
    first = names.str.strip_chars(SPACES + "`'").str.slice(0, 2)
    bodies = names.filter(first.is_in(_heads()).fill_null(value=False))
    ministries = names.filter(names.str.contains(f"部{_ENDS}"))
    return pl.concat([likely, bodies.filter(bodies.str.contains(_BODY_END)), ministries]).unique()


def organization_names(names: pl.Series, *, legal: bool = False) -> pl.Series:
    """`organization_name` of each name of a column; null if there is none."""
    published = {
        text: name
        for text in (_suspects(names) if legal else names.drop_nulls().unique())
        if (name := organization_name(text, legal=legal)) is not None
    }
    if not published:
        return pl.Series(names.name, [None], dtype=pl.String).new_from_index(0, len(names))
    return names.replace_strict(
        list(published), list(published.values()), default=None, return_dtype=pl.String
    )
