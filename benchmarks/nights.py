"""A year of small nights in one process: do seconds, memory, open files and disk stay flat?

    python -m benchmarks.nights [--nights 365] [--gifts 200] [--every 10] [--json FILE]

A small sample is published, then each night brings one more day of gifts; every tenth night the
file of ten days before comes again with one gift a yuan more. After each night the published sum is
compared with what was landed. Every night runs in this one process, as under a daemon that never
ends: what a night leaves open or keeps in memory adds up. Printed: a line for every tenth
night, and of each column what a night adds to it, a straight line fitted through the second half.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import statistics
import sys
import tempfile
import threading
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from benchmarks.bookkeeping import GIFTS, HEADINGS
from pipelines.cli.refresh import run_refresh
from pipelines.settings import BEIJING, Settings, load_settings
from sample import generate

ORDERS = 77_000_000_000_000_000_000
AGAIN = 10  # so often, and of so many days before, a file is delivered again
#: What is measured after each night, and its unit.
COLUMNS = {
    "wall_s": "s", "cpu_s": "s", "peak_mb": "MB", "kept_mb": "MB", "open": "files",
    "threads": "threads", "lake_mb": "MB", "archive_mb": "MB", "releases_mb": "MB",
    "rest_mb": "MB", "files": "files on disk",
}  # fmt: skip


def fen_of(night: int, number: int) -> int:
    """What a gift is of, in fen: 1.00 to 99.99 yuan."""
    return 100 + (night * 31 + number * 7) % 9_900


def land(landing: Path, projects: list[str], day: date, night: int, gifts: int, more: int) -> int:
    """Writes the day's file, its first gift `more` fen more; returns its sum in fen."""
    lines, total = [HEADINGS], 0
    for number in range(gifts):
        fen = fen_of(night, number) + (more if number == 0 else 0)
        total += fen
        lines.append(
            f"{ORDERS + night * 1_000_000 + number},{projects[number % len(projects)]},"
            f"{fen // 100}.{fen % 100:02},{day} {number // 60 % 24:02}:{number % 60:02}:05,"
            f"支付成功,0.00,单笔捐,NIGHT{(night * gifts + number) % 5_000:08}"
        )
    path = landing / GIFTS / f"{day:%Y%m%d}" / f"合成数据_夜间_{day:%Y%m%d}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=BEIJING).timestamp() + more
    os.utime(path, (noon, noon))
    return total


def megabytes(*folders: Path) -> float:
    """What files below the folders take, each counted once however many names it has."""
    seen: dict[int, int] = {}
    for folder in folders:
        for path in folder.rglob("*") if folder.is_dir() else [folder]:
            if path.is_file():
                told = path.stat()
                seen[told.st_ino] = told.st_size
    return round(sum(seen.values()) / 1e6, 2)


def memory_mb(field: str) -> float:
    """A line of the kernel's record of this process: VmHWM (its peak) or VmRSS."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(field))
    return round(int(line.split()[1]) / 1024, 1)


def cpu_seconds() -> float:
    """Of this process and of the children it waited for."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(kind)[:2]) for kind in kinds)


def one_night(settings: Settings) -> dict[str, float]:
    """Refreshes, and measures it. Raises SystemExit if nothing is published."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before, began = cpu_seconds(), time.monotonic()
    outcome = run_refresh(settings, full=False)
    wall, cpu = time.monotonic() - began, cpu_seconds() - before
    if outcome.status != "published":
        raise SystemExit(f"{outcome.status}: {outcome.errors} {outcome.gates}")
    peak = memory_mb("VmHWM")
    gc.collect()
    home = settings.warehouse
    releases = megabytes(home / "releases", home / "juandi.duckdb")
    lake, archive = megabytes(settings.lake), megabytes(settings.archive)
    return {
        "wall_s": round(wall, 2), "cpu_s": round(cpu, 2), "peak_mb": peak,
        "kept_mb": memory_mb("VmRSS"), "open": sum(1 for _ in Path("/proc/self/fd").iterdir()),
        "threads": threading.active_count(), "lake_mb": lake, "archive_mb": archive,
        "releases_mb": releases,
        "rest_mb": round(megabytes(home) - lake - archive - releases, 2),
        "files": sum(path.is_file() for path in home.rglob("*")),
    }  # fmt: skip


def published(settings: Settings) -> tuple[int, list[str], date]:
    """Fen paid, some projects, and the day after the last."""
    with duckdb.connect(str(settings.warehouse / "juandi.duckdb"), read_only=True) as db:
        found = db.execute(
            "select sum(amount_cny * 100)::bigint, max(paid_at)::date + 1 from star.fact_donation"
        ).fetchone()
        projects = db.execute(
            "select distinct project_no from marts.project_card order by all limit 50"
        ).fetchall()
    if found is None:
        raise SystemExit("nothing is published")
    return int(found[0]), [no for (no,) in projects], found[1]


def year(settings: Settings, nights: int, gifts: int, every: int) -> list[dict[str, float]]:
    """The nights, one after another; prints some. Raises SystemExit on a sum that is not right."""
    generate(settings.landing, scale=0.005)
    one_night(settings)
    fen, projects, first = published(settings)
    print(f"| night | {' | '.join(COLUMNS)} |\n{'|---' * (len(COLUMNS) + 1)}|", flush=True)
    found = []
    for night in range(1, nights + 1):
        day = first + timedelta(days=night - 1)
        fen += land(settings.landing, projects, day, night, gifts, 0)
        if night % AGAIN == 0 and night > AGAIN:
            before = day - timedelta(days=AGAIN)
            land(settings.landing, projects, before, night - AGAIN, gifts, 100)
            fen += 100
        found.append(one_night(settings))
        if (is_now := published(settings)[0]) != fen:
            raise SystemExit(f"night {night}: {is_now} fen are published, {fen} were landed")
        if night % every == 0 or night == 1:
            values = " | ".join(f"{found[-1][name]:,}" for name in COLUMNS)
            print(f"| {night} | {values} |", flush=True)
    return found


def growth(nights: list[dict[str, float]]) -> dict[str, float]:
    """What a night adds to each column: the slope over the second half."""
    half = list(enumerate(nights))[len(nights) // 2 :]
    numbers = [number for number, _ in half]
    return {
        name: round(statistics.linear_regression(numbers, [n[name] for _, n in half]).slope, 4)
        for name in COLUMNS
    }


def main() -> None:
    """Prints the curves."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--gifts", type=int, default=200)
    parser.add_argument("--every", type=int, default=10, help="nights between two printed lines")
    parser.add_argument("--json", type=Path, help="write every night to this file")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(Path(folder) / "warehouse", Path(folder) / "landing", env={})
        found = year(settings, told.nights, told.gifts, told.every)
    if told.json:
        told.json.write_text(json.dumps(found))
    adds = growth(found) if len(found) > AGAIN else {}
    for name, slope in adds.items():
        print(f"{name}: {slope:+} {COLUMNS[name]} a night", file=sys.stdout)


if __name__ == "__main__":
    main()
