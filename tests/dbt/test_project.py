"""The dbt project keeps its own rules, and all of it builds on a lake without a single row.

One dbt invocation: seeds, models, unit tests and data tests. What the models mean is pinned by the
unit tests beside them; the review chains have tests of their own (`test_review_chains`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.settings import DBT_PROJECT
from pipelines.sources import SOURCES
from pipelines.stages.build.project import invoke
from pipelines.tables.models_yml import FILE
from tests.dbt.review_warehouse import Warehouse

#: "中文 / English": what every published table, column and rule says of itself.
BOTH_LANGUAGES = re.compile(r"[\u4e00-\u9fff].* / .*[A-Za-z]", re.DOTALL)
#: A model with one of these decides something, so a unit test pins what.
DECIDES = re.compile(r"\b(join|group by|over \(|case|where)\b", re.IGNORECASE)

Node = dict[str, Any]


@dataclass
class Project:
    """What dbt made of the project: its nodes, how each went, and the release it built."""

    manifest: dict[str, Any]
    statuses: dict[str, str]
    release: Path

    def nodes(self, kind: str) -> list[Node]:
        """Nodes of a resource type, unit tests among them."""
        everything = [*self.manifest["nodes"].values(), *self.manifest["unit_tests"].values()]
        return [n for n in everything if n["resource_type"] == kind]

    @property
    def published(self) -> list[Node]:
        """Models that lie in the release."""
        return [m for m in self.nodes("model") if m["schema"] in ("star", "marts")]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The whole project, built over a lake whose sources are all empty."""
    warehouse = Warehouse(tmp_path_factory.mktemp("dbt"))
    warehouse.fill({}, as_of=date(2024, 8, 5))
    target = warehouse.folder / "target"
    databases = {"work_db": str(warehouse.work_db), "release_db": str(warehouse.release_db)}
    answer = invoke("build", target=target, variables=databases)
    assert answer.exception is None, answer.exception
    results = json.loads((target / "run_results.json").read_text())["results"]
    return Project(
        manifest=json.loads((target / "manifest.json").read_text()),
        statuses={r["unique_id"]: r["status"] for r in results},
        release=warehouse.release_db,
    )


def test_everything_builds_and_holds_on_an_empty_lake(project: Project) -> None:
    bad = {k: s for k, s in project.statuses.items() if s not in ("success", "pass", "warn")}
    assert not bad
    assert {u["unique_id"] for u in project.nodes("unit_test")} <= project.statuses.keys()


def test_every_contract_is_a_source_with_a_staging_model(project: Project) -> None:
    sources = project.manifest["sources"].values()
    declared = {s["name"]: s["unique_id"] for s in sources if s["source_name"] == "lake"}
    assert declared.keys() == {*SOURCES, "run", "footer_claims", "known_files"}
    staging = {m["name"]: m["depends_on"]["nodes"] for m in project.nodes("model")}
    for name in SOURCES:
        assert staging.get(f"stg_{name}") == [declared[name]], f"no staging model of {name}"


def test_published_tables_are_contracts_in_both_languages(project: Project) -> None:
    for model in project.published:
        name = model["name"]
        assert model["config"]["contract"]["enforced"], name
        kind = model["config"]["materialized"]
        assert kind in ("table", "incremental"), f"{name}: only tables are published"
        assert model["database"] == "juandi", name
        assert BOTH_LANGUAGES.search(model["description"]), f"{name} is not described"
        for column in model["columns"].values():
            assert column["data_type"], f"{name}.{column['name']} has no type"
            assert BOTH_LANGUAGES.search(column["description"]), f"{name}.{column['name']}"


def test_published_file_carries_its_comments(project: Project) -> None:
    with duckdb.connect(str(project.release), read_only=True) as connection:
        mute = connection.execute(
            """
            select schema_name || '.' || table_name from duckdb_tables()
            where schema_name in ('star', 'marts') and comment is null
            union all
            select schema_name || '.' || table_name || '.' || column_name from duckdb_columns()
            where schema_name in ('star', 'marts') and comment is null
            """
        ).fetchall()
        tables = connection.execute(
            "select count(*) from duckdb_tables() where schema_name in ('star', 'marts')"
        ).fetchone()
    assert not mute
    assert tables == (len(project.published),)


def test_every_published_grain_is_declared_and_tested(project: Project) -> None:
    tested = {
        test["attached_node"]: rule["arguments"]["columns"]
        for test in project.nodes("test")
        if (test.get("test_metadata") or {}).get("name") == "declared"
        for rule in test["test_metadata"]["kwargs"]["rules"]
        if rule["test"] == "grain"
    }
    for model in project.published:
        grain = model["config"]["meta"].get("grain")
        assert grain, f"{model['name']} does not say its grain"
        assert tested.get(model["unique_id"]) == grain, (
            f"the grain of {model['name']} is not tested"
        )


def test_every_model_that_decides_something_has_a_unit_test(project: Project) -> None:
    pinned = {unit["model"] for unit in project.nodes("unit_test")}
    # the review models are held to an oracle instead: test_review_chains
    deciding = {
        model["name"]
        for model in project.nodes("model")
        if "reviews" not in model["fqn"] and DECIDES.search(model["raw_code"])
    }
    assert len(deciding) > 20
    assert sorted(deciding - pinned) == []


def test_every_rule_over_published_tables_says_itself_in_both_languages(project: Project) -> None:
    published = {m["unique_id"] for m in project.published}
    rules = [t for t in project.nodes("test") if published & set(t["depends_on"]["nodes"])]
    ids = []
    for rule in rules:
        meta = rule["config"]["meta"]
        if declared := meta.get("rules"):
            assert list(declared) == [r["name"] for r in rule["test_metadata"]["kwargs"]["rules"]]
        else:
            assert meta.get("rule_id"), rule["name"]
            words = rule["description"] or f"{meta['zh']} / {meta['en']}"
            assert not (rule["description"] and "zh" in meta), f"{rule['name']} says itself twice"
            declared = {meta["rule_id"]: words}
        ids += declared
        for name, words in declared.items():
            assert BOTH_LANGUAGES.search(words), name
        assert rule["config"]["severity"].lower() in ("error", "warn"), rule["name"]
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)


def test_every_model_is_described_by_what_is_generated(project: Project) -> None:
    for model in project.nodes("model"):
        beside = Path(model["original_file_path"]).with_name(FILE)
        assert model["patch_path"] == f"juandi://{beside}", f"{model['name']} is not declared"


def test_yml_beside_a_model_holds_its_unit_tests_alone(project: Project) -> None:
    models = {model["name"]: model["original_file_path"] for model in project.nodes("model")}
    for unit in project.nodes("unit_test"):
        beside = Path(models[unit["model"]]).with_suffix(".yml")
        assert unit["original_file_path"] == str(beside), f"{unit['name']} lies elsewhere"
    for path in (DBT_PROJECT / "models").glob("*/**/*.yml"):
        text = path.read_text("utf-8")
        if path.stem in models:
            assert re.match(r"unit_tests:\n", text), path
        elif path.name != FILE:  # sources that no contract declares
            assert re.match(r"version: 2\n\nsources:\n", text), path
            assert not re.search(r"^(models|unit_tests|seeds):", text, re.MULTILINE), path


def test_no_personal_column_is_published(project: Project) -> None:
    personal = {c.name for source in SOURCES.values() for c in source.columns if c.personal}
    assert {"phone", "donor_name"} <= personal
    for model in project.published:
        assert not (personal | {"remark"}) & model["columns"].keys(), model["name"]
