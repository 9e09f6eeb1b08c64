"""Loading gifts through contract and row rules, compared with a bare read of the same file.

    python -m benchmarks.load [--rows 1000000] [--large 5000000] [--runs 3]

The bare limit is Polars' `scan_csv` → typed columns → Parquet of the UTF-8 file, without any
checks. Each run is a separate process, alternately bare and Juandi. Times exclude
imports and include for Juandi everything from the archived file to the lake: encoding,
heading, cleaning, rules, pseudonyms, duplicates, quarantine. Memory is the process's peak.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

MIB = 1024 * 1024


def bare(path: Path, out: Path) -> None:
    """The minimum: typed columns written to Parquet."""
    import polars as pl

    (
        pl.scan_csv(path, infer_schema=False)
        .with_columns(
            pl.col("捐款金额", "退款金额").cast(pl.Decimal(18, 2)),
            pl.col("捐款时间").str.to_datetime("%Y-%m-%d %H:%M:%S"),
        )
        .sink_parquet(out)
    )


def juandi(path: Path, out: Path) -> dict[str, int]:
    """The load stage on the file as received."""
    from pipelines.settings import load_settings
    from pipelines.sources import source
    from pipelines.stages.load.due import pending
    from pipelines.stages.load.read_file import load_receipt
    from pipelines.stages.receive.pull import pull

    landing = out / "landing"
    (landing / "tencent_donations").mkdir(parents=True)
    (landing / "tencent_donations" / "gifts_20240802.csv").hardlink_to(path)
    settings = load_settings(out / "warehouse", landing, env={})
    pull(settings)
    (receipt,) = pending(settings)
    settings.build.mkdir(parents=True)
    began = time.perf_counter()
    outcome = load_receipt(settings, source("tencent_donations"), receipt, "k" * 32)
    return {"seconds": time.perf_counter() - began, "rows": outcome.rows_loaded}  # type: ignore[dict-item]  # printed as JSON


def child(what: str, path: Path) -> None:
    """One measured run; prints JSON."""
    with tempfile.TemporaryDirectory() as scratch:
        if what == "bare":
            import polars  # noqa: F401 - imported before the clock starts

            began = time.perf_counter()
            bare(path, Path(scratch) / "bare.parquet")
            result: dict[str, Any] = {"seconds": time.perf_counter() - began}
        else:
            result = juandi(path, Path(scratch))
    result["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result))


def measure(what: str, path: Path) -> dict[str, float]:
    """Runs `child` in a separate process."""
    command = [sys.executable, "-m", "benchmarks.load", "--child", what, "--file", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def compare(name: str, file: Path, utf8: Path, runs: int) -> dict[str, Any]:
    """Medians of `runs` pairs; the baseline always reads the UTF-8 file."""
    pairs = [(measure("bare", utf8), measure("juandi", file)) for _ in range(runs)]
    return {
        "file": name,
        "bare_s": round(median(b["seconds"] for b, _ in pairs), 2),
        "juandi_s": round(median(j["seconds"] for _, j in pairs), 2),
        "ratio": round(median(j["seconds"] / b["seconds"] for b, j in pairs), 2),
        "bare_mib": round(max(b["peak_mib"] for b, _ in pairs)),
        "juandi_mib": round(max(j["peak_mib"] for _, j in pairs)),
    }


def main(argv: list[str] | None = None) -> None:
    """Prints the table and, with --json, writes it."""
    from benchmarks.gift_file import write_gifts

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--large", type=int, default=5_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--child", choices=("bare", "juandi"))
    parser.add_argument("--file", type=Path)
    options = parser.parse_args(argv)
    if options.child:
        child(options.child, options.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        small, gb, large = (Path(folder) / n for n in ("utf8.csv", "gb.csv", "large.csv"))
        write_gifts(small, options.rows)
        write_gifts(gb, options.rows, "gb18030")
        results = [
            compare(f"{options.rows:,} UTF-8", small, small, options.runs),
            compare(f"{options.rows:,} GB18030", gb, small, options.runs),
        ]
        if options.large:
            write_gifts(large, options.large)
            results.append(compare(f"{options.large:,} UTF-8", large, large, 1))
    columns = list(results[0])
    print("| " + " | ".join(columns) + " |")
    print("|" + "---|" * len(columns))
    for row in results:
        print("| " + " | ".join(str(row[c]) for c in columns) + " |")
    if options.json:
        options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
