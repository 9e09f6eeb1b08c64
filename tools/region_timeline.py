"""Lives of GB/T 2260 codes and what took over from each: pure functions on yearly lists.

A *yearly list* is {code: name} of what was in use at the end of a year; a *life* is an unbroken run
of years in which a code had one name. Where the lists come from, and which facts correct them,
belongs to `region_lists.py`; writing files to `build_regions.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.cleaning.region_names import core_name

YearlyLists = Mapping[int, Mapping[str, str]]


class Life(NamedTuple):
    """A code under one name; both years are included, `last_year` is None while in use."""

    code: str
    name: str
    first_year: int
    last_year: int | None


@dataclass(frozen=True, order=True)
class Succession:
    """From `year` on, `successor` stands for (part of) what `code` covered until then."""

    code: str
    year: int
    successor: str
    kind: str  # "succession": the life ended · "transfer": a part left, the code stood


def level_of(code: str) -> str:
    """`province`, `prefecture` or `county`, as the digits of a GB/T 2260 code say."""
    if code[2:] == "0000":
        return "province"
    return "prefecture" if code[4:] == "00" else "county"


def lives(lists: YearlyLists) -> list[Life]:
    """Every life in the lists, by code and first year. The last list's codes are in use."""
    open_since: dict[str, tuple[str, int]] = {}
    found: list[Life] = []
    for year in sorted(lists):
        listed = lists[year]
        for code, (name, first) in list(open_since.items()):
            if listed.get(code) != name:
                found.append(Life(code, name, first, year - 1))
                del open_since[code]
        for code, name in listed.items():
            open_since.setdefault(code, (name, year))
    found += [Life(code, name, first, None) for code, (name, first) in open_since.items()]
    return sorted(found)


def county_successors(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, set[str]]:
    """Successors of the counties that `after` no longer lists, where the lists alone tell them.

    Each new code is given once: first to a county of the same province with the very same name,
    then to one with the same core name (撤县设区), then to the only county that its prefecture lost
    if it is the only one won. Of several candidates one in the same prefecture is taken, else none.
    """
    gone = [c for c in before if c not in after and level_of(c) == "county"]
    new = {c for c in after if c not in before and level_of(c) == "county"}
    found: dict[str, set[str]] = {}

    def match(alike: Callable[[str, str], bool]) -> None:
        for code in [c for c in gone if c not in found]:
            fits = [n for n in sorted(new) if n[:2] == code[:2] and alike(code, n)]
            near = [n for n in fits if n[:4] == code[:4]] or fits
            if len(near) == 1:
                found[code] = set(near)
                new.discard(near[0])

    match(lambda old, now: before[old] == after[now])
    match(lambda old, now: core_name(before[old]) == core_name(after[now]))
    lost = Counter(c[:4] for c in gone if c not in found)
    won = Counter(n[:4] for n in new)
    match(lambda old, now: old[:4] == now[:4] and lost[old[:4]] == won[now[:4]] == 1)
    return found


def prefecture_successors(
    before: Mapping[str, str], after: Mapping[str, str], counties: Mapping[str, Iterable[str]]
) -> dict[str, set[str]]:
    """Successors of the prefectures that `after` no longer lists: where their counties went.

    A county that kept its code (as those of a prefecture whose own code changed never do) counts
    as having gone nowhere else; a county without known successors says nothing.
    """
    found: dict[str, set[str]] = {}
    for code in before:
        if code in after or level_of(code) != "prefecture":
            continue
        members = [c for c in before if c[:4] == code[:4] and c != code]
        heirs = {s[:4] + "00" for c in members for s in counties.get(c, ())}
        listed = {h for h in heirs if h in after}
        if listed:
            found[code] = listed
    return found
