"""A night makes what the models declare, and who runs `dbt build` by hand gets the same.

From nothing and where a build goes on from the last release.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.publishing.content import table_hashes
from pipelines.settings import DBT_PROJECT, Settings, load_settings
from pipelines.stages.build.build import prepare_build
from pipelines.stages.build.models import DbtReport, build_models
from pipelines.stages.gate.gate import run_gates
from pipelines.stages.load.load import load_all
from pipelines.stages.publish.publish import publish
from pipelines.stages.receive.pull import pull
from sample import generate

pytestmark = [pytest.mark.flow, pytest.mark.timeout(900)]

_COMMENTS = """
select table_name, '', comment from duckdb_tables() where schema_name in ('star', 'marts')
union all
select table_name, column_name, comment from duckdb_columns() where schema_name in ('star', 'marts')
"""
_TYPES = """
select table_name, column_name, data_type from duckdb_columns()
where schema_name in ('star', 'marts')
"""


def made(settings: Settings) -> tuple[dict[str, str], set[tuple[str, ...]]]:
    """The tables of star and marts, and their comments."""
    with duckdb.connect(str(settings.release_db), read_only=True) as db:
        tables = table_hashes(db, settings.release_db.stem)
        return tables, set(db.execute(_COMMENTS).fetchall())


def by_hand(settings: Settings) -> dict[str, tuple[str, int]]:
    """`dbt build` of the whole project: node → status, and how many rows fail a test."""
    target = settings.warehouse / "by-hand"
    places = {"--project-dir": DBT_PROJECT, "--profiles-dir": DBT_PROJECT,
              "--target-path": target, "--log-path": target}  # fmt: skip
    subprocess.run(
        [
            Path(sys.executable).with_name("dbt"), "--quiet", "build",
            "--exclude-resource-type", "unit_test",
            *(str(word) for place in places.items() for word in place),
        ],
        env={**os.environ, "JUANDI_WORK_DB": str(settings.work_db),
             "JUANDI_RELEASE_DB": str(settings.release_db),
             "JUANDI_LAST_DB": str(settings.last_db)},
        check=True, capture_output=True,
    )  # fmt: skip
    results = json.loads((target / "run_results.json").read_text())["results"]
    return {r["unique_id"]: (r["status"], r["failures"] or 0) for r in results}


def verdicts(report: DbtReport) -> dict[str, tuple[str, int]]:
    """The same of a night."""
    return {r.unique_id: (r.status, r.failures or 0) for r in report.results}


def published(report: DbtReport) -> list[Mapping[str, Any]]:
    """The models that lie in a release, as dbt describes them."""
    nodes = json.loads(report.manifest.read_text())["nodes"].values()
    return [node for node in nodes if node.get("database") == "juandi"]


def is_as_declared(settings: Settings, report: DbtReport) -> None:
    """Tables, columns, types, comments and how columns are kept: as the yml says."""
    models = published(report)
    with duckdb.connect(str(settings.release_db), read_only=True) as db:
        comments, types = set(db.execute(_COMMENTS).fetchall()), db.execute(_TYPES).fetchall()
        declared, casts = set(), []
        for model in models:
            declared.add((model["name"], "", model["description"]))
            for column in model["columns"].values():
                declared.add((model["name"], column["name"], column["description"]))
                casts.append((model["name"], column["name"], column["data_type"]))
        assert comments == declared
        spelt = db.execute(
            "select " + ", ".join(f"typeof(null::{kind})" for _, _, kind in casts)
        ).fetchone()
        assert set(types) == {(*c[:2], k) for c, k in zip(casts, spelt or (), strict=True)}
        asked = [
            (model["name"], column["name"], column["config"]["meta"]["compression"].upper())
            for model in models
            for column in model["columns"].values()
            if "compression" in column["config"]["meta"]
        ]
        assert len(asked) >= 3
        for table, column, how in asked:
            kept = db.execute(
                f"select distinct compression from pragma_storage_info('star.{table}')"
                f" where column_name = '{column}' and segment_type = 'VARCHAR'"
            ).fetchall()
            assert kept == [(how,)], f"{table}.{column}"


def test_a_night_makes_what_is_declared_and_so_does_dbt_by_hand(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "w", tmp_path / "l", env={})
    generate(settings.landing, scale=0.01, faults="some")
    last = max(settings.landing.glob("tencent_donations/**/*.csv"), key=lambda path: path.name)
    held_back = last.rename(tmp_path / last.name)

    def load() -> None:
        pull(settings)
        load_all(settings)

    load()
    assert prepare_build(settings).continues is None
    of_hand, release = by_hand(settings), made(settings)
    build = prepare_build(settings)
    report = build_models(settings)
    assert verdicts(report) == of_hand
    assert made(settings) == release
    assert len(release[0]) > 30
    is_as_declared(settings, report)

    # and where it goes on from that
    gates = run_gates(settings, build, report)
    assert not gates.blocked
    publish(settings, build, gates)
    held_back.rename(last)
    load()
    assert prepare_build(settings).continues is not None
    of_hand, release = by_hand(settings), made(settings)
    prepare_build(settings)
    report = build_models(settings)
    assert verdicts(report) == of_hand
    assert made(settings) == release
    is_as_declared(settings, report)
