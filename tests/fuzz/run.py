"""`python -m tests.fuzz.run MUTANTS [--seed N] [--source S]`: mutants of every source."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.fuzz.harness import Finding, Warehouse, try_seed
from tests.fuzz.layouts import LAYOUTS


def findings(source: str, first: int, count: int) -> list[Finding]:
    """What the mutants of these seeds show."""
    with tempfile.TemporaryDirectory(prefix="juandi-fuzz-") as folder:
        warehouse = Warehouse(Path(folder))
        return [
            f for seed in range(first, first + count) if (f := try_seed(warehouse, source, seed))
        ]


def main() -> int:
    """Tries so many mutants of all sources together; 1 if any came out wrong."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("mutants", type=int)
    words.add_argument("--seed", type=int, default=0, help="the first seed")
    words.add_argument("--source", choices=LAYOUTS, action="append")
    told = words.parse_args()
    sources = told.source or list(LAYOUTS)
    each = -(-told.mutants // len(sources))
    begun = time.monotonic()
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # files are small, and every core has its own
    chunks = [(s, told.seed + at, min(50, each - at)) for at in range(0, each, 50) for s in sources]
    found: Counter[str] = Counter()
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        for some in pool.map(findings, *zip(*chunks, strict=True)):
            found.update(f.kind for f in some)
            for finding in some:
                print(finding, flush=True)
    spent = time.monotonic() - begun
    print(f"{each * len(sources):,} mutants in {spent:.0f} s, {found.total()} wrong")
    for kind, times in found.most_common():
        print(f"{times:6} {kind}")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
