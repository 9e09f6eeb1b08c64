"""The gate stage: errors are neither fails nor passes; what blocks, what is written, its cost."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines.cleaning.identities import mask_text
from pipelines.quality.connection import KEPT_ROWS, TooManyRows, duckdb_url, keep_rows
from pipelines.quality.dbt_tests import dbt_results
from pipelines.quality.results import GateResult, sample_json
from pipelines.quality.suites import Suite, SuiteRule, load_suites
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.stages.build.build import Build
from pipelines.stages.build.models import DbtReport
from pipelines.stages.build.nodes import NodeResult
from pipelines.stages.gate.gate import GateReport, check_count, run_gates
from tests.quality.conftest import check

RULE = SuiteRule(
    "star.fact_donation.x",
    "star",
    "star.fact_donation",
    "warning",
    "规则",
    "A rule",
    "办",
    "Do",
    "SELECT 1 WHERE false",
)


def suite_of(*rules: SuiteRule) -> Suite:
    """A suite with these rules."""
    return Suite("star", "star.fact_donation", "表", "A table", rules, Path("fact_donation.yml"))


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (replace(RULE, sql="SELECT nothing FROM juandi.star.fact_donation"), "nothing"),
        (replace(RULE, sql="SELECT * FROM juandi.star.gone"), "gone"),
        (replace(RULE, sql="SELECT 1 WHERE false", observe="SELECT gone"), "gone"),
        (replace(RULE, sql="SELECT 1 WHERE false", skip_when="SELECT gone"), "gone"),
        (replace(RULE, sql="SELECT error('broken') FROM range(3)"), "broken"),
    ],
)  # fmt: skip
def test_a_check_that_cannot_run_is_an_error(copy: Settings, rule: SuiteRule, says: str) -> None:
    """Law 5: not a fail of the data, not a pass; it blocks even as a warning. Others still run."""
    good = replace(RULE, rule_id="star.fact_donation.good", sql="SELECT 1 WHERE false")
    broken, fine = check(copy, [suite_of(rule, good)])
    assert broken.status == "error"
    assert says in str(broken.observed)
    assert broken.failing_rows is None
    assert broken.blocks
    assert fine.status == "pass"


def test_a_broken_helper_is_an_error_of_the_rules_that_read_it(copy: Settings) -> None:
    """And only of those."""
    with duckdb.connect(str(copy.work_db)) as connection:
        connection.execute("DROP TABLE lake.tencent_projects")
    (suite,) = [s for s in load_suites() if s.path.stem == "tencent_projects"]
    assert {r.status for r in check(copy, [suite])} == {"error"}
    (other,) = [s for s in load_suites() if s.path.stem == "dim_donor"]
    assert {r.status for r in check(copy, [other])} == {"pass"}


def test_braces_and_colons_in_sql_are_left_alone(copy: Settings) -> None:
    """Quantifiers, casts and times are not taken for parameters by the layers below."""
    sql = (
        "SELECT 'a:b' AS t, 1::INT AS n, TIME '12:30:00' AS at"
        " WHERE regexp_matches('ab', '^[a-z]{2}$')"
    )
    (result,) = check(copy, [suite_of(replace(RULE, sql=sql))])
    assert (result.status, result.failing_rows) == ("fail", 1)
    assert result.sample == '[{"t": "a:b", "n": 1, "at": "12:30:00"}]'


def test_a_skipped_rule_says_why(copy: Settings) -> None:
    """Without a last release there is nothing to compare with."""
    copy.published.unlink()
    release = load_suites(layers=["release"])
    found = {r.rule_id: r for r in check(copy, release)}
    skipped = found["release.fact_donation.closed_days_keep_gifts"]
    assert (skipped.status, skipped.blocks) == ("skipped", False)
    assert skipped.observed == "没有可比的上次发布 / there is no earlier release to compare with"
    assert found["release.tables.commented"].status == "pass"


@pytest.mark.parametrize(
    ("rows_left", "is_accepted", "explains"),
    [(60, False, True), (0, False, False), (0, True, True)],
)
def test_a_recorded_restatement_explains_a_fall(
    broken: Callable[[str], Settings], rows_left: int, is_accepted: bool, explains: bool
) -> None:
    """Platform totals fall overnight; what a replacing file took away is no mistake of ours. A file
    that empties another explains nothing until somebody accepts it."""
    day = "WHERE export_date = DATE '2024-08-02' AND source_row <= 60"
    settings = broken(
        f"DELETE FROM juandi.star.fact_donation {day};"
        "INSERT INTO restated.files VALUES"
        f" ('tencent_donations', 'gone', 'came', 120, {rows_left}, 0, 0, {is_accepted});"
        "INSERT INTO juandi.ops.restatements BY NAME SELECT 'tencent_donations' AS source,"
        " DATE '2024-08-02' AS partition, 'ORD' AS key, 'removed' AS change,"
        " 'gone' AS old_file_id, 'came' AS new_file_id"
    )
    (suite,) = [s for s in load_suites(layers=["release"]) if s.path.stem == "fact_donation"]
    found = {r.status for r in check(settings, [suite])}
    assert found == ({"pass"} if explains else {"pass", "fail"})


def test_run_gates_writes_every_verdict(copy: Settings, tiny: tuple[Path, Build]) -> None:
    """With dbt's tests; on_check hears each; a second run replaces the first; files are free."""
    dbt = DbtReport(
        (
            NodeResult("test.juandi.good.1", "test", "pass", 0, None, 0.1),
            NodeResult("test.juandi.bad.2", "test", "fail", 3, "Got 3 results", 0.1),
            NodeResult("test.juandi.odd.3", "test", "error", None, "Binder Error", 0.1),
            NodeResult("test.juandi.late.4", "test", "skipped", None, None, 0.0),
            NodeResult("test.juandi.soft.5", "test", "warn", 2, "Got 2 results", 0.1),
            NodeResult("model.juandi.m", "model", "success", None, None, 0.1),
        ),
        Path("absent.json"),
    )
    heard: list[GateResult] = []
    for _ in range(2):
        heard.clear()
        report = run_gates(copy, tiny[1], dbt, on_check=heard.append)
    assert list(report.results) == heard
    assert len(heard) == check_count(dbt)
    with duckdb.connect(str(copy.release_db), read_only=True) as connection:
        written = connection.execute(
            "SELECT rule_id, status, severity FROM ops.gate_results WHERE layer = 'dbt' ORDER BY 1"
        ).fetchall()
        total = connection.execute("SELECT count(*) FROM ops.gate_results").fetchone()
    assert written == [
        ("dbt.bad", "fail", "critical"),
        ("dbt.good", "pass", "critical"),
        ("dbt.late", "error", "critical"),
        ("dbt.odd", "error", "critical"),
        ("dbt.soft", "fail", "warning"),
    ]
    assert total == (len(heard),)
    assert report.blocked
    assert {r.rule_id for r in report.blocking} == {"dbt.bad", "dbt.late", "dbt.odd"}


def test_a_failing_dbt_test_shows_some_of_its_rows(
    copy: Settings, tiny: tuple[Path, Build]
) -> None:
    """By the test's own query; personal columns left out."""
    failing = "(\nSELECT i AS order_no, 'x' AS donor_key FROM range(9) t(i) -- of nine\n)"
    node = NodeResult("test.juandi.bad.2", "test", "fail", 9, "Got 9 results", 0.1, failing)
    report = run_gates(copy, tiny[1], DbtReport((node,), Path("absent.json")), layers=[])
    (result,) = report.results
    assert json.loads(result.sample or "") == [{"order_no": n} for n in range(5)]


def declared(tmp_path: Path, severity: str) -> Path:
    """A manifest with one test that tries three rules."""
    node = {
        "name": "m_declared", "attached_node": "model.juandi.m",
        "config": {
            "severity": severity,
            "meta": {"rules": {"m_grain": "度 / Grain", "m_sum": "和 / Sum", "m_day": "日 / Day"}},
        },
    }  # fmt: skip
    model = {"name": "m", "schema": "star"}
    nodes = {"test.juandi.m_declared.1": node, "model.juandi.m": model}
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    return path


BROKEN = """(
SELECT 'm_sum' AS rule, 7::BIGINT AS failing_rows,
  '[{"no": "13912345678", "donor_key": "k", "amount_cny": 0.10, "day": "2024-08-02"}]' AS sample
)"""


@pytest.mark.parametrize("severity", ["ERROR", "WARN"])
def test_one_test_of_many_rules_is_a_verdict_each(
    copy: Settings, tiny: tuple[Path, Build], tmp_path: Path, severity: str
) -> None:
    """Only the broken one fails, with its rows and a sample that names nobody."""
    manifest, name = declared(tmp_path, severity), "test.juandi.m_declared.1"
    status = "warn" if severity == "WARN" else "fail"
    node = NodeResult(name, "test", status, 1, "Got 1 result", 0.1, BROKEN)
    dbt = DbtReport((node,), manifest)
    report = run_gates(copy, tiny[1], dbt, layers=[])
    assert check_count(dbt, layers=[]) == 3
    weight = "warning" if severity == "WARN" else "critical"
    assert [(r.rule_id, r.status, r.severity, r.failing_rows) for r in report.results] == [
        ("dbt.m_grain", "pass", weight, 0),
        ("dbt.m_sum", "fail", weight, 7),
        ("dbt.m_day", "pass", weight, 0),
    ]
    assert [(r.table_name, r.description_zh) for r in report.results][1] == ("star.m", "和")
    assert json.loads(report.results[1].sample or "") == [
        {"no": "***", "amount_cny": "0.10", "day": "2024-08-02"}
    ]
    assert report.blocked is (severity == "ERROR")


@pytest.mark.parametrize(
    ("status", "expected"), [("pass", "pass"), ("error", "error"), ("skipped", "error")]
)
def test_a_test_of_many_rules_that_passes_or_cannot_be_asked(
    copy: Settings, tiny: tuple[Path, Build], tmp_path: Path, status: str, expected: str
) -> None:
    node = NodeResult(
        "test.juandi.m_declared.1", "test", status, 0 if status == "pass" else None,
        None if status == "pass" else "Binder Error", 0.1,
    )  # fmt: skip
    dbt = DbtReport((node,), declared(tmp_path, "ERROR"))
    report = run_gates(copy, tiny[1], dbt, layers=[])
    assert [r.status for r in report.results] == [expected] * 3


def test_which_rule_is_broken_cannot_be_told_without_the_build(tmp_path: Path) -> None:
    """So none of them passes."""
    node = NodeResult("test.juandi.m_declared.1", "test", "fail", 1, "Got 1 result", 0.1, BROKEN)
    results = dbt_results([node], declared(tmp_path, "ERROR"))
    assert [r.status for r in results] == ["error"] * 3


def test_no_verdict_is_no_pass() -> None:
    """A gate that checked nothing lets nothing through."""
    assert GateReport(()).blocked


def test_a_model_that_was_not_built_blocks(copy: Settings, tiny: tuple[Path, Build]) -> None:
    """A model that failed leaves an error among the verdicts, not only a missing test."""
    dbt = DbtReport(
        (NodeResult("model.juandi.fact_donation", "model", "error", None, "Catalog Error", 0.1),),
        Path("absent.json"),
    )
    report = run_gates(copy, tiny[1], dbt, layers=[])
    assert [(r.rule_id, r.status) for r in report.results] == [("dbt.fact_donation", "error")]
    assert report.blocked


def test_samples_name_nobody() -> None:
    """Personal columns are left out, numbers in other text masked, five rows at most."""
    row = {
        "donor_key": "k",
        "phone": "1",
        "note": "13912345678, 51010419900101123X",
        "donor_count": 2,
    }
    sample = sample_json([row] * 9)
    assert sample is not None
    assert sample.count("donor_count") == 5
    assert "donor_key" not in sample
    assert "phone" not in sample
    assert '"note": "***, ***"' in sample
    assert mask_text("20240802000013912345678") == "20240802000013912345678"  # a longer number


def test_a_cut_result_is_an_error_not_an_answer(tmp_path: Path) -> None:
    """Rows are kept for Great Expectations up to a bound; reading past it raises."""
    import sqlalchemy

    engine = sqlalchemy.create_engine(duckdb_url(tmp_path / "x.duckdb"))
    keep_rows(engine)
    try:
        with engine.connect() as connection:
            few = connection.exec_driver_sql("SELECT * FROM range(3)")
            many = connection.exec_driver_sql(f"SELECT * FROM range({KEPT_ROWS + 1})")
        assert few.fetchall() == [(0,), (1,), (2,)]  # after the connection went back
        with pytest.raises(TooManyRows):
            many.fetchall()
    finally:
        engine.dispose()


def test_great_expectations_is_imported_only_where_a_gate_runs() -> None:
    """Its import takes 5-11 s: no command that runs no gate may pay for it."""
    code = (
        "import sys, pipelines.quality, pipelines.stages.gate.gate,"
        " pipelines.stages.publish.publish, pipelines.publishing.releases;"
        "from pipelines.quality import load_suites; load_suites();"
        "heavy = {'great_expectations', 'sqlalchemy'};"
        "sys.exit(bool(heavy & {m.split('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT_ROOT, check=False)
    assert done.returncode == 0


def test_a_gate_leaves_nothing_outside_the_warehouse(tmp_path: Path, copy: Settings) -> None:
    """No context folder, no docs site, no lines on the terminal after the process ends."""
    code = (
        "import sys; from pathlib import Path; from tests.quality.conftest import check;"
        "from tests.quality.tiny import settings_of;"
        "from pipelines.quality import load_suites;"
        "found = check(settings_of(Path(sys.argv[1])), load_suites(layers=['release']));"
        "print(len(found))"
    )
    home, scratch = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    scratch.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", code, str(copy.warehouse)],
        cwd=PROJECT_ROOT,
        env={"HOME": str(home), "TMPDIR": str(scratch), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip().isdigit()
    assert done.stderr == ""
    assert [p for p in (*home.rglob("*"), *scratch.rglob("*")) if p.is_file()] == []
