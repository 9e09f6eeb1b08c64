"""The step before publishing: every suite and every dbt test becomes a verdict on the build.

What must be true is YAML in `expectations/`; `quality` evaluates it. This module decides what is
checked and what blocks: a critical rule that fails, or any check that could not
be carried out (an error is never a pass). A person may also ask some rules of a part of a build.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.publishing.beside.parts import checked_parts
from pipelines.publishing.content import content_hash
from pipelines.publishing.releases import previous_file
from pipelines.quality.connection import GateDatabase, Helper, open_gate_database
from pipelines.quality.dbt_tests import dbt_results
from pipelines.quality.results import GateResult, write_results
from pipelines.quality.runner import all_helpers, run_suites
from pipelines.quality.suites import LAYERS, Suite, load_suites
from pipelines.quality.tables_read import tables_read
from pipelines.settings import Settings
from pipelines.stages.gate.lake_totals import lake_helpers

if TYPE_CHECKING:
    from pipelines.stages.build.build import Build
    from pipelines.stages.build.models import DbtReport

DBT_LAYER = "dbt"


@dataclass(frozen=True)
class GateReport:
    """All verdicts of one gate run, and the fingerprint of the star and marts that were checked."""

    results: tuple[GateResult, ...]
    content_hash: str | None = None

    @property
    def blocked(self) -> bool:
        """True if the release must not be published; also if there is no verdict at all."""
        return not self.results or any(result.blocks for result in self.results)

    @property
    def counts(self) -> Counter[str]:
        """Verdicts by status: pass, fail, error, skipped."""
        return Counter(result.status for result in self.results)

    @property
    def blocking(self) -> tuple[GateResult, ...]:
        """The verdicts that block."""
        return tuple(result for result in self.results if result.blocks)


def check_count(dbt: DbtReport | None = None, layers: Collection[str] | None = None) -> int:
    """How many verdicts `run_gates` will give, for its progress bar."""
    suites = load_suites(layers=layers)
    of_dbt = [] if dbt is None else dbt_results(dbt.results, dbt.manifest)
    return sum(len(suite.rules) for suite in suites) + len(of_dbt)


def run_gates(
    settings: Settings,
    build: Build,
    dbt: DbtReport | None,
    layers: Collection[str] | None = None,
    on_check: Callable[[GateResult], None] | None = None,
) -> GateReport:
    """Checks the build and writes the verdicts into its ``ops.gate_results``.

    `layers` limits the suites (all of `LAYERS` if None); `dbt` adds the verdicts of its tests.
    `on_check` is called with every verdict as it comes. The build may be open only in this process,
    with `gate_configuration`.
    Raises SuiteError for a broken suite, duckdb.Error if the build cannot be opened.
    """
    every = load_suites()
    suites = [s for s in every if layers is None or s.layer in layers]
    checked = [layer for layer in LAYERS if layers is None or layer in layers]
    results: list[GateResult] = []
    with _opened(settings, every) as database:
        if dbt is not None:
            checked.append(DBT_LAYER)
            results += dbt_results(dbt.results, dbt.manifest, database.connection)
            for result in results:
                if on_check:
                    on_check(result)
        results += run_suites(database, suites, on_check)
        write_results(database.connection, build.run_id, checked, results)
        # taken here because the rules have just read everything: 3 s instead of 10 s from the disk
        content = content_hash(database.connection, "juandi")
    return GateReport(tuple(results), content)


def ask_rules(
    settings: Settings,
    rule_ids: Collection[str],
    on_check: Callable[[GateResult], None] | None = None,
) -> tuple[GateResult, ...]:
    """The verdicts of these rules alone on a build, of which what they read has been made.

    Nothing is written and nothing follows from them: a release is weighed by `run_gates`.
    Raises as `run_gates` does.
    """
    every = load_suites()
    suites = [
        replace(suite, rules=tuple(rule for rule in suite.rules if rule.rule_id in rule_ids))
        for suite in every
    ]
    with _opened(settings, every) as database:
        return tuple(run_suites(database, [s for s in suites if s.rules], on_check))


def tables_asked(rule_ids: Collection[str]) -> set[tuple[str, str]]:
    """(schema, name) of the tables that these rules may read. Raises SuiteError."""
    every = load_suites()
    helpers = _helpers(every)
    rules = (rule for suite in every for rule in suite.rules if rule.rule_id in rule_ids)
    return {table for rule in rules for table in tables_read(rule, helpers)}


def _helpers(every: Sequence[Suite]) -> Mapping[str, Helper]:
    return {**all_helpers(every), **lake_helpers()}


def _opened(settings: Settings, every: Sequence[Suite]) -> AbstractContextManager[GateDatabase]:
    """Raises PartsLost where the release before, against which a build is held, is not whole."""
    previous = previous_file(settings)
    if previous is not None:
        checked_parts(previous)
    return open_gate_database(
        settings.work_db, settings.release_db, previous, _helpers(every), settings
    )
