"""A whole Giving Day, cold: Juandi against a bare limit and other tools, on the same files.

    python -m benchmarks.giving_day --scale 0.1 [--json FILE] [--peers none] [--night]

Generates the campaign 99-2020 (scale 1: 55.9 million gifts, 11 GB), or takes it from the cache,
then measures one after the other, each in its own process: the bare limit
(`benchmarks.giving.bare`), a whole cold refresh with every gate, and the peers. Fails (exit 1)
if Juandi's published file and the bare one differ, and lists the differences.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

if __package__ in (None, ""):  # run as a file: the project is not on the path then
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.giving import night, peers, report
from benchmarks.giving.compare import compare, mart_seconds
from benchmarks.giving.contenders import BenchmarkFailed, phases, run_bare, run_juandi
from benchmarks.giving.landing import facts, linked, sample
from benchmarks.giving.measure import GB
from pipelines.settings import PROJECT_ROOT

CACHE = PROJECT_ROOT / ".cache" / "giving"


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scale", type=float, default=0.02, help="1 is the full campaign")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--peers", default="all", help=f"all, none, or of: {','.join(peers.NAMES)}")
    parser.add_argument("--peer-limit", type=float, default=1800, help="seconds per peer")
    parser.add_argument("--peer-memory", type=float, default=0, help="GB per peer; 0: 70%% of all")
    parser.add_argument("--repeat", type=int, default=1, help="alternate bare and Juandi, medians")
    parser.add_argument("--night", action="store_true", help="one more day, then a restated day")
    parser.add_argument("--night-rows", type=int, default=70_000, help="lines of that day")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where samples are kept")
    parser.add_argument("--keep", action="store_true", help="keep what the contenders made")
    return parser.parse_args(argv)


def benchmark(options: argparse.Namespace, work: Path) -> dict[str, Any]:
    """Everything, as one document. Raises BenchmarkFailed."""
    files = sample(options.cache, options.scale)
    known = facts(files)
    landing = work / "landing"
    linked(files, landing)
    warehouse = work / "juandi"
    result: dict[str, Any] = {
        "scale": options.scale, "rows": known["rows"], "gifts": known["gifts"],
        "input_gb": round(known["bytes"] / GB, 3), "machine": report.machine(),
        "versions": report.versions(),
    }  # fmt: skip
    pairs = []
    for _ in range(options.repeat):
        bare = run_bare(landing, work / "bare")
        juandi, outcome = run_juandi(landing, warehouse, fresh=True)
        pairs.append((bare, juandi, outcome))
    bare, juandi, outcome = sorted(pairs, key=lambda p: p[1].wall_s)[(len(pairs) - 1) // 2]
    bare_s = median(b.wall_s for b, _, _ in pairs)
    juandi_s = median(j.wall_s for _, j, _ in pairs)
    by_phase = phases(outcome)
    same = compare(work / "bare" / "bare.duckdb", warehouse / "juandi.duckdb")
    lines: dict[str, Any] = {
        "bare (DuckDB + Polars)": report.figures(bare, known["rows"], bare_s),
        "Juandi, cold": report.figures(juandi, known["rows"], bare_s),
    }
    marts = mart_seconds(warehouse / "juandi.duckdb")
    result |= {
        "bare_s": round(bare_s, 3), "juandi_s": round(juandi_s, 3),
        "ratio": round(median(j.wall_s / b.wall_s for b, j, _ in pairs), 2),
        "cpu_ratio": round(median(j.cpu_s / b.cpu_s for b, j, _ in pairs), 2),
        "cpu_s": {"bare": round(bare.cpu_s, 2), "juandi": round(juandi.cpu_s, 2)},
        "peak_gb": round(juandi.peak_gb, 3), "disk_gb": round(juandi.disk_gb, 3),
        "phases": by_phase,
        "gates_share": round(by_phase["gates"] / sum(by_phase.values()), 4)
        if by_phase.get("gates") else None,
        "contenders": lines, "bare_steps": json.loads(bare.stdout),
        "same": same.same, "differences": same.differences, "compared": same.tables,
        "columns_only_juandi_has": {t: c for t, c in same.only_published.items() if c},
        "mart_s": marts, "slowest_mart": next(iter(marts.items()), None), "peers": {},
    }  # fmt: skip
    if options.night:
        result |= night.nights(landing, warehouse, options.night_rows, juandi, known["rows"])
    wanted = peers.chosen(options.peers)
    if wanted:  # free the disk space of the warehouse
        shutil.rmtree(warehouse)
        linked_again = work / "files"
        linked(files, linked_again)
        limits = peers.Limits(options.peer_limit, options.peer_memory)
        bare_file = work / "bare" / "bare.duckdb"
        for name, run in peers.run_all(wanted, linked_again, bare_file, options.scale, limits):
            result["peers"][name] = round(run.wall_s, 2) if run.ok else None
            lines[name] = report.figures(run, known["rows"], bare_s) if run.ok else str(run.reason)
    return result


def main(argv: list[str] | None = None) -> int:
    """Prints the table and, with --json, writes everything. Returns 1 if a contender failed."""
    options = arguments(argv)
    options.cache.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="run-", dir=options.cache))
    try:
        result = benchmark(options, work)
    except BenchmarkFailed as failed:
        print(f"benchmark failed: {failed}", file=sys.stderr)
        return 1
    finally:
        if not options.keep:
            shutil.rmtree(work, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(report.text(result))
    for difference in result["differences"]:
        print(f"differs: {difference}", file=sys.stderr)
    return 0 if result["same"] else 1


if __name__ == "__main__":
    sys.exit(main())
