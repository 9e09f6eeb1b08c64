"""What the books cost: a night over a warehouse that has received thousands of files before.

    python -m benchmarks.bookkeeping [--receipts 1000 5000 20000] [--runs 3] [--really]

A warehouse is made with so many receipts of tiny files: receipts, outcomes and parts as pulling and
loading would leave them, written all at once (`--really` pulls and loads each, some 30 ms a file).
Then, each in a process of its own: `juandi refresh` that finds nothing new, a night with one new
file up to its build, and that build's own books. Seconds of CPU and by the clock, the median of the
runs, and how many times the CPU of the smallest warehouse that is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

import duckdb
import polars as pl

from pipelines.publishing.releases import Release, publish_file, write_releases
from pipelines.settings import BEIJING, Settings, load_settings
from pipelines.sources import source
from pipelines.stages.build.inputs import inputs_of, settle
from pipelines.stages.load.keys import held_key
from pipelines.stages.load.load import load_all
from pipelines.stages.load.read_file import load_receipt
from pipelines.stages.receive.pull import pull
from pipelines.stages.store.bytes_kept import stamp, written_parts
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.receipts import Receipt
from pipelines.stages.store.zones import code_version, lake_folder

GIFTS = "tencent_donations"
HEADINGS = "订单号,项目编号,捐款金额,支付时间,支付状态,退款金额,捐款方式,捐款人ID"
FIRST_DAY = date(2019, 1, 1)
FILES_A_DAY = 10
ORDERS = 12_345_678_901_234_500_007
NEW_DAY = FIRST_DAY + timedelta(days=2_500)
#: What is measured: its name, and what a process of its own does.
NIGHTS = {
    "nothing new": "from pipelines.cli.main import run; run()",
    "one new file": "from benchmarks.bookkeeping import one_new_file; one_new_file()",
    "its build's books": "from benchmarks.bookkeeping import books; books()",
}


def text_of(number: int, day: date) -> bytes:
    """A file of one gift; its amount goes from 1.00 to 99.99, so that few files are alike."""
    fen = 100 + number * 7 % 9_900
    gift = (
        f"{ORDERS + number},224328,{fen // 100}.{fen % 100:02},{day} 10:11:12,支付成功,0.00,单笔捐,"
        f"u{number % 500:08}"
    )
    return f"{HEADINGS}\n{gift}\n".encode()


def land(settings: Settings, number: int, day: date) -> Path:
    """A file in landing, younger than those before it."""
    path = settings.landing / GIFTS / f"page{number % FILES_A_DAY}_{day:%Y%m%d}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text_of(number, day))
    when = 1_546_300_800 + number * 60
    os.utime(path, (when, when))
    return path


def days(count: int) -> Iterator[tuple[int, date]]:
    """Numbers of files and their days."""
    for number in range(count):
        yield number, FIRST_DAY + timedelta(days=number // FILES_A_DAY)


def received(settings: Settings, count: int) -> list[Receipt]:
    """Lands and archives so many files, with their receipts, as `pull` would."""
    catalog = Catalog(settings)
    (settings.archive / GIFTS).mkdir(parents=True)
    receipts, rows, seen = [], [], []
    for number, day in days(count):
        path = land(settings, number, day)
        data, told = path.read_bytes(), path.stat()
        sha256 = hashlib.sha256(data).hexdigest()
        (settings.archive / GIFTS / sha256).write_bytes(data)
        place = path.relative_to(settings.landing).as_posix()
        modified = datetime.fromtimestamp(told.st_mtime, BEIJING)
        receipts.append(
            Receipt(number + 1, GIFTS, path.name, place, sha256, len(data), modified, modified, day)
        )
        rows.append((number + 1, GIFTS, path.name, place, sha256, len(data), modified.isoformat(),
                     modified.isoformat(), day.isoformat()))  # fmt: skip
        seen.append((place, len(data), told.st_mtime_ns))
    with catalog.archive(create=True) as db:
        db.executemany("insert into receipts values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        db.executemany("insert into seen values (?, ?, ?)", seen)
    stamp(catalog, receipts)
    return receipts


def loaded(settings: Settings, receipts: list[Receipt]) -> None:
    """Gives each receipt the outcome and the part of the first, which is really loaded."""
    catalog, first = Catalog(settings), receipts[0]
    settings.build.mkdir(parents=True, exist_ok=True)
    outcome = load_receipt(settings, source(GIFTS), first, held_key(settings))
    read = pl.read_parquet(lake_folder(settings, first, first.partition) / "*.parquet")
    loads, parts = [], []
    for receipt in receipts:
        number, fen = receipt.received_no, 100 + (receipt.received_no - 1) * 7 % 9_900
        told = replace(outcome, partition=receipt.partition, fen_read=fen, fen_loaded=fen)
        folder = lake_folder(settings, receipt, receipt.partition)
        folder.mkdir(parents=True, exist_ok=True)
        read.with_columns(
            pl.lit(receipt.file_id).alias("source_file_id"),
            pl.lit(receipt.partition).alias("export_date"),
            pl.lit(f"{ORDERS + number - 1}").alias("order_no"),
            pl.lit(number, pl.Int64).alias("received_no"),
        ).select(read.columns).write_parquet(folder / "00000.parquet", compression="lz4")
        loads.append((number, code_version(), told.to_json()))
        parts += [(number, *part) for part in written_parts(settings, receipt, told)]
    with catalog.lake() as db:
        db.executemany("insert into loads values (?, ?, ?)", loads)
        db.executemany("insert into parts values (?, ?, ?, ?, ?, ?, ?)", parts)


def published(settings: Settings) -> None:
    """A release without tables that says it was made of what stands."""
    held_key(settings)
    now, inputs = datetime(2024, 1, 1), inputs_of(settings)  # Beijing wall clock
    settle(settings, inputs)
    release = Release("a", now, now.date(), "a", 0, 0, 0, inputs.hash, 1)
    settings.build.mkdir(parents=True, exist_ok=True)
    settings.release_db.unlink(missing_ok=True)
    with duckdb.connect(str(settings.release_db)) as db:
        db.execute("create schema ops")
        write_releases(db, [release])
    publish_file(settings, settings.release_db, release)


def made(folder: Path, count: int, *, really: bool) -> Settings:
    """A warehouse of so many receipts, all of them in the published release."""
    settings = load_settings(folder / "warehouse", folder / "landing", env={})
    if really:
        for number, day in days(count):
            land(settings, number, day)
        pull(settings)
        load_all(settings)
    else:
        loaded(settings, received(settings, count))
    published(settings)
    return settings


def one_new_file() -> None:
    """The night's way up to the build: mended, received, read."""
    from pipelines.stages.store.healing import heal

    settings = load_settings()
    heal(settings)
    if len(pull(settings).new) != 1 or len(load_all(settings)) != 1:
        raise SystemExit("not one new file")
    inputs_of(settings)


def books() -> None:
    """What the build writes before dbt: accounts and views."""
    from pipelines.stages.build.build import prepare_build

    prepare_build(load_settings())


def measured(settings: Settings, code: str) -> tuple[float, float]:
    """Seconds of CPU and by the clock of a process."""
    env = os.environ | {
        "JUANDI_WAREHOUSE": str(settings.warehouse), "JUANDI_LANDING": str(settings.landing)
    }  # fmt: skip
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, "refresh", "--json"], env=env, capture_output=True, text=True
    )
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    if "cli.main" in code and json.loads(done.stdout)["status"] != "unchanged":
        raise SystemExit(done.stdout)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def nights(settings: Settings, count: int, runs: int) -> dict[str, tuple[float, float]]:
    """Of each kind of night the medians of CPU and clock."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in NIGHTS}
    for run in range(runs):
        for name, code in NIGHTS.items():
            if name == "one new file":
                land(settings, count + run, NEW_DAY + timedelta(days=run))
            found[name].append(measured(settings, code))
        published(settings)
    return {
        name: (median(cpu for cpu, _ in times), median(wall for _, wall in times))
        for name, times in found.items()
    }


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--receipts", type=int, nargs="+", default=[1_000, 5_000, 20_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--really", action="store_true")
    told = parser.parse_args()
    print("| receipts | night | CPU s | clock s | × CPU |")
    print("|---|---|---|---|---|")
    first: dict[str, float] = {}
    for count in told.receipts:
        with tempfile.TemporaryDirectory() as folder:
            settings = made(Path(folder), count, really=told.really)
            for name, (cpu, wall) in nights(settings, count, told.runs).items():
                times = cpu / first.setdefault(name, cpu)
                print(f"| {count:,} | {name} | {cpu:.2f} | {wall:.2f} | {times:.1f} |", flush=True)


if __name__ == "__main__":
    main()
