"""What a rule reads is found in its SQL and in its helpers'."""

from dataclasses import replace

from pipelines.quality import load_suites
from pipelines.quality.runner import all_helpers
from pipelines.quality.tables_read import tables_read


def test_through_helpers_and_catalogs() -> None:
    """The rule's table, those its text names with and without their catalogue, its helpers'."""
    rules = {rule.rule_id: rule for suite in load_suites() for rule in suite.rules}
    helpers = {
        "some": "select * from juandi.marts.b join gate.other",
        "other": "select 1 from lake.c",
    }
    rule = rules["star.audit_matrix.every_level"]
    assert {
        ("marts", "audit_matrix"),
        ("marts", "audit_subjects"),
        ("star", "dim_review_level"),
    } <= (tables_read(rule, all_helpers(load_suites())))
    found = tables_read(replace(rule, sql="select * from gate.some, previous.star.d"), helpers)
    assert {("marts", "b"), ("lake", "c")} <= found
    assert ("star", "d") not in found
