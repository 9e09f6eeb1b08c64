"""Rebuilds the region seeds from published packages and this project's own facts.

    uv run --no-project --with-requirements tools/requirements.txt python -m tools.build_regions
    git diff --stat dbt_project/seeds        # nothing, unless a package or a fact changed

Writes `regions.csv` and `region_successors.csv`. Development only: no run of the warehouse needs
it. The lists belong to `region_lists.py`, the reasoning to `region_timeline.py`, why it is so to
`docs/decisions/region-table.md`.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools import region_lists as sources
from tools import region_timeline as timeline
from tools.region_timeline import Life, Succession, YearlyLists

SEEDS = Path(__file__).resolve().parent.parent / "dbt_project" / "seeds"

#: National Bureau of Statistics, 东西中部和东北地区划分方法 (2011-06-13): four bands.
BAND4 = {
    "东部": "11 12 13 31 32 33 35 37 44 46",
    "中部": "14 34 36 41 42 43",
    "西部": "15 45 50 51 52 53 54 61 62 63 64 65",
    "东北": "21 22 23",
    "港澳台": "71 81 82",
}
#: The older three bands (七五计划, with the western additions of 2000): 东 11, 中 8, 西 12.
BAND3 = {
    "东部": "11 12 13 21 31 32 33 35 37 44 46",
    "中部": "14 22 23 34 36 41 42 43",
    "西部": "15 45 50 51 52 53 54 61 62 63 64 65",
    "港澳台": "71 81 82",
}

REGION_COLUMNS = [
    "region_code",
    "name",
    "level",
    "province_code",
    "province_name",
    "prefecture_code",
    "prefecture_name",
    "county_name",
    "band4",
    "band3",
    "valid_from_year",
    "valid_to_year",
    "is_current",
    "successor_codes",
]
SUCCESSOR_COLUMNS = ["region_code", "valid_to_year", "successor_code", "year", "kind"]


def band_of(code: str, bands: dict[str, str]) -> str:
    """The band of a code's province. KeyError for a province that has none."""
    return {p: band for band, codes in bands.items() for p in codes.split()}[code[:2]]


def stated(lists: YearlyLists) -> dict[tuple[int, str], set[str]]:
    """{(year, code): successors} of `facts/region_successions.csv`, checked against the lists.

    Raises ValueError for a code or name that the lists do not know in that year.
    """
    found: dict[tuple[int, str], set[str]] = {}
    for row in sources.facts("region_successions"):
        year, code = int(row["year"]), row["region_code"]
        heirs = dict(
            zip(row["successor_codes"].split(";"), row["successor_names"].split(";"), strict=True)
        )
        if lists[year - 1].get(code) != row["name"]:
            raise ValueError(f"{year}: {code} was not {row['name']}")
        if {c: lists[year].get(c) for c in heirs} != heirs:
            raise ValueError(f"{year}: successors of {code} are not in the list")
        found[year, code] = set(heirs)
    return found


def successions(lists: YearlyLists) -> list[Succession]:
    """What took over from every life that ended, and which parts left a code that stood."""
    facts = stated(lists)
    found: set[Succession] = set()
    for year in sorted(lists)[1:]:
        before, after = lists[year - 1], lists[year]
        heirs = timeline.county_successors(before, after)
        for code, name in before.items():
            if after.get(code, name) != name:
                heirs[code] = {code}  # renamed where it stands
        heirs |= {code: codes for (y, code), codes in facts.items() if y == year}
        heirs |= timeline.prefecture_successors(before, after, heirs)
        found |= {Succession(c, year, s, "succession") for c, all_ in heirs.items() for s in all_}
    for row in sources.facts("region_transfers"):
        year, code, to = int(row["year"]), row["region_code"], row["to_code"]
        if lists[year].get(to) != row["to_name"]:
            raise ValueError(f"{year}: {to} is not {row['to_name']}")
        found.add(Succession(code, year, to, "transfer"))
    return sorted(found)


def region_row(life: Life, lists: YearlyLists, successors: Sequence[str]) -> list[str]:
    """One line of `regions.csv`: names of province and prefecture as of the life's last year."""
    year = life.last_year or max(lists)
    level = timeline.level_of(life.code)
    province, prefecture = life.code[:2] + "0000", life.code[:4] + "00"
    listed = lists[year]
    has_prefecture = level != "province" and prefecture in listed
    return [
        life.code,
        life.name,
        level,
        province,
        listed[province],
        prefecture if has_prefecture else "",
        listed[prefecture] if has_prefecture else "",
        life.name if level == "county" else "",
        band_of(life.code, BAND4),
        band_of(life.code, BAND3),
        str(life.first_year),
        str(life.last_year or ""),
        str(life.last_year is None).lower(),
        ";".join(successors),
    ]


def write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Writes a CSV file; returns its number of rows."""
    lines = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(lines)
    return len(lines)


def build(out: Path) -> tuple[int, int]:
    """Writes both seeds into `out`; returns their numbers of rows."""
    lists = sources.yearly_lists()
    lives = timeline.lives(lists)
    events = successions(lists)
    heirs: dict[tuple[str, int], list[str]] = {}
    for event in events:
        if event.kind == "succession":
            heirs.setdefault((event.code, event.year), []).append(event.successor)
    rows = [
        region_row(life, lists, heirs.get((life.code, (life.last_year or 0) + 1), []))
        for life in lives
    ]
    last_year = {
        (life.code, year): str(life.last_year or "")
        for life in lives
        for year in range(life.first_year, (life.last_year or max(lists)) + 1)
    }
    links = [
        [
            e.code,
            last_year.get((e.code, e.year - 1)) or last_year.get((e.code, e.year), ""),
            e.successor,
            str(e.year),
            e.kind,
        ]
        for e in events
    ]
    return (
        write(out / "regions.csv", REGION_COLUMNS, rows),
        write(out / "region_successors.csv", SUCCESSOR_COLUMNS, links),
    )


def main() -> int:
    """Command line: `--out DIR` writes elsewhere than into the seeds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--out", type=Path, default=SEEDS)
    regions, successors = build(parser.parse_args().out)
    print(f"regions.csv {regions} rows, region_successors.csv {successors} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
