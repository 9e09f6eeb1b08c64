"""Runs the bare limit and Juandi, each in its own process over the same files.

`measure` measures their cost, `compare` compares their results.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.giving.landing import JUANDI
from benchmarks.giving.measure import Measured, measure
from pipelines.settings import PROJECT_ROOT

#: For synthetic donors only; both sides need the same key to be comparable.
KEY = "giving-day-benchmark-pseudonym-key"


class BenchmarkFailed(RuntimeError):  # noqa: N818 - an outcome, not a programming error
    """A contender failed, or gave another result; the message says which."""


def environment() -> dict[str, str]:
    """This process's environment without settings of the user's own warehouse."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUANDI_", "DAGSTER_"))}
    return kept | {"JUANDI_PSEUDONYM_KEY": KEY, "DO_NOT_TRACK": "1"}


def run_bare(landing: Path, folder: Path) -> Measured:
    """Runs the bare limit into a new `folder`/bare.duckdb. Raises BenchmarkFailed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "benchmarks.giving.bare", str(landing),
               str(folder / "bare.duckdb")]  # fmt: skip
    run = measure(command, folder, environment(), cwd=PROJECT_ROOT)
    if not run.ok:
        raise BenchmarkFailed(f"the bare limit {run.reason}")
    return run


def run_juandi(landing: Path, warehouse: Path, *, fresh: bool) -> tuple[Measured, dict[str, Any]]:
    """Runs a refresh; returns also its JSON. `fresh`: a new warehouse. Raises BenchmarkFailed."""
    if fresh:
        shutil.rmtree(warehouse, ignore_errors=True)
    command = [
        JUANDI,
        "refresh",
        "--landing",
        str(landing),
        "--warehouse",
        str(warehouse),
        "--json",
    ]
    run = measure(command, warehouse, environment(), cwd=PROJECT_ROOT)
    if not run.ok:
        raise BenchmarkFailed(f"juandi refresh {run.reason} {run.stdout[-2000:]}".rstrip())
    outcome: dict[str, Any] = json.loads(run.stdout)
    if outcome["status"] != "published":
        raise BenchmarkFailed(f"juandi refresh: {outcome['status']}, not published")
    return run, outcome


def phases(outcome: Mapping[str, Any]) -> dict[str, float]:
    """Seconds by phase, as the refresh reports them; empty if it does not."""
    return {name: round(float(s), 2) for name, s in (outcome.get("phases") or {}).items()}
