"""Every rule of every suite notices the one thing it is there for, and says so by its id.

A rule without a breaking case fails here: a check that cannot fail proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from pipelines.quality.suites import load_suites
from pipelines.settings import Settings
from pipelines.stages.build.build import Build
from pipelines.tables.registry import MODELS
from tests.quality.conftest import check
from tests.quality.tiny import contracts, settings_of

BREAKS: dict[str, str] = yaml.safe_load(
    Path(__file__).with_name("breaks.yml").read_text(encoding="utf-8")
)
RULES = {rule.rule_id: (suite, rule) for suite in load_suites() for rule in suite.rules}


def test_every_rule_has_a_breaking_case() -> None:
    """And no case outlives its rule."""
    assert set(BREAKS) == set(RULES)


def test_every_published_table_has_a_suite() -> None:
    """Each model of star and marts is guarded by rules of its own.

    A fact that is a register's lines is held to the lake by its declaration.
    """
    guarded = {suite.table_name for suite in load_suites(layers=["star"])}
    guarded |= {table.id for table in MODELS.values() if table.register}
    assert guarded == set(contracts())


def test_the_intact_warehouse_passes_everything(tiny: tuple[Path, Build]) -> None:
    """So that a failure below is the break's doing. Nothing is skipped either."""
    found = check(settings_of(tiny[0]), load_suites())
    assert [r for r in found if r.status != "pass"] == []
    assert {r.rule_id for r in found} == set(RULES)


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_a_rule_notices_its_break(rule_id: str, broken: Callable[[str], Settings]) -> None:
    """Broken once, the rule fails, counts rows or values, and shows some where it selects any."""
    suite, rule = RULES[rule_id]
    settings = broken(BREAKS[rule_id])
    (result,) = check(settings, [replace(suite, rules=(rule,))])
    assert (result.rule_id, result.status) == (rule_id, "fail"), result.observed
    assert result.failing_rows
    assert result.checked_rows is None or result.failing_rows <= result.checked_rows
    assert result.sample
    assert result.blocks == (rule.severity == "critical")


#: A file that empties another: its restatement is told, and nobody has accepted it yet.
EMPTIED = """
INSERT INTO juandi.ops.restatements BY NAME
SELECT 'tencent_donations' AS source, DATE '2024-08-05' AS partition, 'K1' AS key,
       'removed' AS change, 'before' AS old_file_id, 'after' AS new_file_id;
INSERT INTO restated.files VALUES ('tencent_donations', 'before', 'after', 1000000, 0, 0, 0, {});
"""


@pytest.mark.parametrize("name", ["closed_days_keep_gifts", "total_does_not_collapse"])
def test_only_an_accepted_file_excuses_that_gifts_are_gone(
    name: str, broken: Callable[[str], Settings]
) -> None:
    """What a file empties is told as a restatement: that alone is no correction."""
    rule_id = f"release.fact_donation.{name}"
    suite, rule = RULES[rule_id]
    for accepted, status in (("false", "fail"), ("true", "pass")):
        settings = broken(BREAKS[rule_id] + ";" + EMPTIED.format(accepted))
        (result,) = check(settings, [replace(suite, rules=(rule,))])
        assert result.status == status, result.observed
