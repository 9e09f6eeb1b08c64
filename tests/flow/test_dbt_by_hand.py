"""What dbt itself builds is what the night builds: tables, comments, verdicts.

The night runs the statements that dbt compiled at set-up; who works on a model runs dbt. Both must
mean the same, also where a build goes on from the last release.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner

from pipelines.publishing.content import table_hashes
from pipelines.settings import DBT_PROJECT, Settings, load_settings
from pipelines.stages.build.build import prepare_build
from pipelines.stages.build.models import build_models
from pipelines.stages.load.load import load_all
from pipelines.stages.receive.pull import pull
from sample import Faults
from tests.conftest import Made
from tests.flow.conftest import night

pytestmark = [pytest.mark.flow, pytest.mark.timeout(900)]

_COMMENTS = """
select table_name, '', comment from duckdb_tables() where schema_name in ('star', 'marts')
union all
select table_name, column_name, comment from duckdb_columns() where schema_name in ('star', 'marts')
"""


def made(settings: Settings) -> tuple[dict[str, str], set[tuple[str, ...]]]:
    """The tables of star and marts, and their comments."""
    with duckdb.connect(str(settings.release_db), read_only=True) as db:
        tables = table_hashes(db, settings.release_db.stem)
        return tables, set(db.execute(_COMMENTS).fetchall())


def by_hand(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, int]]:
    """`dbt build` of the whole project: node → status, and how many rows fail a test."""
    monkeypatch.setitem(os.environ, "JUANDI_WORK_DB", str(settings.work_db))
    monkeypatch.setitem(os.environ, "JUANDI_RELEASE_DB", str(settings.release_db))
    target = str(settings.warehouse / "by-hand")
    try:
        done = dbtRunner().invoke(
            [
                "--quiet", "--log-level-file", "none", "build",
                "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT),
                "--target-path", target, "--log-path", target,
                "--exclude-resource-type", "unit_test",
            ]
        )  # fmt: skip
    finally:
        # dbt-duckdb ships no types; without this the release stays open and locked
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    assert isinstance(done.result, RunExecutionResult), done.exception
    return {r.node.unique_id: (str(r.status), r.failures or 0) for r in done.result}


def by_night(settings: Settings) -> dict[str, tuple[str, int]]:
    """The same of a night."""
    prepare_build(settings)
    report = build_models(settings)
    return {r.unique_id: (r.status, r.failures or 0) for r in report.results}


def test_dbt_by_hand_builds_what_a_night_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: Callable[[Faults], Made]
) -> None:
    settings = load_settings(tmp_path / "w", tmp_path / "l", env={})
    shutil.copytree(sample("some")[0], settings.landing)
    last = max(settings.landing.glob("tencent_donations/**/*.csv"), key=lambda path: path.name)
    held_back = last.rename(tmp_path / last.name)

    def load() -> None:
        pull(settings)
        load_all(settings)

    load()
    assert prepare_build(settings).continues is None
    verdicts = by_hand(settings, monkeypatch)
    release = made(settings)
    assert by_night(settings) == verdicts
    assert made(settings) == release
    assert len(release[0]) > 30

    # and where it goes on from that
    assert not night(settings).blocked
    held_back.rename(last)
    load()
    assert prepare_build(settings).continues is not None
    verdicts = by_hand(settings, monkeypatch)
    release = made(settings)
    assert by_night(settings) == verdicts
    assert made(settings) == release
