"""Engines take turns over one warehouse, and each night is what a night from nothing would be."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Engine
from tests.spark.comparing import Told, assert_equal, released
from tests.spark.conftest import landed
from tests.spark.edges import FILES

pytestmark = [pytest.mark.spark, pytest.mark.timeout(1800)]

#: Files that come on the second and on the third day.
_SECOND, _THIRD = "tencent_donations/d_20240805.csv", "tencent_donations/d_20240806.csv"


def _alone(release: Told) -> Told:
    verdicts = [v for v in release.verdicts if not v[0].startswith("release.")]
    assert verdicts
    return replace(release, verdicts=verdicts)


def test_a_night_of_either_engine_follows_one_of_the_other(tmp_path: Path) -> None:
    """DuckDB, then Spark, then DuckDB again, which goes on from what Spark had made."""
    landing = landed(tmp_path, {n: f for n, f in FILES.items() if n not in (_SECOND, _THIRD)})
    released(Engine.duckdb, tmp_path, landing, "one")

    landed(tmp_path, {_SECOND: FILES[_SECOND]})
    spark = released(Engine.spark, tmp_path, landing, "one")
    duck = released(Engine.duckdb, tmp_path, landing, "from nothing")
    print(f"content hash: DuckDB {duck.content_hash}, Spark {spark.content_hash}")
    # rules that hold a release against the one before have nothing to hold the first against
    assert_equal(_alone(duck), _alone(spark))

    landed(tmp_path, {_THIRD: FILES[_THIRD]})
    went_on = released(Engine.duckdb, tmp_path, landing, "one")
    with duckdb.connect(str(tmp_path / "one" / "build" / "work.duckdb"), read_only=True) as db:
        assert db.execute("select is_continued from base.release").fetchall() == [(True,)]
    shutil.rmtree(tmp_path / "from nothing")
    anew = released(Engine.duckdb, tmp_path, landing, "from nothing")
    # what a night that goes on has less to check is told by its verdicts, and by nothing else
    assert_equal(replace(anew, verdicts=[]), replace(went_on, verdicts=[]))
