"""A session of Spark for tests of macros, with the settings that equal values rest on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from pipelines.settings import DBT_PROJECT
from pipelines.stages.build.spark.at_hand import SparkMissing, java_version


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session of this process, set as dbt's target `spark` sets it; ended with the module."""
    sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed: `make spark`")
    try:
        java_version()
    except SparkMissing as missing:
        pytest.skip(str(missing))
    profile = yaml.safe_load((DBT_PROJECT / "profiles.yml").read_text(encoding="utf-8"))
    folder = tmp_path_factory.mktemp("spark")
    settings = {
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder),
        "spark.sql.shuffle.partitions": "1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        **profile["juandi"]["outputs"]["spark"]["server_side_parameters"],
    }
    session = sql.SparkSession.builder.master("local[1]").config(map=settings).getOrCreate()
    yield session
    session.stop()
