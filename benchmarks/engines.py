"""One lake, one release, by each engine: seconds of models, tests and gates, and the content hash.

    python -m benchmarks.engines --scale 0.02 --json engines.json

DuckDB, Spark in this process, and a master with two workers of one core each on the loopback. The
lake is read once; each engine builds from nothing. CPU seconds are those of all processes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from pipelines.settings import Engine, Settings, load_settings
from pipelines.stages.build.build import prepare_build
from pipelines.stages.build.models import build_models
from pipelines.stages.gate.gate import run_gates
from pipelines.stages.load.load import load_all
from pipelines.stages.receive.pull import pull
from sample import generate
from tests.spark.cluster import cluster

_EXECUTORS = '[spark]\nexecutor.memory = "700m"\nexecutor.cores = 1\nsql.shuffle.partitions = 8\n'


_Cpu: TypeAlias = Callable[[], float]


@dataclass
class Measured:
    """One engine over the lake: wall and CPU seconds."""

    engine: str
    lines: int
    models_and_tests: float
    gates: float
    cpu: float
    content_hash: str | None
    nodes: dict[str, int]
    blocked: bool


def _cpu() -> float:
    own, others = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def measure(settings: Settings, name: str, lines: int, cpu: _Cpu) -> Measured:
    """Builds and weighs; publishes nothing."""
    began = cpu()
    shutil.rmtree(settings.build / "base", ignore_errors=True)
    build = prepare_build(settings)
    start = time.monotonic()
    report = build_models(settings)
    made = time.monotonic()
    gates = run_gates(settings, build, report)
    weighed = time.monotonic()
    statuses = [node.status for node in report.results]
    counted = {status: statuses.count(status) for status in sorted(set(statuses))}
    return Measured(
        name, lines, made - start, weighed - made, cpu() - began, gates.content_hash, counted,
        gates.blocked,
    )  # fmt: skip # a record


def _engines(settings: Settings, home: Path) -> Iterator[tuple[str, Settings, _Cpu]]:
    """Each with what tells of its CPU seconds."""
    yield "DuckDB", replace(settings, engine=Engine.duckdb), _cpu
    spark = replace(settings, engine=Engine.spark)
    yield "Spark local[2]", replace(spark, spark_master="local[2]"), _cpu
    with cluster(home) as servers:
        two = replace(spark, spark_master=servers.master)
        yield "Spark, two workers", two, lambda: _cpu() + servers.cpu()


def run(scale: float, home: Path) -> list[Measured]:
    """A Giving Day of this scale, loaded once, then built by each engine."""
    generate(home / "landing", campaign="99-2020", scale=scale, faults="none")
    warehouse = home / "warehouse"
    warehouse.mkdir()
    (warehouse / "juandi.toml").write_text(_EXECUTORS, encoding="utf-8")
    settings = load_settings(warehouse, home / "landing", env={})
    pull(settings)
    lines = sum(loaded.outcome.rows_loaded for loaded in load_all(settings))
    found = []
    for name, told, cpu in _engines(settings, home / "servers"):
        found.append(measure(told, name, lines, cpu))
        print(json.dumps(asdict(found[-1])), flush=True)
    return found


def main() -> None:
    """Prints a line an engine."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", type=float, default=0.02)
    asked.add_argument("--json", type=Path)
    arguments = asked.parse_args()
    with TemporaryDirectory(prefix="engines-") as home:
        found = run(arguments.scale, Path(home))
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(m) for m in found], indent=2) + os.linesep)
    hashes = {m.content_hash for m in found}
    print("equal" if len(hashes) == 1 else f"differ: {sorted(map(str, hashes))}")


if __name__ == "__main__":
    main()
