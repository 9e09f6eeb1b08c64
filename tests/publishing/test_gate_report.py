"""The gate report: what a release says of its rules, since when, and the files beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from pipelines.publishing import gate_history
from pipelines.publishing.gate_history import asking
from pipelines.publishing.gate_report import (
    ReleaseReport,
    as_html,
    as_json,
    read_report,
    write_reports,
)
from pipelines.publishing.releases import Release, forget_old, kept_file, report_files
from pipelines.publishing.switching import rollback
from pipelines.quality.results import GateResult, write_results
from pipelines.settings import Settings
from pipelines.stages.gate.gate import GateReport
from pipelines.stages.publish import publish as stage
from pipelines.stages.publish.publish import publish
from tests.publishing.builds import make_build

Night = Callable[..., Release]


def result(rule_id: str, failing: int = 0, checked: int | None = 10) -> GateResult:
    """A warning's verdict: it fails where rows fail."""
    sample = json.dumps([{"n": 1}]) if failing else None
    return GateResult(
        rule_id, "star", "star.x", "warning", "fail" if failing else "pass", None, failing,
        sample, f"{rule_id}的规则", f"The rule {rule_id}", checked,
    )  # fmt: skip # a row


@pytest.fixture
def night(settings: Settings) -> Night:
    """Publishes a release with these verdicts."""
    number = 0

    def make(*results: GateResult) -> Release:
        nonlocal number
        number += 1
        build = make_build(settings, number, gated=False)
        with duckdb.connect() as connection:
            connection.execute(f"ATTACH '{settings.release_db}' AS juandi")
            write_results(connection, build.run_id, ["star"], results)
        return publish(settings, build, GateReport(tuple(results)))

    return make


def report_of(settings: Settings, release: Release) -> ReleaseReport:
    """The report, read from the kept file."""
    with duckdb.connect(str(kept_file(settings, release.release_id)), read_only=True) as file:
        return read_report(asking(file), release)


def test_it_says_since_when_a_rule_fails(settings: Settings, night: Night) -> None:
    """And when it last passed, how many it weighed, and the worst of these releases."""
    night(result("a"), result("b"))
    passed = night(result("a"), result("b"))
    began = night(result("a", 2), result("b"))
    night(result("a", 5), result("b"))
    last = night(result("a", 3), result("b"))
    report = report_of(settings, last)
    rule = report.rules[0]  # what did not pass comes first
    assert (rule.rule_id, rule.status) == ("a", "fail")
    assert (rule.checked_rows, rule.passed_rows, rule.failing_rows) == (10, 7, 3)
    assert str(rule.failing_share) == "0.300000"
    assert rule.examples == [{"n": 1}]
    assert (rule.since.first_release_id, rule.since.releases) == (began.release_id, 3)
    assert (rule.since.failing_rows, rule.since.most_failing_rows) == (3, 5)
    assert rule.last_passed is not None
    assert rule.last_passed.last_release_id == passed.release_id
    assert report.rules[1].since.releases == 5
    assert report.counts["fail", "warning"] == report.counts["pass", "warning"] == 1


def test_rules_come_and_go(settings: Settings, night: Night) -> None:
    """One that is new is told, one no longer asked is kept apart; a gap is no run."""
    first = night(result("a"), result("old"))
    second = night(result("a"), result("new"))
    report = report_of(settings, second)
    assert report.appeared == {"new"}
    assert [known[-1].rule_id for known in report.gone] == ["old"]
    assert report.gone[0][-1].last_release_id == first.release_id
    third = night(result("a"), result("old"))
    old = report_of(settings, third).rule("old")
    assert old is not None
    assert [(s.status, s.releases) for s in old.history] == [("pass", 1), ("pass", 1)]


def test_what_is_not_counted_is_unknown(settings: Settings, night: Night) -> None:
    """No nought and no share where a rule does not say how many rows it weighed."""
    rule = report_of(settings, night(result("a", 2, checked=None))).rules[0]
    assert (rule.checked_rows, rule.passed_rows, rule.failing_share) == (None, None, None)


def test_it_is_bounded(settings: Settings, night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many releases there were, a rule has as many lines; what is long gone is dropped."""
    monkeypatch.setattr(gate_history, "KEPT_SPELLS", 3)
    night(result("a"), result("old"))
    for number in range(6):
        last = night(result("a", number % 2))
    report = report_of(settings, last)
    assert [s.status for s in report.rules[0].history] == ["fail", "pass", "fail"]
    assert len(report.gone) == 1
    monkeypatch.setattr(gate_history, "GONE_FOR", timedelta(days=-1))
    assert not report_of(settings, night(result("a"))).gone


def test_same_release_same_bytes(settings: Settings, night: Night) -> None:
    """There is no clock in it but the release's own; and the file holds what it says."""
    release = night(result("a", 1), result("b"))
    page, data = report_files(settings, release.release_id)
    first = page.read_bytes(), data.read_bytes()
    page.unlink()
    assert write_reports(settings) == [page, data]
    assert (page.read_bytes(), data.read_bytes()) == first
    report = report_of(settings, release)
    assert (as_html(report), as_json(report)) == first
    text = first[0].decode()
    assert "a的规则" in text
    assert "The rule a" in text
    assert "http" not in text  # nothing to fetch
    told = json.loads(first[1])
    assert told["release"]["release_id"] == release.release_id
    assert told["rules"][0]["failing_share"] == "0.100000"
    assert told["rules"][0]["since_release_id"] == release.release_id


def test_hostile_text_stays_text(settings: Settings, night: Night) -> None:
    """A value of a file is never markup."""
    bad = replace(result("a", 1), sample=json.dumps([{"n": "<script>alert(1)</script>"}]))
    page, _ = report_files(settings, night(bad).release_id)
    assert "<script>" not in page.read_text(encoding="utf-8")


def test_it_goes_with_its_release(settings: Settings, night: Night) -> None:
    """Retention takes the report too, and nothing is left of a release that is not there."""
    releases = [night(result("a")) for _ in range(5)]
    kept = {r.release_id for r in releases[-3:]}
    names = {path.name.partition(".")[0] for path in settings.releases.iterdir()}
    assert names == kept
    kept_file(settings, releases[-3].release_id).unlink()
    write_reports(settings)
    assert not any(p.exists() for p in report_files(settings, releases[-3].release_id))
    assert forget_old(settings) == []


def test_killed_before_it_was_written(
    settings: Settings, night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The release is published all the same, and the next publication writes what is missing."""

    def fail(_: Settings) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(stage, "write_reports", fail)
    first = night(result("a"))
    assert not any(path.exists() for path in report_files(settings, first.release_id))
    monkeypatch.undo()
    night(result("a"))
    assert all(path.is_file() for path in report_files(settings, first.release_id))


def test_after_a_roll_back_the_history_goes_on(settings: Settings, night: Night) -> None:
    """From the release made last, whatever readers see meanwhile."""
    first = night(result("a"))
    failing = night(result("a", 1))
    rollback(settings, first.release_id)
    rule = report_of(settings, night(result("a", 1))).rules[0]
    assert (rule.since.first_release_id, rule.since.releases) == (failing.release_id, 2)


def test_a_release_of_older_code(settings: Settings, night: Night) -> None:
    """It has no history and no count of what was weighed: its own verdicts are all it says."""
    old = night(result("a", 1))
    with duckdb.connect(str(kept_file(settings, old.release_id))) as file:
        file.execute("DROP TABLE ops.gate_history")
        file.execute("ALTER TABLE ops.gate_results DROP COLUMN checked_rows")
    rule = report_of(settings, old).rules[0]
    assert (rule.checked_rows, rule.failing_rows, rule.since.releases) == (None, 1, 1)
    after = report_of(settings, night(result("a", 1))).rules[0]
    assert (after.since.first_release_id, after.since.releases) == (old.release_id, 2)
