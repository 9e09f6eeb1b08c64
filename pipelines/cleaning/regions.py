"""Resolves a messy region code and name: GB/T 2260 codes, old names, successors.

Registers type codes as floats, keep a county's former name (万全县 with the code of 万全区),
or put a prefecture's code beside a county's name. The table is the project's seed, described in
`docs/reference.md`; `region_names` compares names. No source is known here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, NamedTuple

from pipelines.cleaning.region_names import core_name, parse_code, tidy_name
from pipelines.settings import DBT_PROJECT

How = Literal[
    "exact", "renamed", "successor", "by_name", "wrong_code", "no_code", "ambiguous", "unknown"
]


class RegionLife(NamedTuple):
    """A code under one name. Both years are inclusive; `last_year` is None while it is in use."""

    code: str
    name: str
    first_year: int
    last_year: int | None
    successors: tuple[str, ...]


class Alias(NamedTuple):
    """A name of a unit that GB/T 2260 does not list; `code` is None if it belongs to no code."""

    province_code: str
    name: str
    code: str | None


@dataclass(frozen=True)
class Resolution:
    """The region meant, or None and why.

    `how`: exact · renamed (older or short name of that code) · successor (the code ended) · by_name
    (no readable code) · wrong_code (the code is another region's; the name decided) · no_code (the
    unit has none) · ambiguous (`candidates` says between which) · unknown.
    """

    code: str | None
    how: How
    candidates: tuple[str, ...] = ()


class RegionTable:
    """The codes in use at the end of `year`, and what older codes and names had become by then."""

    def __init__(
        self, lives: Iterable[RegionLife], aliases: Iterable[Alias] = (), year: int | None = None
    ) -> None:
        self.lives = list(lives)
        self.aliases = list(aliases)
        known = [y for life in self.lives for y in (life.first_year, life.last_year) if y]
        self.year = year or max(known)
        self._by_code: dict[str, list[RegionLife]] = {}
        for life in sorted(self.lives, key=lambda one: one.first_year):
            self._by_code.setdefault(life.code, []).append(life)

    @cached_property
    def in_use(self) -> dict[str, str]:
        """{code: name} at the end of `year`."""
        return {
            life.code: life.name
            for life in self.lives
            if life.first_year <= self.year and (life.last_year or self.year) >= self.year
        }

    @cached_property
    def _current(self) -> dict[tuple[str, str], set[str]]:
        """(province code, name in use) → codes in use."""
        found: dict[tuple[str, str], set[str]] = {}
        for code, name in self.in_use.items():
            found.setdefault((code[:2] + "0000", name), set()).add(code)
        return found

    @cached_property
    def _former(self) -> dict[tuple[str, str], set[str]]:
        """(province code, older name or alias) → codes in use that cover the place now."""
        found: dict[tuple[str, str], set[str]] = {}
        for life in self.lives:
            if life.last_year is not None and life.last_year < self.year:
                key = (life.code[:2] + "0000", life.name)
                found.setdefault(key, set()).update(self._heirs_of(life))
        for alias in self.aliases:
            if alias.code:
                key = (alias.province_code, alias.name)
                found.setdefault(key, set()).update(self.heirs(alias.code))
        return found

    @cached_property
    def _cores(self) -> dict[tuple[str, str], set[str]]:
        """(province code, core of a name in use) → codes in use: 湄潭 is 湄潭县."""
        found: dict[tuple[str, str], set[str]] = {}
        for (province, name), codes in self._current.items():
            found.setdefault((province, core_name(name)), set()).update(codes)
        return found

    @cached_property
    def _provinces(self) -> dict[str, str]:
        """Name and core name of a province, any year → its code."""
        names = {life.name: life.code for life in self.lives if life.code.endswith("0000")}
        return names | {core_name(name): code for name, code in names.items()}

    def _heirs_of(self, life: RegionLife) -> set[str]:
        return {h for code in life.successors for h in self._after(code, (life.last_year or 0) + 1)}

    def _after(self, code: str, since: int) -> set[str]:
        """The codes in use that cover what `code` covered in the year `since`."""
        for life in self._by_code.get(code, []):
            if life.first_year <= since and (life.last_year is None or life.last_year >= since):
                if life.last_year is None or life.last_year >= self.year:
                    return {code} if life.first_year <= self.year else set()
                return self._heirs_of(life)
        return set()

    def heirs(self, code: str) -> set[str]:
        """The codes in use for a code of any year: itself, its successors', or none if unknown."""
        if code in self.in_use:
            return {code}
        past = [one for one in self._by_code.get(code, []) if one.first_year <= self.year]
        return self._after(code, past[-1].first_year) if past else set()

    def province_code(self, name: str | None) -> str | None:
        """`510000` for 四川省 or 四川; None if the name is not a province's."""
        if name is None:
            return None
        plain = tidy_name(name)
        return self._provinces.get(plain) or self._provinces.get(core_name(plain))

    def named(self, name: str, province: str | None, near: str | None = None) -> set[str]:
        """Codes in use with this name, else those that cover a place once so named, else those
        with the same core name (only within a province).

        If there are several, those in the prefecture of `near` are preferred, then counties.
        """
        provinces = [province] if province else sorted(set(self._provinces.values()))
        for names in (self._current, self._former, self._cores):
            sought = core_name(name) if names is self._cores else name
            if names is self._cores and not province:
                return set()
            codes = {c for p in provinces for c in names.get((p, sought), ())}
            if codes:
                close = {c for c in codes if near and c[:4] == near[:4]} or codes
                return {c for c in close if not c.endswith("00")} or close
        return set()

    def resolve(
        self,
        code: str | float | None = None,
        name: str | None = None,
        province: str | None = None,
    ) -> Resolution:
        """The region that a register's code, name and province mean together.

        A code that agrees with the name (in use, former, or short) is accepted; otherwise the name
        within the province decides; a code alone is taken as it is. Never raises, never guesses.
        """
        digits = parse_code(code)
        place = tidy_name(name) if name else ""
        where = self.province_code(province)
        by_code = self.heirs(digits) if digits else set()
        if where:
            by_code = {c for c in by_code if c[:2] == where[:2]}
        if not place:
            return _only(by_code, "exact" if digits in by_code else "successor")
        own = digits[:2] + "0000" if digits else ""
        scope = where or (own if own in self.in_use else None)
        if (scope, place, None) in self.aliases:
            return Resolution(None, "no_code")
        if digits in by_code and self.in_use[digits or ""] == place:
            return Resolution(digits, "exact")
        by_name = self.named(place, scope, digits)
        if by_code & by_name:
            return _only(by_code & by_name, "renamed" if digits in by_code else "successor")
        if by_name:
            return _only(by_name, "wrong_code" if digits else "by_name")
        return Resolution(None, "unknown", tuple(sorted(by_code)))


def _only(codes: set[str], how: How) -> Resolution:
    """One code is the answer; several are candidates; none is unknown."""
    if len(codes) == 1:
        return Resolution(next(iter(codes)), how)
    return Resolution(None, "ambiguous" if codes else "unknown", tuple(sorted(codes)))


@cache
def region_table(year: int | None = None, seeds: Path = DBT_PROJECT / "seeds") -> RegionTable:
    """The shipped table as of the end of `year` (default: the newest).

    Raises OSError if the seeds are missing.
    """

    def rows(name: str) -> list[dict[str, str]]:
        with (seeds / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    lives = [
        RegionLife(
            row["region_code"],
            row["name"],
            int(row["valid_from_year"]),
            int(row["valid_to_year"]) if row["valid_to_year"] else None,
            tuple(filter(None, row["successor_codes"].split(";"))),
        )
        for row in rows("regions.csv")
    ]
    aliases = [
        Alias(row["province_code"], row["name"], row["region_code"] or None)
        for row in rows("region_aliases.csv")
    ]
    return RegionTable(lives, aliases, year)
