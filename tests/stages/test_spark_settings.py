"""What may be said to Spark and what may not; and what is said where it cannot run. Starts none."""

from __future__ import annotations

import shutil
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from pipelines import libraries
from pipelines.cli.doctor_engine import engine_finding
from pipelines.settings import PROJECT_ROOT, Engine, Settings, SettingsError, load_settings
from pipelines.stages.build.spark import at_hand
from pipelines.stages.build.spark.at_hand import SparkMissing, check_spark
from pipelines.stages.build.spark.conf import spark_conf
from tests.fetch.conftest import free_port

FILES = sorted((PROJECT_ROOT / "deploy" / "spark").glob("*.toml"))


def told(tmp_path: Path, toml: str = "", master: str = "local[2]") -> Settings:
    tmp_path.mkdir(exist_ok=True)
    (tmp_path / "juandi.toml").write_text(toml, encoding="utf-8")
    return load_settings(tmp_path, env={"JUANDI_SPARK_MASTER": master, "JUANDI_ENGINE": "spark"})


def test_names_are_sparks_own(tmp_path: Path) -> None:
    toml = '[spark]\nexecutor.memory = "24g"\nsql.shuffle.partitions = 2000\n"a.b" = true\n'
    conf = spark_conf(told(tmp_path, toml))
    assert conf["spark.executor.memory"] == "24g"
    assert conf["spark.sql.shuffle.partitions"] == "2000"
    assert conf["spark.a.b"] == "true"
    assert conf["spark.master"] == "local[2]"


@pytest.mark.parametrize(
    "line",
    ['sql.timestampType = "TIMESTAMP_LTZ"', "sql.ansi.enabled = false", 'master = "yarn"',
     'sql.session.timeZone = "UTC"', 'sql.warehouse.dir = "/tmp/elsewhere"',
     "sql.files.ignoreMissingFiles = true", "sql.files.ignoreCorruptFiles = true",
     "sql.caseSensitive = true", 'sql.extensions = "a.B"', 'sql.legacy.any = "x"',
     "sql.sources.parallelPartitionDiscovery.threshold = 32"],
)  # fmt: skip # a list
def test_what_values_depend_on_is_not_to_be_set(tmp_path: Path, line: str) -> None:
    with pytest.raises(SettingsError, match="a release would differ"):
        spark_conf(told(tmp_path, f"[spark]\n{line}\n"))


@pytest.mark.parametrize("line", ["executor.memory = [1]", "x = 2020-01-01"])
def test_one_value_is_expected(tmp_path: Path, line: str) -> None:
    with pytest.raises(SettingsError, match="one value is expected"):
        spark_conf(told(tmp_path, f"[spark]\n{line}\n"))


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_the_files_of_deploy_are_taken_as_they_are(tmp_path: Path, file: Path) -> None:
    conf = spark_conf(told(tmp_path, file.read_text("utf-8"), "spark://elsewhere:7077"))
    assert conf["spark.executor.memory"] == "24g"
    assert conf["spark.driver.host"] != "127.0.0.1"


def test_on_loopback_nobody_else_is_listened_to(tmp_path: Path) -> None:
    for master in ("local[*]", "spark://127.0.0.1:7077", "spark://localhost:7077,127.0.0.1:7078"):
        assert spark_conf(told(tmp_path, master=master))["spark.driver.bindAddress"] == "127.0.0.1"
    for master in ("yarn", "k8s://https://here", "spark://127.0.0.1:7077,elsewhere:7077"):
        assert "spark.driver.bindAddress" not in spark_conf(told(tmp_path, master=master))


def test_an_engine_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="duckdb or spark"):
        load_settings(tmp_path, env={"JUANDI_ENGINE": "flink"})


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries and Java as if they were there, whether they are or not."""
    monkeypatch.setattr(libraries, "version", lambda name: "4.3.0")
    monkeypatch.setattr(at_hand, "java_version", lambda: 17)


def test_without_the_extra_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(libraries, "version", none)
    with pytest.raises(SparkMissing, match="make spark"):
        check_spark(told(tmp_path))


@pytest.mark.parametrize(
    ("java", "word"),
    [
        ("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n", "is Java 11: Spark needs 17"),
        ("#!/bin/sh\nexit 1\n", "does not tell its version"),
        (None, "no Java at JAVA_HOME="),
    ],
)
def test_java_that_is_not_there_or_too_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, java: str | None, word: str
) -> None:
    (tmp_path / "bin").mkdir()
    if java:
        (tmp_path / "bin" / "java").write_text(java)
        (tmp_path / "bin" / "java").chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(SparkMissing, match=word):
        at_hand.java_version()


@pytest.mark.skipif(shutil.which("java") is None, reason="no Java here")
def test_java_that_is_there() -> None:
    """One that Spark can use, or a sentence that says which it needs."""
    try:
        found: int | str = at_hand.java_version()
    except SparkMissing as missing:
        found = str(missing)
    if isinstance(found, int):
        assert at_hand.LEAST_JAVA <= found <= at_hand.MOST_JAVA
    else:
        assert f"Spark needs {at_hand.LEAST_JAVA}" in found


@pytest.mark.usefixtures("there")
def test_a_master_that_does_not_answer(tmp_path: Path) -> None:
    with pytest.raises(SparkMissing, match="does not answer"):
        check_spark(told(tmp_path, master=f"spark://127.0.0.1:{free_port()}"))


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("master", ["mesos://here", "spark://here", "spark://"])
def test_a_master_that_is_none(tmp_path: Path, master: str) -> None:
    with pytest.raises(SparkMissing, match="JUANDI_SPARK_MASTER"):
        check_spark(told(tmp_path, master=master))


@pytest.mark.usefixtures("there")
def test_doctor_says_which_engine_is_quicker(tmp_path: Path) -> None:
    small = engine_finding(told(tmp_path))
    assert (small.state, "slower than one machine" in small.advice) == ("warning", True)
    duck = engine_finding(load_settings(tmp_path, env={}))
    assert (duck.state, duck.advice) == ("ok", "")
    away = engine_finding(told(tmp_path, master=f"spark://127.0.0.1:{free_port()}"))
    assert (away.state, "does not answer" in away.advice) == ("problem", True)


def test_the_engine_is_one_setting(tmp_path: Path) -> None:
    """The flag goes before the variable, which Dagster's night reads too."""
    assert load_settings(tmp_path, env={}).engine is Engine.duckdb
    assert load_settings(tmp_path, env={"JUANDI_ENGINE": "spark"}).engine is Engine.spark
    said = load_settings(tmp_path, env={"JUANDI_ENGINE": "spark"}, engine=Engine.duckdb)
    assert said.engine is Engine.duckdb
