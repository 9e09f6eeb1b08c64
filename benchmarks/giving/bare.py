"""The bare limit: the same star and marts from the same files, and nothing else.

    python -m benchmarks.giving.bare LANDING OUT.duckdb

No checks, no lineage, no record of what was left out, no retry. Polars types and
pseudonymises blocks while DuckDB writes the fact; memory holds a few blocks
and twelve bytes per order (to find the newest state of each).
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

from benchmarks.giving.bare_dimensions import dimensions
from benchmarks.giving.bare_files import GiftFile, blocks, gift_files, orders

_FACT = """
    create table star.fact_donation as
    select
        order_no, 'tencent' as platform_id,
        (year(paid_at) * 10000 + month(paid_at) * 100 + day(paid_at))::integer as date_key,
        paid_at, coalesce(project_key, '-1') as project_key, o.project_no,
        coalesce(initiator_uscc, 'unknown') as initiator_uscc,
        coalesce(supporter_uscc, 'unknown') as supporter_uscc,
        coalesce(donor_key, 'unknown') as donor_key, donor_kind,
        coalesce(r.region_code, 'unknown') as donor_region_code,
        coalesce(project_region_code, 'unknown') as project_region_code,
        case
            when o.campaign_id is not null then coalesce(c.campaign_id, 'unknown')
            when paid_at::date between entered_from and entered_to then entered_campaign_id
        end as campaign_id,
        channel_id, team_id, (fen * 0.01::decimal(2, 2))::decimal(18, 2) as amount_cny,
        (refunded * 0.01::decimal(2, 2))::decimal(18, 2) as refunded_cny,
        ((fen - refunded) * 0.01::decimal(2, 2))::decimal(18, 2) as net_cny, is_refunded,
        export_date, source_file_id, line as source_row
    from orders as o
    join files using (file)
    left join lives as l
        on o.project_no = l.project_no and paid_at::date between lives_from and lives_to
    left join regions as r on donor_region = r.region_code
    left join star.dim_campaign as c on o.campaign_id = c.campaign_id
"""
_DOUBTFUL = """
    select f.rowid as id, file, f.* from star.fact_donation as f
    join repeated as r on f.source_file_id = r.source_file_id and f.source_row = r.source_row
"""


class Seen:
    """Hashes and places of all orders, and the few unpaid orders."""

    def __init__(self) -> None:
        self.hashes: list[pl.DataFrame] = []
        self.unpaid: list[pl.DataFrame] = []

    def paid(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Remembers a block of orders; returns those that are gifts."""
        place = (pl.col("order_no").hash().alias("hash"), pl.col("file").cast(pl.UInt8),
                 pl.col("line").cast(pl.UInt32))  # fmt: skip
        self.hashes.append(frame.select(place))
        self.unpaid.append(frame.filter(~pl.col("is_paid")).select("order_no", "file", "line"))
        return frame.filter("is_paid")

    def repeated(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Places (file, line) of orders that occur more than once, and their unpaid states."""
        hashes = np.concatenate([f["hash"].to_numpy() for f in self.hashes])
        hashes.sort()
        repeated = pl.DataFrame({"hash": np.unique(hashes[1:][hashes[1:] == hashes[:-1]])})
        places = [f.join(repeated, on="hash", how="semi") for f in self.hashes]
        unpaid = pl.concat(self.unpaid)
        hashed = unpaid.with_columns(pl.col("order_no").hash().alias("hash"))
        return pl.concat(places), hashed.join(repeated, on="hash", how="semi").drop("hash")


def older(gifts: pl.DataFrame, unpaid: pl.DataFrame) -> pl.DataFrame:
    """Row ids of gifts that another row of the same order replaces.

    Of rows in one file that are equal except for their line, the first counts; otherwise the newest
    export, then the file that arrived last, then the later line.
    """
    content = [c for c in gifts.columns if c not in ("id", "source_row")]
    order = ["order_no", "export_date", "file", "source_row"]
    line = pl.col("source_row").min().over(pl.struct(content).hash()).alias("source_row")
    rows = pl.concat([gifts.with_columns(line).select("id", *order), unpaid], how="diagonal")
    ranked = rows.sort(*order[1:], "id", descending=[True, True, True, False])
    first = pl.int_range(pl.len()).over("order_no") == 0
    return ranked.filter(~first & pl.col("id").is_not_null()).select("id")


def typed(files: list[GiftFile], key: str, seen: Seen) -> Iterator[pa.RecordBatch]:
    """All gifts as record batches; a few blocks are typed while another is written."""
    waiting: deque[Future[pl.DataFrame]] = deque()
    todo = chain.from_iterable(blocks(file) for file in files)  # lazily: a file fits, all do not
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        # a block more than there are cores, so that none waits while one is written
        waiting.extend(pool.submit(orders, block, key) for block in islice(todo, cores + 1))
        while waiting:
            frame = seen.paid(waiting.popleft().result())
            # one in for each one out: memory holds that many blocks and no more
            waiting.extend(pool.submit(orders, block, key) for block in islice(todo, 1))
            yield from frame.rechunk().to_arrow(compat_level=pl.CompatLevel.newest()).to_batches()


def run(landing: Path, out: Path, key: str) -> dict[str, list[float]]:
    """Runs everything; returns seconds and CPU seconds by step."""
    seconds, last = {}, (time.perf_counter(), time.process_time())

    def step(name: str) -> None:
        nonlocal last
        now = (time.perf_counter(), time.process_time())
        seconds[name], last = [round(n - o, 2) for n, o in zip(now, last, strict=True)], now

    with duckdb.connect(str(out)) as db:
        db.execute("set memory_limit = '2500MB'; set preserve_insertion_order = false")
        dimensions(db, landing)
        step("dimensions")
        files = gift_files(landing)
        known = pl.DataFrame([(f.number, f.export_date, f.file_id) for f in files], orient="row",
                             schema=["file", "export_date", "source_file_id"])  # fmt: skip
        db.execute("create temp table files as select * from known")
        step("hashes of files")
        seen = Seen()
        batches = typed(files, key, seen)
        first = next(batches)
        reader = pa.RecordBatchReader.from_batches(first.schema, chain([first], batches))
        db.register("orders", reader)
        # the length of a stream is unknown: force the small tables to be the hash tables
        db.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
        db.execute(_FACT)
        db.execute("reset disabled_optimizers")
        db.unregister("orders")
        step("gifts")
        repeated, unpaid = seen.repeated()
        del seen, batches  # twelve bytes an order
        known = known.with_columns(pl.col("file").cast(pl.UInt8))
        repeated = repeated.join(known, on="file").rename({"line": "source_row"})
        unpaid = unpaid.cast({"file": pl.UInt8}).join(known, on="file").drop("source_file_id")
        db.execute("create temp table repeated as select file, source_file_id, source_row"
                   " from repeated")  # fmt: skip
        unpaid = unpaid.rename({"line": "source_row"})
        db.register("gone", older(db.sql(_DOUBTFUL).pl(), unpaid))
        db.execute("delete from star.fact_donation where rowid in (select id from gone)")
        step("newest states")
        sql = Path(__file__).with_name("bare_marts.sql").read_text(encoding="utf-8")
        for statement in sql.split(";\n\n"):
            db.execute(statement)
            step(statement.split(" as\n")[0].splitlines()[-1].removeprefix("create "))
    step("closing")
    return seconds


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), Path(sys.argv[2]), os.environ["JUANDI_PSEUDONYM_KEY"]),
                     ensure_ascii=False))  # fmt: skip
