"""The statements of a night, run in order: what fails is said, and hurts only what reads it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
import pytest

from pipelines.settings import DBT_PROJECT, Settings
from pipelines.stages.build import compiling, models
from pipelines.stages.build.compiling import ProjectError
from pipelines.stages.build.models import ModelsFailed, build_models
from pipelines.stages.build.ordering import in_order
from pipelines.stages.build.statements import GoesOn, Node, NodeResult, write_statements


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of an empty warehouse with a build that goes on from nothing."""
    settings = Settings(warehouse=tmp_path, landing=tmp_path)
    settings.build.mkdir(parents=True)
    say_base(settings, gifts=False, donors=False)
    return settings


def say_base(settings: Settings, *, gifts: bool, donors: bool) -> None:
    with duckdb.connect(str(settings.work_db)) as db:
        db.execute("create schema if not exists base")
        db.execute(
            "create or replace table base.release as"
            " select ? as is_continued, ? as are_donors_continued",
            [gifts, donors],
        )


def model(
    name: str, query: str | Mapping[GoesOn, str], *after: str, schema: str = "star", **more: Any
) -> Node:
    relation = f'"juandi"."{schema}"."{name}"'
    ways = {GoesOn.NOTHING: query} if isinstance(query, str) else query
    queries = {str(goes_on): text for goes_on, text in ways.items()}
    return Node(name, "model", relation, list(after), queries, **more)


def check(name: str, query: str, *after: str, severity: str = "error") -> Node:
    return Node(
        name, "test", f'"work"."test_failures"."{name}"', list(after), {GoesOn.NOTHING: query},
        severity=severity, warn_if="!= 0", error_if="!= 0", counts="count(*)",
    )  # fmt: skip


def run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, nodes: Sequence[Node]
) -> dict[str, NodeResult]:
    write_statements(settings.build, nodes)
    monkeypatch.setattr(models, "prepared", lambda _: settings.build)
    heard: list[NodeResult] = []
    report = build_models(settings, heard.append)
    assert list(report.results) == heard
    return {result.unique_id: result for result in heard}


def rows(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.work_db)) as db:
        db.execute(f"attach '{settings.release_db}' as juandi (read_only)")
        return db.execute(sql).fetchall()


def test_a_model_that_fails_is_said_and_hurts_what_reads_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run(settings, monkeypatch, [
        check("asks_child", "select 1 where false", "child"),
        model("child", "select * from juandi.star.broken", "broken"),
        model("broken", "select no_such_column"),
        model("grandchild", "select * from juandi.star.child", "child"),
        model("other", "select 1 as n"),
        check("asks_other", "select * from juandi.star.other where n <> 1", "other"),
    ])  # fmt: skip
    assert {name: result.status for name, result in found.items()} == {
        "broken": "error", "child": "skipped", "grandchild": "skipped", "asks_child": "skipped",
        "other": "success", "asks_other": "pass",
    }  # fmt: skip
    assert "no_such_column" in (found["broken"].message or "")


def test_a_finding_hides_nothing_behind_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What reads a table with a finding is made all the same: the gates see everything."""
    found = run(settings, monkeypatch, [
        model("parent", "select unnest([1, 2, 3]) as n"),
        check("is_one", "select n from juandi.star.parent where n <> 1", "parent"),
        check("is_two", "select n from juandi.star.parent where n <> 2 and n <> 3", "parent",
              severity="warn"),
        check("cannot_be_asked", "select no_such_column from juandi.star.parent", "parent"),
        model("child", "select * from juandi.star.parent", "parent"),
    ])  # fmt: skip
    assert {name: (r.status, r.failures) for name, r in found.items()} == {
        "parent": ("success", None), "child": ("success", None),
        "is_one": ("fail", 2), "is_two": ("warn", 1), "cannot_be_asked": ("error", None),
    }  # fmt: skip
    assert found["is_one"].message == "Got 2 results, configured to fail if != 0"
    assert found["is_two"].message == "Got 1 result, configured to warn if != 0"
    assert rows(settings, f"from {found['is_one'].failing} order by n") == [(2,), (3,)]


def test_a_table_that_breaks_its_contract_is_not_made(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = {"amount_cny": "DECIMAL(18,2)", "n": "INTEGER"}
    found = run(settings, monkeypatch, [
        model("kept", "select 1 as n, 'left out' as more, 2.5::decimal(18, 2) as amount_cny",
              columns=contract),
        model("wrong", "select 1 as n, 2.5::double as amount_cny", columns=contract),
        model("short", "select 1 as n", columns=contract),
        model("child", "from juandi.star.wrong", "wrong"),
    ])  # fmt: skip
    assert {name: result.status for name, result in found.items()} == {
        "kept": "success", "wrong": "error", "short": "error", "child": "skipped",
    }  # fmt: skip
    assert found["wrong"].message == "breaks its contract: amount_cny is DOUBLE, not DECIMAL(18,2)"
    described = rows(settings, "describe juandi.star.kept")
    assert [(name, kind) for name, kind, *_ in described] == list(contract.items())


def test_an_appended_table_forgets_first_and_begins_anew_where_there_is_none(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes = [
        model("changed", "select 2 as n"),
        model(
            "fact",
            {
                GoesOn.NOTHING: "select unnest([1, 2]) as n, 'first' as told",
                GoesOn.GIFTS: "select 'again' as told, unnest([2, 3]) as n",
            },
            "changed",
            is_appended=True,
            columns={"n": "INTEGER", "told": "VARCHAR"},
            forgets="delete from juandi.star.fact where n in (select n from juandi.star.changed)",
        ),
    ]
    run(settings, monkeypatch, nodes)
    assert rows(settings, "from juandi.star.fact order by n") == [(1, "first"), (2, "first")]
    say_base(settings, gifts=True, donors=False)
    run(settings, monkeypatch, nodes)
    kept = rows(settings, "from juandi.star.fact order by n")
    assert kept == [(1, "first"), (2, "again"), (3, "again")]


def test_a_column_is_kept_as_its_model_says(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through going on as well; and what would be cast on its way in breaks the contract."""
    asked: dict[str, Any] = {
        "columns": {"n": "INTEGER", "key": "VARCHAR"}, "compressed": {"key": "zstd"},
        "is_appended": True, "forgets": "delete from juandi.star.fact where false",
    }  # fmt: skip
    keys = "sha256(n::varchar) as key from (select unnest(range(5000))::integer as n)"
    run(settings, monkeypatch, [model("fact", f"select n, {keys}", **asked)])
    say_base(settings, gifts=True, donors=False)
    run(settings, monkeypatch, [model("fact", f"select 5000 + n as n, {keys}", **asked)])
    kept = rows(settings, "select distinct compression from pragma_storage_info('juandi.star.fact')"
                " where column_name = 'key' and segment_type = 'VARCHAR'")  # fmt: skip
    assert kept == [("ZSTD",)]
    assert rows(settings, "select count(*) from juandi.star.fact") == [(10000,)]
    found = run(settings, monkeypatch, [model("fact", "select 'a' as key, 1.5 as n", **asked)])
    assert found["fact"].message == "breaks its contract: n is DECIMAL(2,1), not INTEGER"
    assert rows(settings, "select count(*) from juandi.star.fact") == [(10000,)]


def test_nothing_large_beside_something_large() -> None:
    """Both would write to the disk what they hold; what is small goes on beside one of them."""
    at_work: set[str] = set()
    seen_together: set[frozenset[str]] = set()
    guard = Lock()

    def work(node: Node) -> NodeResult:
        with guard:
            at_work.add(node.unique_id)
            seen_together.add(frozenset(at_work))
        time.sleep(0.02)
        with guard:
            at_work.remove(node.unique_id)
        return NodeResult(node.unique_id, node.resource_type, "success", None, None, 0.0)

    nodes = [model(f"large{n}", "select 1", is_large=True) for n in range(3)]
    nodes += [model(f"small{n}", "select 1") for n in range(4)]
    done = [result.unique_id for result in in_order(nodes, work)]
    assert sorted(done) == sorted(node.unique_id for node in nodes)
    large = [sum(name.startswith("large") for name in together) for together in seen_together]
    assert max(large) == 1
    assert any(len(together) == 2 for together in seen_together)


def test_a_build_that_cannot_be_opened(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.release_db.mkdir()  # a folder stands where the file should be
    with pytest.raises(ModelsFailed, match="the build cannot be opened"):
        run(settings, monkeypatch, [model("any", "select 1 as n")])


@pytest.mark.timeout(300)
def test_a_project_that_does_not_compile_is_said_in_the_words_of_dbt(
    tmp_path: Path,
) -> None:
    project = tmp_path / "dbt_project"
    (project / "models").mkdir(parents=True)
    for name in ("dbt_project.yml", "profiles.yml"):
        (project / name).write_bytes((DBT_PROJECT / name).read_bytes())
    (project / "models" / "lost.sql").write_text("select * from {{ ref('nowhere') }}")
    with pytest.raises(ProjectError, match="nowhere"):
        compiling.prepare(tmp_path / "made", "now", project)
    assert not (tmp_path / "made" / "made-from").exists()
