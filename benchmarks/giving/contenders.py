"""Running the bare limit and Juandi, each in its own process over the same files.

What they cost belongs to `measure`, what they made to `compare`.
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

#: Of synthetic donors only; both sides need the same one to be held against each other.
KEY = "giving-day-benchmark-pseudonym-key"


class BenchmarkFailed(RuntimeError):  # noqa: N818 - an outcome, not a programming error
    """A contender did not do the job, or did another one; the message says which."""


def environment() -> dict[str, str]:
    """This process's, without the settings of any warehouse of its user."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUANDI_", "DAGSTER_"))}
    return kept | {"JUANDI_PSEUDONYM_KEY": KEY, "DO_NOT_TRACK": "1"}


def run_bare(landing: Path, folder: Path) -> Measured:
    """The bare limit into `folder`/bare.duckdb, afresh. Raises BenchmarkFailed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "benchmarks.giving.bare", str(landing),
               str(folder / "bare.duckdb")]  # fmt: skip
    run = measure(command, folder, environment(), cwd=PROJECT_ROOT)
    if not run.ok:
        raise BenchmarkFailed(f"the bare limit {run.reason}")
    return run


def run_juandi(landing: Path, warehouse: Path, *, fresh: bool) -> tuple[Measured, dict[str, Any]]:
    """A refresh and its own JSON; `fresh`: of a new warehouse. Raises BenchmarkFailed."""
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
    told: dict[str, Any] = json.loads(run.stdout)
    if told["status"] != "published":
        raise BenchmarkFailed(f"juandi refresh: {told['status']}, not published")
    return run, told


def phases(told: Mapping[str, Any]) -> dict[str, float]:
    """Seconds by phase, as the refresh tells them; empty where it does not."""
    return {name: round(float(s), 2) for name, s in (told.get("phases") or {}).items()}
