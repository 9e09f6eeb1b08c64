"""The tiny warehouse, made once; every test that breaks it gets its own copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from pipelines.quality import GateResult, Suite
from pipelines.quality.connection import Helper, open_gate_database
from pipelines.quality.runner import all_helpers, run_suites
from pipelines.quality.suites import load_suites
from pipelines.settings import Settings
from pipelines.stages.build.build import Build
from pipelines.stages.gate.lake_totals import lake_helpers
from tests.quality.tiny import make_tiny, opened, settings_of

Check = Callable[[Settings, Sequence[Suite]], list[GateResult]]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Build]:
    """The folder of the intact tiny warehouse, never to be changed, and its build."""
    folder = tmp_path_factory.mktemp("tiny") / "warehouse"
    return folder, make_tiny(folder)


@pytest.fixture
def copy(tiny: tuple[Path, Build], tmp_path: Path) -> Settings:
    """Settings of a copy of the tiny warehouse."""
    shutil.copytree(tiny[0], tmp_path / "warehouse")
    return settings_of(tmp_path / "warehouse")


@pytest.fixture
def broken(copy: Settings) -> Callable[[str], Settings]:
    """Breaks the copy with SQL and gives its settings."""

    def apply(sql: str) -> Settings:
        with opened(copy) as connection:
            connection.execute(sql)
        return copy

    return apply


@cache
def _helpers() -> Mapping[str, Helper]:
    """Of all suites: reading them anew for every rule takes as long as some of the rules."""
    return {**all_helpers(load_suites()), **lake_helpers()}


def check(settings: Settings, suites: Sequence[Suite]) -> list[GateResult]:
    """The verdicts of `suites` on a warehouse, without writing them."""
    previous = settings.published if settings.published.is_file() else None
    with open_gate_database(
        settings.work_db, settings.release_db, previous, _helpers()
    ) as database:
        return run_suites(database, suites)
