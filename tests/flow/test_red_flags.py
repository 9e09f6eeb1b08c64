"""Red flags in a sample: what each rule finds is what was planted for it, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import duckdb
import pytest

from pipelines.settings import DBT_PROJECT
from sample import Faults, Manifest
from tests.flow.conftest import Released

pytestmark = [pytest.mark.flow, pytest.mark.timeout(600)]

Made = tuple[Manifest, duckdb.DuckDBPyConnection]


@pytest.fixture(scope="module", params=["some", "none"])
def made(request: pytest.FixtureRequest, released: Callable[[Faults], Released]) -> Made:
    release = released(request.param)
    return release.manifest, release.file


def _about(rule: str, finding_id: str, subject_id: str) -> str:
    """A finding as the manifest names it: without the pseudonym, the platform or the version."""
    about = finding_id.removeprefix(f"{rule}#")
    if rule in ("filing_not_supporters", "supporter_not_qualified"):
        return subject_id
    if rule in ("equal_small_gifts", "repaid_but_counted"):
        return about.partition("#")[2]
    return about


def test_found_is_planted_by_rule(made: Made) -> None:
    manifest, db = made
    rows = db.execute(
        "select rule_id, finding_id, subject_id from marts.giving_red_flags"
    ).fetchall()
    found = Counter((rule, _about(rule, finding, subject)) for rule, finding, subject in rows)
    assert found == Counter((p.rule, p.key) for p in manifest.of_level("flag"))


def test_every_rule_has_a_case(made: Made) -> None:
    manifest, _ = made
    rules = (DBT_PROJECT / "seeds" / "red_flag_rules.csv").read_text(encoding="utf-8").splitlines()
    declared = {line.partition(",")[0] for line in rules[1:]}
    planted = {p.rule for p in manifest.of_level("flag")}
    assert planted == (declared if manifest.faults != "none" else set())


def test_the_evidence_is_there_to_be_seen(made: Made) -> None:
    """Each finding's own query shows as many rows as it says."""
    _, db = made
    for finding, query, rows in db.execute(
        "select finding_id, evidence_query, evidence_rows from marts.giving_red_flags"
    ).fetchall():
        assert len(db.execute(query).fetchall()) == rows, finding


#: What a sample with some faults makes the gates warn of: each is something planted, but for the
#: projects of the second platform, of which no export tells.
WARNINGS = {
    "dbt.dim_organization_uscc_valid",
    "dbt.dim_project_filing_consistent",
    "dbt.fact_donation_refund_known",
    "loaded.file_pairs.no_namesakes",
    "loaded.load_audit.footers_agree",
    "loaded.load_audit.no_file_refused",
    "loaded.load_audit.quarantine_share",
    "star.giving_red_flags.nothing_against_the_law",
    "star.settlement_reconciliation.printed_totals_agree",
}
#: Facts: of the 160 key counties 92 could be sourced, and two that take part are on no list.
NEVER_PLANTED = {
    "dbt.fact_donation_project_known",
    "dbt.dim_county_list_complete",
    "dbt.fact_enrollment_on_the_list",
}


def test_the_gates_warn_of_what_was_planted(made: Made) -> None:
    manifest, db = made
    told = db.execute("select rule_id from ops.gate_results where status = 'fail'").fetchall()
    planted = WARNINGS if manifest.faults != "none" else set()
    assert {rule for (rule,) in told} == planted | NEVER_PLANTED
