"""Fixtures of the reference tests: the shipped tables, and the real data they are compared with.

The real data is no part of the project; where `../shared/data` is absent, a test that needs it
skips and says so.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.settings import DBT_PROJECT, PROJECT_ROOT

SEEDS = DBT_PROJECT / "seeds"
REAL_DATA = PROJECT_ROOT.parent / "shared" / "data"

Rows = list[dict[str, str]]


def read_csv(path: Path) -> Rows:
    """The rows of a CSV file, a byte-order mark aside."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def seed() -> Callable[[str], Rows]:
    """Reads a shipped table by name."""
    return lambda name: read_csv(SEEDS / f"{name}.csv")


def _real(folder: str) -> Path:
    path = REAL_DATA / folder
    if not path.is_dir():
        pytest.skip(f"needs the real data in ../shared/data/{folder}, which is not here")
    return path


@pytest.fixture(scope="session")
def divisions() -> Path:
    """`cn-divisions`: the ministry's yearly lists and the lives of codes."""
    return _real("cn-divisions")


@pytest.fixture(scope="session")
def programs() -> Path:
    """`cn-rural-programs`: the county lists."""
    return _real("cn-rural-programs")
