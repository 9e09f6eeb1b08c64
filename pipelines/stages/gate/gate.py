"""The step before publishing: every suite and every dbt test becomes a verdict on the build.

What must be true is YAML in `expectations/`; evaluating it is `quality`'s business. Here it is
decided what is checked and what blocks: a critical rule that fails, or any check that could not
be carried out (an error is never a pass).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.publishing.content import content_hash
from pipelines.publishing.releases import previous_file
from pipelines.quality.connection import open_gate_database
from pipelines.quality.dbt_tests import dbt_results
from pipelines.quality.results import GateResult, write_results
from pipelines.quality.runner import all_helpers, run_suites
from pipelines.quality.suites import LAYERS, load_suites
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
        """True where the release must not go out. No verdict at all is no pass either."""
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
    """How many verdicts `run_gates` will give: the length of its progress bar."""
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
    `on_check` is called with every verdict as it comes. The build may be open in this process
    with `gate_configuration`, and nowhere else.
    Raises SuiteError for a broken suite, duckdb.Error if the build cannot be opened.
    """
    every = load_suites()
    suites = [s for s in every if layers is None or s.layer in layers]
    checked = [layer for layer in LAYERS if layers is None or layer in layers]
    results: list[GateResult] = []
    with open_gate_database(
        settings.work_db,
        settings.release_db,
        previous_file(settings),
        {**all_helpers(every), **lake_helpers()},
        settings,
    ) as database:
        if dbt is not None:
            checked.append(DBT_LAYER)
            results += dbt_results(dbt.results, dbt.manifest, database.connection)
            for result in results:
                if on_check:
                    on_check(result)
        results += run_suites(database, suites, on_check)
        write_results(database.connection, build.run_id, checked, results)
        # here, where the rules have just read it all: a third of what it takes from the disk
        content = content_hash(database.connection, "juandi")
    return GateReport(tuple(results), content)
