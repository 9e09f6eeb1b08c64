"""Whole nights in a test's own warehouse: files in, published file out."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.settings import Settings
from pipelines.stages.build.build import prepare_build
from pipelines.stages.build.models import build_models
from pipelines.stages.gate.gate import GateReport, run_gates
from pipelines.stages.load.load import load_all
from pipelines.stages.publish.publish import publish
from pipelines.stages.receive.pull import pull


def night(settings: Settings) -> GateReport:
    """Every step of a refresh, as the job takes them; publishes unless the gates block."""
    pull(settings)
    load_all(settings)
    build = prepare_build(settings)
    gates = run_gates(settings, build, build_models(settings))
    if not gates.blocked:
        publish(settings, build, gates)
    return gates


def published(settings: Settings) -> duckdb.DuckDBPyConnection:
    """The published file, as an analyst opens it."""
    return duckdb.connect(str(settings.published), read_only=True)


def archived_lines(settings: Settings, source: str, sha256: str) -> list[bytes]:
    """The lines of an archived text file."""
    path: Path = settings.archive / source / sha256
    return path.read_bytes().split(b"\n")
