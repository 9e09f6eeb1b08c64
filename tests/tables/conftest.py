"""The declared rules as dbt compiles them, and a tiny warehouse to break under them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.stages.build.project import invoke
from tests.dbt.review_warehouse import Warehouse
from tests.quality.tiny import make_tiny, opened, settings_of


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Name of a declared rule → the SQL of the test that tries it among others."""
    warehouse = Warehouse(tmp_path_factory.mktemp("compiled"))
    warehouse.fill({}, as_of=date(2024, 8, 5))
    target = warehouse.folder / "target"
    databases = {"work_db": str(warehouse.work_db), "release_db": str(warehouse.release_db)}
    answer = invoke("compile", "--select", "test_type:generic", target=target, variables=databases)
    assert answer.success, answer.exception
    nodes = json.loads((target / "manifest.json").read_text())["nodes"].values()
    tests = [n for n in nodes if n["resource_type"] == "test" and "compiled_code" in n]
    return {
        rule: node["compiled_code"]
        for node in tests
        for rule in node["config"]["meta"].get("rules", ())
    }


@pytest.fixture(scope="session")
def tiny_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tiny warehouse, open for writing: whoever breaks it rolls back."""
    folder: Path = tmp_path_factory.mktemp("tiny") / "warehouse"
    make_tiny(folder)
    with opened(settings_of(folder)) as connection:
        yield connection
