"""Runs suites against an open gate database and words their outcomes as `GateResult`.

Which suites, and what a verdict means for the release, is the gate stage's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING

import duckdb

from pipelines.cleaning.identities import mask_text
from pipelines.quality.connection import GateDatabase, Helper
from pipelines.quality.probes import PROBES
from pipelines.quality.results import GateResult, Status, sample_json
from pipelines.quality.suites import Suite, SuiteRule
from pipelines.quality.weighed import weighed

if TYPE_CHECKING:
    from pipelines.quality.great import ExpectationOutcome

OnCheck = Callable[[GateResult], None]


def all_helpers(suites: Iterable[Suite]) -> Mapping[str, Helper]:
    """The helper tables of all suites and the probes, by name."""
    return {**PROBES, **{name: sql for s in suites for name, sql in s.helpers.items()}}


def verdict(
    rule: SuiteRule,
    status: Status,
    *,
    observed: object = None,
    failing_rows: int | None = None,
    checked_rows: int | None = None,
    sample: str | None = None,
) -> GateResult:
    """A result of `rule`; what was observed is masked."""
    return GateResult(
        rule_id=rule.rule_id,
        layer=rule.layer,
        table_name=rule.table_name,
        severity=rule.severity,
        status=status,
        observed=None if observed is None else mask_text(str(observed))[:500],
        failing_rows=failing_rows,
        sample=sample,
        description_zh=rule.zh,
        description_en=rule.en,
        checked_rows=checked_rows,
    )


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _word(db: GateDatabase, rule: SuiteRule, outcome: ExpectationOutcome) -> GateResult:
    if outcome.error is not None:
        return verdict(rule, "error", observed=outcome.error)
    observed: object = outcome.failing_rows
    try:
        if rule.observe is not None:
            observed = db.value(rule.observe)
        counting = weighed(rule.sql)
        checked = None if counting is None else db.value(counting)
    except duckdb.Error as error:
        return verdict(rule, "error", observed=_first_line(error))
    return verdict(
        rule,
        "pass" if outcome.success else "fail",
        observed=observed,
        failing_rows=outcome.failing_rows,
        checked_rows=checked if isinstance(checked, int) else None,
        sample=None if outcome.success else sample_json(outcome.rows),
    )


def _before(db: GateDatabase, rule: SuiteRule) -> GateResult | None:
    """A verdict that needs no check: skipped, or an error in what the rule rests on."""
    try:
        if rule.skip_when is not None and db.value(rule.skip_when):
            return verdict(rule, "skipped", observed=f"{rule.skip_zh} / {rule.skip_en}")
        db.make_helpers(rule.sql)
    except duckdb.Error as error:
        return verdict(rule, "error", observed=_first_line(error))
    return None


def import_gates_meanwhile() -> None:
    """Begins to import Great Expectations, which takes seconds, and returns at once.

    The first gate waits for it; where it cannot be imported, that gate says so. SQLAlchemy's mapper
    is imported here and now: Dagster asks its event log through SQLAlchemy meanwhile, and a query
    that meets a half imported mapper raises.
    """
    import_module("sqlalchemy.orm")

    def imported() -> None:
        with suppress(Exception):
            import_module("pipelines.quality.great")

    Thread(target=imported, name="import-gates").start()


def run_suites(
    db: GateDatabase, suites: Sequence[Suite], on_check: OnCheck | None = None
) -> list[GateResult]:
    """One result per rule, in the suites' order. Imports Great Expectations when first needed."""
    from pipelines.quality.great import GreatSession

    results: list[GateResult] = []
    session = GreatSession(db.url)
    asked = (f"{rule.skip_when or ''} {rule.sql}" for s in suites for rule in s.rules)
    try:
        with db.helpers_ahead(asked):
            for suite in suites:
                early = {rule.rule_id: _before(db, rule) for rule in suite.rules}
                due = [rule for rule in suite.rules if early[rule.rule_id] is None]
                outcomes = session.validate(suite, due) if due else {}
                for rule in suite.rules:
                    result = early[rule.rule_id] or _word(db, rule, outcomes[rule.rule_id])
                    results.append(result)
                    if on_check:
                        on_check(result)
    finally:
        session.close()
    return results
