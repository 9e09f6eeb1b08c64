"""The measurements as text and as JSON. Nothing is measured here."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from benchmarks.giving.measure import GB, Measured

LIBRARIES = ("polars", "duckdb", "dagster", "dbt-core", "dbt-duckdb", "great-expectations",
             "polars-hash", "pyarrow", "numpy")  # fmt: skip


def machine() -> dict[str, Any]:
    """Processor, cores, memory, system."""
    model = platform.processor()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        models = [x for x in cpuinfo.read_text().splitlines() if x.startswith("model name")]
        model = models[0].partition(":")[2].strip() if models else model
    return {
        "cpu": model,
        "cores": psutil.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / GB, 1),
        "system": f"{platform.system()} {platform.release()}",
        "load_before": round(psutil.getloadavg()[0], 2),
    }


def versions() -> dict[str, str]:
    """Versions of Python and the libraries that do the work."""
    return {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES}


def figures(run: Measured, rows: int, bare_s: float) -> dict[str, Any]:
    """The figures of a contender."""
    return {
        "wall_s": round(run.wall_s, 2),
        "cpu_s": round(run.cpu_s, 2),
        "peak_gb": round(run.peak_gb, 3),
        "memory": run.memory,
        "disk_gb": round(run.disk_gb, 3),
        "disk_peak_gb": round(run.disk_peak_gb, 3),
        "written_gb": round(run.written_gb, 3),
        "rows_per_s": round(rows / run.wall_s) if run.wall_s else None,
        "ratio": round(run.wall_s / bare_s, 2) if bare_s else None,
    }


def table(lines: Mapping[str, Mapping[str, Any] | str]) -> str:
    """Contenders as a Markdown table; a text in place of figures says why there are none."""
    shown = ("wall_s", "cpu_s", "peak_gb", "disk_gb", "disk_peak_gb", "rows_per_s", "ratio")
    rows = ["| contender | " + " | ".join(shown) + " |", "|---" * (len(shown) + 1) + "|"]
    for name, line in lines.items():
        if isinstance(line, str):
            rows.append(f"| {name} | {line} |" + " |" * (len(shown) - 1))
        else:
            rows.append(f"| {name} | " + " | ".join(str(line[k]) for k in shown) + " |")
    return "\n".join(rows)


def text(result: Mapping[str, Any]) -> str:
    """The whole result as text for people."""
    slowest = result["slowest_mart"]
    lines = [
        f"Giving Day 99-2020 at scale {result['scale']:g}: {result['rows']:,} lines,"
        f" {result['gifts']:,} gifts, {result['input_gb']} GB",
        f"{result['machine']['cpu']}, {result['machine']['cores']} cores,"
        f" {result['machine']['memory_gb']} GB; load before {result['machine']['load_before']}",
        ", ".join(f"{name} {number}" for name, number in result["versions"].items()),
        "",
        table(result["contenders"]),
        "",
        f"Memory is the sum of {result['contenders']['Juandi, cold']['memory']} over the process"
        f" tree. Ratio in wall time {result['ratio']}, in CPU time {result['cpu_ratio']}.",
    ]
    if result["phases"]:
        lines.append("Phases: " + ", ".join(f"{k} {v} s" for k, v in result["phases"].items()))
    if result["same"]:
        lines.append(f"Same star and marts: {len(result['compared'])} tables hold the same values.")
    if slowest:
        lines.append(f"Slowest mart to fetch whole: {slowest[0]}, {slowest[1]} s.")
    lines += [
        f"{name}: " + ", ".join(f"{k} {v}" for k, v in result[name].items())
        for name in ("night", "restated")
        if name in result
    ]
    return "\n".join(lines)
