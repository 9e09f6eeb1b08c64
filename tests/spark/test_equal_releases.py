"""Whichever engine computes a landing: the same values in the same types, and the same verdicts.

The smallest landing is compared in each of `make test-spark`, by `test_turns` and `test_cluster`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.settings import Engine
from sample import generate
from tests.flow.test_real_bills import BILLS
from tests.flow.test_real_bills import EXPECTED as BILL_SOURCES
from tests.flow.test_red_cross import NOTICES
from tests.spark.comparing import assert_equal, released
from tests.spark.conftest import landed

pytestmark = [pytest.mark.spark, pytest.mark.timeout(1800)]


def _edges(root: Path) -> Path:
    return landed(root)


def _notices(root: Path) -> Path:
    into = root / "landing" / "donation_notices"
    into.mkdir(parents=True)
    for path in NOTICES.iterdir():
        if path.suffix in (".xlsx", ".csv"):
            shutil.copy2(path, into)
    return root / "landing"


def _bills(root: Path) -> Path:
    for path in BILLS.rglob("*"):
        if path.name in BILL_SOURCES:
            into = root / "landing" / BILL_SOURCES[path.name][0]
            into.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, into)
    return root / "landing"


def _demo(root: Path) -> Path:
    generate(root / "landing", scale=0.05, faults="some")
    return root / "landing"


def _giving_day(root: Path) -> Path:
    generate(root / "landing", campaign="99-2020", scale=0.02, faults="none")
    return root / "landing"


def _needs(folder: Path) -> pytest.MarkDecorator:
    reason = f"{folder.name} is not beside the project"
    return pytest.mark.skipif(not folder.is_dir(), reason=reason)


_LARGER = pytest.mark.larger

INPUTS = [
    pytest.param(_edges, id="edges", marks=_LARGER),
    pytest.param(_demo, id="demo", marks=_LARGER),
    pytest.param(_notices, id="red-cross", marks=[_needs(NOTICES), _LARGER]),
    pytest.param(_bills, id="bills", marks=[_needs(BILLS), _LARGER]),
    pytest.param(_giving_day, id="giving-day", marks=_LARGER),
]


@pytest.mark.parametrize("files", INPUTS)
def test_either_engine_makes_the_same_release(
    files: Callable[[Path], Path], tmp_path: Path
) -> None:
    landing = files(tmp_path)
    duck = released(Engine.duckdb, tmp_path, landing)
    spark = released(Engine.spark, tmp_path, landing)
    print(f"content hash: DuckDB {duck.content_hash}, Spark {spark.content_hash}")
    assert_equal(duck, spark)
