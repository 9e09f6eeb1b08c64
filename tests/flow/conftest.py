"""Whole nights in a test's own warehouse: files in, published file out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Settings, load_settings
from pipelines.stages.build.build import prepare_build
from pipelines.stages.build.models import build_models
from pipelines.stages.gate.gate import GateReport, run_gates
from pipelines.stages.load.load import load_all
from pipelines.stages.publish.publish import publish
from pipelines.stages.receive.pull import pull
from sample import Faults, Manifest, generate
from tests.conftest import Made
from tests.flow.figures import FILES
from tests.once import Once


def night(settings: Settings, only: Collection[str] | None = None) -> GateReport:
    """Every step of a refresh, as the job takes them; publishes unless the gates block.

    `only`: the nodes of dbt to run, as for `build_models`.
    """
    pull(settings)
    load_all(settings)
    build = prepare_build(settings)
    gates = run_gates(settings, build, build_models(settings, only=only))
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


@dataclass(frozen=True)
class Released:
    """A release of the small sample, and what that holds. Nobody writes into its warehouse."""

    settings: Settings
    manifest: Manifest
    file: duckdb.DuckDBPyConnection


@pytest.fixture(scope="session")
def released(once: Once, sample: Callable[[Faults], Made]) -> Callable[[Faults], Released]:
    """The release of the small sample at a level of faults."""

    def get(faults: Faults) -> Released:
        landing, manifest = sample(faults)

        def make(warehouse: Path) -> None:
            gates = night(load_settings(warehouse, landing, env={}))
            assert not gates.blocked, [(r.rule_id, r.status, r.observed) for r in gates.blocking]

        settings = load_settings(once(f"released-{faults}", make), landing, env={})
        return Released(settings, manifest, published(settings))

    return get


@pytest.fixture(scope="session")
def figures(once: Once) -> Settings:
    """The release of the small landing of `figures`. Nobody writes into its warehouse."""

    def make(warehouse: Path) -> None:
        settings = load_settings(warehouse, env={})
        for name, lines in FILES.items():
            path: Path = settings.landing / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        gates = night(settings)
        assert not gates.blocked, [r for r in gates.results if r.status in ("fail", "error")]

    return load_settings(once("figures", make), env={})


@pytest.fixture(scope="session")
def giving_day(once: Once) -> Path:
    """The files of a Giving Day of 56,000 gifts, a few of them faulty. Nobody writes into it."""
    return once(
        "giving-day",
        lambda folder: generate(folder, campaign="99-2020", scale=0.001, faults="some"),
    )
