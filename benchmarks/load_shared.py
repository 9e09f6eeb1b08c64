"""Loading shared out among processes: many small files, and one huge one.

    python -m benchmarks.load_shared [--files 3000] [--lines 1 200] [--rows 5000000]
                                     [--encoding gb18030] [--workers 1 2] [--runs 3]

A warehouse receives so many files of so many gifts, then a single file of `--rows`. Its lake is
made again and again from the archive, each time by a process of its own with one more number of
workers; seconds by the clock and of CPU, and peak memory, of that process and its workers, are
medians of the runs, which alternate. Every run has to leave the same outcomes and the same rows: a
difference ends the benchmark.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

import polars as pl

from benchmarks.bookkeeping import FILES_A_DAY, FIRST_DAY, GIFTS, HEADINGS, text_of
from benchmarks.gift_file import write_gifts
from benchmarks.giving.measure import Measured, measure
from pipelines.settings import PROJECT_ROOT, Settings, load_settings
from pipelines.stages.load.keys import held_key
from pipelines.stages.receive.pull import pull
from pipelines.stages.store.catalog import Catalog

_LOAD = (
    "from pipelines.settings import load_settings; from pipelines.stages.load.load import load_all;"
    "load_all(load_settings())"
)


def small_files(landing: Path, files: int, lines: int) -> None:
    """So many files of so many gifts each."""
    folder = landing / GIFTS
    folder.mkdir(parents=True)
    for number in range(files):
        day = FIRST_DAY + timedelta(days=number // FILES_A_DAY)
        gifts = (text_of(number * lines + i, day).decode().splitlines()[1] for i in range(lines))
        path = folder / f"page{number % FILES_A_DAY}_{day:%Y%m%d}.csv"
        path.write_text("\n".join((HEADINGS, *gifts, "")), encoding="utf-8")


def huge_file(landing: Path, rows: int, encoding: str) -> None:
    """One file."""
    (landing / GIFTS).mkdir(parents=True)
    write_gifts(landing / GIFTS / "gifts_20240802.csv", rows, encoding)


def received(folder: Path) -> Settings:
    """A warehouse that has received what lies in its landing folder."""
    settings = load_settings(folder / "warehouse", folder / "landing", env={})
    held_key(settings)
    pull(settings)
    return settings


def once(settings: Settings, workers: int) -> tuple[Measured, tuple[object, ...]]:
    """Loads everything into an empty lake; what it took, and what is in it."""
    for zone in (settings.lake, settings.quarantine):
        shutil.rmtree(zone, ignore_errors=True)
    env = os.environ | {
        "JUANDI_WAREHOUSE": str(settings.warehouse),
        "JUANDI_LANDING": str(settings.landing),
        "JUANDI_LOAD_WORKERS": str(workers),
    }
    run = measure([sys.executable, "-c", _LOAD], settings.build, env, cwd=PROJECT_ROOT)
    if not run.ok:
        raise SystemExit(run.stderr)
    outcomes = sorted(
        (number, replace(outcome, loaded_at=""))
        for number, (_, outcome) in Catalog(settings).outcomes().items()
    )
    rows = pl.scan_parquet(settings.lake / GIFTS / "*" / "*" / "*.parquet")
    hashes = rows.select(pl.len(), pl.struct(pl.all()).hash().sum()).collect(engine="streaming")
    return run, (outcomes, hashes.row(0))


def compared(settings: Settings, what: str, numbers: list[int], runs: int) -> None:
    """Prints a line for each number of workers."""
    times: dict[int, list[Measured]] = {number: [] for number in numbers}
    first: tuple[object, ...] | None = None
    for _ in range(runs):
        for number in numbers:
            run, lake = once(settings, number)
            times[number].append(run)
            first = first or lake
            if lake != first:
                raise SystemExit(f"{what}: {number} workers leave another lake")
    alone = median(run.wall_s for run in times[numbers[0]])
    for number, done in times.items():
        wall = median(run.wall_s for run in done)
        cpu = median(run.cpu_s for run in done)
        peak = max(run.peak_gb for run in done) * 1000
        print(
            f"| {what} | {number} | {wall:.1f} | {alone / wall:.2f} | {cpu:.1f} | {peak:.0f} |",
            flush=True,
        )


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=3_000)
    parser.add_argument("--lines", type=int, nargs="*", default=[1, 200])
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--encoding", nargs="*", default=["utf-8", "gb18030"])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--runs", type=int, default=3)
    told = parser.parse_args()
    print("| what | workers | clock s | × | CPU s | peak MB |\n|---|---|---|---|---|---|")
    for lines in told.lines:
        with tempfile.TemporaryDirectory() as folder:
            small_files(Path(folder) / "landing", told.files, lines)
            what = f"{told.files:,} files of {lines} gifts"
            compared(received(Path(folder)), what, told.workers, told.runs)
    for encoding in told.encoding:
        with tempfile.TemporaryDirectory() as folder:
            huge_file(Path(folder) / "landing", told.rows, encoding)
            what = f"{told.rows:,} gifts, {encoding}"
            compared(received(Path(folder)), what, told.workers, told.runs)


if __name__ == "__main__":
    main()
