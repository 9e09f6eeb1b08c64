"""Great Expectations over DuckDB: suites in, verdicts out, everything pushed down as SQL.

Importing this module imports Great Expectations, which takes 5-11 s. So functions that run a gate
import it, once per process, and no other module does so at its top.
"""

from __future__ import annotations

import atexit
import os
import re
import sys
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read on import: nothing is sent anywhere

import great_expectations as gx
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.expectations.core.unexpected_rows_expectation import (
    UnexpectedRowsExpectation,
)

from pipelines.quality.connection import keep_rows
from pipelines.quality.results import SAMPLE_ROWS
from pipelines.quality.suites import Suite, SuiteRule

__all__ = ["ExpectationOutcome", "GreatSession", "OffendingRows", "expectation"]


def _let_go() -> None:
    """Drops duckdb-engine's references to DuckDB when the process ends.

    With Great Expectations loaded they outlive the interpreter, and DuckDB's binding then prints
    some forty lines about leaked instances below the summary of every refresh.
    """
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "duckdb_engine":
            vars(module).clear()


atexit.register(_let_go)
# where Spark is installed Great Expectations looks for it, and it speaks of pandas: neither is used
warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)

_COUNT = "failing_rows__"
_BIND = re.compile(r"(?<![:\w\\]):\w+(?!:)")  # what SQLAlchemy would take for a parameter


class OffendingRows(UnexpectedRowsExpectation):
    """`UnexpectedRowsExpectation` that runs its query once instead of a second time for the count.

    The query carries the number of its rows beside the first few (see `_bounded`), so that the
    count needs no second pass over the fact table.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.table",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: object = None,
    ) -> dict[str, Any]:
        rows: list[dict[str, Any]] = metrics["unexpected_rows_query.table"]
        count = int(rows[0][_COUNT]) if rows else 0
        sample = [{k: v for k, v in row.items() if k != _COUNT} for row in rows]
        return {
            "success": count == 0,
            "result": {"observed_value": count, "details": {"unexpected_rows": sample}},
        }


_FORMAT = {"result_format": "BASIC"}


def _bounded(sql: str, limit: int = SAMPLE_ROWS) -> str:
    """`sql` as the query of `OffendingRows`: its first rows, each with the number of all.

    Braces are doubled because Great Expectations formats the text, colons escaped because
    SQLAlchemy looks for parameters; the comment names the batch, as GX demands.
    """
    text = sql.strip().rstrip(";").replace("{", "{{").replace("}", "}}")
    text = _BIND.sub(r"\\\g<0>", text)
    return (
        "/* batch: {batch} */ "
        f"SELECT *, count(*) OVER () AS {_COUNT} FROM (\n{text}\n) LIMIT {limit}"
    )


def expectation(rule: SuiteRule) -> OffendingRows:
    """The rule as an expectation that no row breaks it."""
    # the id in a comment: GX drops the second of two expectations that read alike
    query = f"/* {rule.rule_id} */ {_bounded(rule.sql)}"
    return OffendingRows(unexpected_rows_query=query, meta={"rule_id": rule.rule_id})


class ExpectationOutcome:
    """What Great Expectations found for one rule, reduced to what a verdict needs."""

    def __init__(self, success: bool, result: Mapping[str, Any], error: str | None) -> None:
        self.success = success
        self.error = error
        details = result.get("details") or {}
        self.rows: Sequence[Mapping[str, object]] = details.get("unexpected_rows") or ()
        self.failing_rows: int | None = result.get("observed_value")


def _error_text(info: Mapping[str, Any] | None) -> str | None:
    """The message of an expectation that raised, else None.

    GX gives one entry, or one per metric that failed.
    """
    if not info:
        return None
    entries = [info] if "raised_exception" in info else list(info.values())
    raised = [str(e.get("exception_message")) for e in entries if e.get("raised_exception")]
    return raised[0].splitlines()[0] if raised else None


class GreatSession:
    """An ephemeral context over one DuckDB file: no files, no progress bars, no analytics."""

    def __init__(self, url: str) -> None:
        config = DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        )
        self._context = gx.get_context(mode="ephemeral", project_config=config)
        self._source = self._context.data_sources.add_sql(name="juandi", connection_string=url)
        self._engines = {self._source.get_engine(), self._source.get_execution_engine().engine}
        for engine in self._engines:
            keep_rows(engine)
        # One batch for all suites, for each rule's query names its tables itself: Great
        # Expectations writes its whole configuration as YAML whenever an asset is added.
        asset = self._source.add_query_asset(name="build", query="SELECT 1")
        self._batch = asset.add_batch_definition_whole_table("all").get_batch()

    def validate(self, suite: Suite, rules: Sequence[SuiteRule]) -> dict[str, ExpectationOutcome]:
        """The outcome of each of `rules`, by id; all are of `suite`, and there is at least one.

        An error of a rule is in its outcome.
        """
        outcomes: dict[str, ExpectationOutcome] = {}
        name = f"{suite.layer}.{suite.path.stem}"
        checks = gx.ExpectationSuite(name=name)
        for rule in rules:
            checks.add_expectation(expectation(rule))
        for result in self._batch.validate(checks, result_format=_FORMAT).results:
            config = result.expectation_config
            rule_id = str((config.meta or {})["rule_id"]) if config else ""
            outcomes[rule_id] = ExpectationOutcome(
                bool(result.success), result.result or {}, _error_text(result.exception_info)
            )
        for rule in rules:
            outcomes.setdefault(rule.rule_id, ExpectationOutcome(False, {}, "no verdict"))
        return outcomes

    def close(self) -> None:
        """Gives the DuckDB file back."""
        self._source.get_execution_engine().close()
        for engine in self._engines:
            engine.dispose()
