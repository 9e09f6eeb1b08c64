"""Landings that both engines compute; where what is needed is missing, a skip that says what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from pipelines.settings import Engine, Settings, load_settings
from pipelines.stages.build.spark.at_hand import SparkMissing, check_spark
from tests.spark.edges import FILES

#: Java compiles less: these nights are short, and cores few. Values do not depend on any of it.
SPARK = """\
[spark]
driver.memory = "1200m"
driver.extraJavaOptions = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
executor.memory = "600m"
executor.cores = 1
executor.extraJavaOptions = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
sql.shuffle.partitions = 2
"""
KEY = "engines of one release"


@pytest.fixture(scope="session", autouse=True)
def spark_at_hand() -> None:
    """Skips where Spark or Java is missing, and says which."""
    try:
        check_spark(load_settings(env={"JUANDI_SPARK_MASTER": "local[2]"}))
    except SparkMissing as missing:
        pytest.skip(str(missing))


def landed(root: Path, files: Mapping[str, Sequence[str]] = FILES) -> Path:
    """A landing of these lines."""
    landing = root / "landing"
    for name, lines in files.items():
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return landing


def warehouse_of(
    engine: Engine, root: Path, landing: Path, master: str = "local[2]", name: str | None = None
) -> Settings:
    """A warehouse of its own; the same pseudonyms in all of them."""
    warehouse = root / (name or engine)
    warehouse.mkdir(parents=True, exist_ok=True)
    (warehouse / "juandi.toml").write_text(SPARK, encoding="utf-8")
    env = {"JUANDI_SPARK_MASTER": master, "JUANDI_PSEUDONYM_KEY": KEY}
    return load_settings(warehouse, landing, env=env, engine=engine)
