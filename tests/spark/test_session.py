"""A session opens quietly, ends without a trace, and says what is wrong where it cannot."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from pipelines.settings import Engine, Settings
from pipelines.stages.build.spark import session as sessions
from pipelines.stages.build.spark.session import SparkFailed, has_ended, spark_session
from tests.spark.cluster import cluster
from tests.spark.conftest import warehouse_of

pytestmark = [pytest.mark.spark, pytest.mark.timeout(600)]


def _java() -> list[psutil.Process]:
    return [p for p in psutil.Process().children(recursive=True) if "java" in p.name()]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A warehouse under a name that SQL and addresses trip over; an empty folder to be in."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return warehouse_of(Engine.spark, tmp_path / "仓 库's", tmp_path / "landing")


def test_it_ends_without_a_trace(
    settings: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Twice in one process: the second has a Java process of its own."""
    for _ in range(2):
        with spark_session(settings) as session:
            session.sql("create database d")
            session.sql("create table d.t using parquet as select 1 as x")
            assert session.table("d.t").collect()[0].x == 1
            assert len(_java()) == 1
            with spark_session(settings) as same:
                assert same is session
        assert _java() == []
    assert list((settings.spark / "warehouse" / "d.db" / "t").glob("*.parquet"))
    assert list((tmp_path / "here").iterdir()) == []
    assert capfd.readouterr() == ("", "")


def test_another_sparks_defaults_are_not_taken(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine may have one of its own, with settings under which names or values differ."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "spark-defaults.conf").write_text("spark.sql.caseSensitive true\n")
    theirs = {
        "SPARK_HOME": str(tmp_path / "other"),
        "SPARK_CONF_DIR": str(tmp_path / "other"),
        "PYSPARK_SUBMIT_ARGS": "--conf spark.sql.caseSensitive=true pyspark-shell",
    }
    for name, value in theirs.items():
        monkeypatch.setenv(name, value)
    with spark_session(settings) as session:
        assert session.conf.get("spark.sql.caseSensitive") == "false"
    assert {name: os.environ[name] for name in theirs} == theirs


def test_a_java_that_dies_is_noticed(settings: Settings) -> None:
    """And the session ends as any other."""
    with spark_session(settings) as session:
        assert not has_ended(session)
        (java,) = _java()
        java.kill()
        java.wait(30)
        assert has_ended(session)
    assert _java() == []


def test_more_memory_than_a_worker_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spark itself would wait for ever."""
    monkeypatch.setattr(sessions, "PATIENCE", 10)
    with cluster(tmp_path / "servers", workers=1) as servers:
        asked = warehouse_of(Engine.spark, tmp_path, tmp_path / "landing", servers.master)
        asked.config.write_text('[spark]\nexecutor.memory = "50g"\n', encoding="utf-8")
        with (
            pytest.raises(SparkFailed, match=r"gave no executor within 10 s.*50g"),
            spark_session(asked),
        ):
            pass
    assert _java() == []
