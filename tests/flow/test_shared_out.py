"""A release does not depend on who read its files: this process, or several workers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.settings import load_settings
from sample import Faults
from tests.flow.conftest import Released, night, published

pytestmark = pytest.mark.flow

#: What a load leaves in a release.
TABLES = ("load_audit", "quarantine", "drift", "left_out", "file_pairs", "restatements")


def of_files(file: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The content hash, and all that is told of files and lines, but when they came."""
    found: dict[str, Any] = {
        "hash": file.execute("select content_hash, rows from ops.releases").fetchall()
    }
    for table in TABLES:
        columns = file.execute(f"describe ops.{table}").fetchall()
        names = [name for name, kind, *_ in columns if not kind.startswith("TIMESTAMP")]
        found[table] = file.execute(f"select {', '.join(names)} from ops.{table} order by all")
        found[table] = found[table].fetchall()
    return found


def test_a_release_is_the_same_whoever_read_its_files(
    released: Callable[[Faults], Released], tmp_path: Path
) -> None:
    alone = released("some")
    settings = load_settings(tmp_path, alone.settings.landing, load_workers=4, env={})
    shutil.copytree(alone.settings.secrets, settings.secrets)  # the same pseudonyms
    assert not night(settings).blocked
    with published(settings) as file:
        several = of_files(file)
    assert several == of_files(alone.file)
    assert len(several["load_audit"]) > 20
    assert several["quarantine"]
