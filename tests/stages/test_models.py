"""dbt in the night's process: what fails is said, and hurts only what reads it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.settings import DBT_PROJECT, Settings
from pipelines.stages.build import project as dbt_project
from pipelines.stages.build.models import DbtReport, build_models
from pipelines.stages.build.nodes import ModelsFailed, NodeResult
from pipelines.stages.build.project import ProjectError

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of an empty warehouse with a build that goes on from nothing."""
    settings = Settings(warehouse=tmp_path / "warehouse", landing=tmp_path)
    settings.build.mkdir(parents=True)
    say_base(settings, gifts=False)
    return settings


def say_base(settings: Settings, *, gifts: bool) -> None:
    with duckdb.connect(str(settings.work_db)) as db:
        db.execute("create schema if not exists base")
        db.execute("create or replace table base.release as select ? as is_continued", [gifts])


def write_project(folder: Path, files: Mapping[str, str]) -> Path:
    """A project with this one's profile, configuration and macros, and models of its own."""
    for name in ("dbt_project.yml", "profiles.yml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(DBT_PROJECT / name, folder / name)
    shutil.copytree(DBT_PROJECT / "macros", folder / "macros", dirs_exist_ok=True)
    (folder / "models" / "star").mkdir(parents=True, exist_ok=True)
    room = DBT_PROJECT / "models" / "intermediate" / "going_on"
    shutil.copyfile(room / "base.yml", folder / "models" / "base.yml")
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def contract(name: str, columns: Mapping[str, str], **meta: str) -> str:
    """The yml of a table of the star; `meta.compression` of the columns that `meta` names."""
    told: list[dict[str, Any]] = [
        {"name": column, "data_type": kind, "description": f"说 {column}"}
        | ({"config": {"meta": {"compression": meta[column]}}} if column in meta else {})
        for column, kind in columns.items()
    ]
    model = {"name": name, "description": "表 / a table", "columns": told}
    return json.dumps({"version": 2, "models": [model]}, ensure_ascii=False)


def run(
    settings: Settings, folder: Path, only: Collection[str] | None = None
) -> dict[str, NodeResult]:
    heard: list[NodeResult] = []
    report = build_models(settings, heard.append, only=only, project=folder)
    assert [(r.unique_id, r.status) for r in report.results] == [
        (r.unique_id, r.status) for r in heard
    ]
    assert report.manifest.is_file()
    return {result.unique_id.split(".")[2]: result for result in report.results}


def rows(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.work_db)) as db:
        db.execute(f"attach '{settings.release_db}' as juandi (read_only)")
        return db.execute(sql).fetchall()


def test_a_model_that_fails_is_said_and_hurts_what_reads_it(
    settings: Settings, tmp_path: Path
) -> None:
    folder = write_project(tmp_path / "p", {
        "models/staging/broken.sql": "select no_such_column from (select 1 as n) as rows",
        "models/staging/other.sql": "select 1 as n",
        "models/intermediate/child.sql": "select * from {{ ref('broken') }}",
        "models/intermediate/grandchild.sql": "select * from {{ ref('child') }}",
        "tests/asks_child.sql": "select 1 as n from {{ ref('child') }}",
        "tests/asks_other.sql": "select n from {{ ref('other') }} where n <> 1",
    })  # fmt: skip
    found = run(settings, folder)
    assert {name: result.status for name, result in found.items()} == {
        "broken": "error", "child": "skipped", "grandchild": "skipped", "asks_child": "skipped",
        "other": "success", "asks_other": "pass",
    }  # fmt: skip
    assert "no_such_column" in (found["broken"].message or "")


FINDINGS = {
    "models/staging/parent.sql": "select unnest([1, 2, 3]) as n",
    "models/intermediate/child.sql": "select * from {{ ref('parent') }}",
    "tests/is_one.sql": "select n from {{ ref('parent') }} where n <> 1",
    "tests/is_two.sql": "{{ config(severity='warn') }}\n"
    "select n from {{ ref('parent') }} where n <> 2 and n <> 3",
    "tests/cannot_be_asked.sql": "select no_such_column from {{ ref('parent') }}",
}


def test_a_finding_hides_nothing_behind_it(settings: Settings, tmp_path: Path) -> None:
    """What reads a table with a finding is made all the same: the gates see everything."""
    found = run(settings, write_project(tmp_path / "p", FINDINGS))
    assert {name: (r.status, r.failures) for name, r in found.items()} == {
        "parent": ("success", None), "child": ("success", None),
        "is_one": ("fail", 2), "is_two": ("warn", 1), "cannot_be_asked": ("error", None),
    }  # fmt: skip
    assert found["is_one"].message == "Got 2 results, configured to fail if != 0"
    assert found["is_two"].message == "Got 1 result, configured to warn if != 0"
    assert rows(settings, f"from {found['is_one'].failing} order by n") == [(2,), (3,)]
    assert found["cannot_be_asked"].failing is None


def test_some_of_the_nodes_alone(settings: Settings, tmp_path: Path) -> None:
    folder = write_project(tmp_path / "p", FINDINGS)
    parent, is_two = "model.juandi.parent", "test.juandi.is_two"
    assert run(settings, folder, only={parent}).keys() == {"parent"}
    assert run(settings, folder, only={parent, is_two}).keys() == {"parent", "is_two"}
    assert run(settings, folder, only={is_two})["is_two"].status == "warn"
    assert run(settings, folder, only=()) == {}


def test_a_table_that_breaks_its_contract_is_not_made(settings: Settings, tmp_path: Path) -> None:
    asked = {"n": "integer", "amount_cny": "decimal(18,2)"}
    folder = write_project(tmp_path / "p", {
        "models/star/kept.sql": "select 2.5::decimal(18, 2) as amount_cny, 1 as n",
        "models/star/wrong.sql": "select 1 as n, 2.5::double as amount_cny",
        "models/star/short.sql": "select 1 as n",
        "models/star/child.sql": "select * from {{ ref('wrong') }}",
        **{f"models/star/{name}.yml": contract(name, asked)
           for name in ("kept", "wrong", "short", "child")},
    })  # fmt: skip
    found = run(settings, folder)
    assert {name: result.status for name, result in found.items()} == {
        "kept": "success", "wrong": "error", "short": "error", "child": "skipped",
    }  # fmt: skip
    assert "amount_cny" in (found["wrong"].message or "")
    described = rows(settings, "describe juandi.star.kept")
    assert [row[:2] for row in described] == [("n", "INTEGER"), ("amount_cny", "DECIMAL(18,2)")]
    assert rows(settings, "from juandi.star.kept") == [(1, 2.5)]


def test_a_model_takes_the_place_of_what_had_its_name(settings: Settings, tmp_path: Path) -> None:
    """A table or a view, of another kind than before too; one that fails leaves what was there."""
    table = "{{ config(materialized='table') }} "
    made = [
        {"int_x": "select 1 as n", "star_x": "select 1 as n"},
        {"int_x": table + "select 2 as n", "star_x": "select 2 as n"},
        {"int_x": "select 3 as n", "star_x": "select 3 / 0 + error('stop') as n"},
    ]
    found, places = [], ("work.intermediate.int_x", "juandi.star.star_x")
    for number, models in enumerate(made):
        folder = write_project(tmp_path / f"p{number}", {
            "models/intermediate/int_x.sql": models["int_x"],
            "models/star/star_x.sql": models["star_x"],
            "models/star/star_x.yml": contract("star_x", {"n": "integer"}),
        })  # fmt: skip # a project
        statuses = {name: result.status for name, result in run(settings, folder).items()}
        kinds = rows(
            settings,
            "select table_type from information_schema.tables"
            " where table_name in ('int_x', 'star_x') order by table_name",
        )
        told = [rows(settings, f"from {place}") for place in places]
        found.append((statuses["star_x"], kinds, *told))
    view, base = ("VIEW",), ("BASE TABLE",)
    assert found == [
        ("success", [view, base], [(1,)], [(1,)]),
        ("success", [base, base], [(2,)], [(2,)]),
        ("error", [view, base], [(3,)], [(2,)]),
    ]
    comments = rows(
        settings,
        "select t.comment, c.comment from duckdb_tables() as t"
        " join duckdb_columns() as c using (table_name) where table_name = 'star_x'",
    )
    assert comments == [("表 / a table", "说 n")]


def test_a_column_is_kept_as_its_model_says(settings: Settings, tmp_path: Path) -> None:
    """Through going on as well; and of a renewed table what changed is made anew."""
    keys = "sha256(n::varchar) as key from (select unnest(range(5000))::integer as n)"
    folder = write_project(tmp_path / "p", {
        "models/intermediate/changed.sql": "select 7 as n",
        "models/star/fact.sql":
            "{{ config(materialized='incremental', incremental_strategy='renewed',"
            " on_schema_change='fail', meta={'renewed': {'among': 'changed', 'by': ['n']}}) }}\n"
            "-- depends_on: {{ ref('changed') }}\n"
            "select n, 'again' as told, " + keys + " where n = 7 or not {{ continued() }}",
        "models/star/fact.yml": contract(
            "fact", {"n": "integer", "key": "string", "told": "string"}, key="zstd"
        ),
    })  # fmt: skip
    assert run(settings, folder)["fact"].status == "success"
    say_base(settings, gifts=True)
    assert run(settings, folder)["fact"].status == "success"
    kept = rows(settings, "select distinct compression from pragma_storage_info('juandi.star.fact')"
                " where column_name = 'key' and segment_type = 'VARCHAR'")  # fmt: skip
    assert kept == [("ZSTD",)]
    assert rows(settings, "select count(*), count(distinct n) from juandi.star.fact") == [
        (5000, 5000)
    ]
    comments = rows(settings, "select comment from duckdb_columns() where table_name = 'fact'")
    assert sorted(comments) == [("说 key",), ("说 n",), ("说 told",)]


def test_the_build_is_free_when_the_models_have_ended(settings: Settings, tmp_path: Path) -> None:
    folder = write_project(tmp_path / "p", {"models/staging/any.sql": "select 1 as n"})
    other: dict[str, Any] = {"custom_user_agent": "another"}
    with ExitStack() as kept_open:
        report: DbtReport = build_models(settings, kept_open=kept_open, project=folder)
        with pytest.raises(duckdb.ConnectionException):
            duckdb.connect(str(settings.work_db), config=other)
    assert [result.status for result in report.results] == ["success"]
    with duckdb.connect(str(settings.work_db), config=other) as db:
        assert db.execute("from staging.any").fetchall() == [(1,)]


def test_a_build_that_cannot_be_opened(settings: Settings, tmp_path: Path) -> None:
    folder = write_project(tmp_path / "p", {"models/staging/any.sql": "select 1 as n"})
    settings.release_db.mkdir()  # a folder stands where the file should be
    with pytest.raises(ModelsFailed):
        run(settings, folder)


def test_a_project_that_cannot_be_parsed_is_said_in_the_words_of_dbt(tmp_path: Path) -> None:
    files = {"models/staging/lost.sql": "select * from {{ ref('nowhere') }}"}
    folder = write_project(tmp_path / "p", files)
    with pytest.raises(ProjectError, match="nowhere"):
        dbt_project.prepare(tmp_path / "made", "now", folder)
    assert not (tmp_path / "made" / "made-from").exists()
