"""A question about metrics as MetricFlow's SQL on a release, with its values to bind.

MetricFlow writes the SQL from what dbt parsed; it gets no connection. Names are those of
`declared`, so that what is wrong with a question has been said before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlClient, SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.errors.error_classes import MetricFlowException
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from pipelines.metrics.conditions import GRAINS, Compared, NoCondition, first_day
from pipelines.metrics.declared import Declared, Metric
from pipelines.metrics.dimensions import UNKNOWN

_TIME = "metric_time"


class NoAnswer(ValueError):  # noqa: N818 - reads as what it says
    """MetricFlow refuses the question; the message is its own."""


@dataclass(frozen=True)
class Query:
    """SQL whose columns are the periods and dimensions asked for, then the figures."""

    sql: str
    parameters: dict[str, object]


@cache
def _engine(manifest: Path) -> MetricFlowEngine:
    parsed = parse_manifest_from_dbt_generated_manifest(manifest.read_text(encoding="utf-8"))
    # it asks for a client only to learn which SQL to write: statements are run by whoever reads
    client = SimpleNamespace(
        sql_engine_type=SqlEngine.DUCKDB, sql_plan_renderer=DuckDbSqlPlanRenderer()
    )
    return MetricFlowEngine(SemanticManifestLookup(parsed), cast(SqlClient, client))


def query(
    manifest: Path,
    declared: Declared,
    metrics: Sequence[Metric],
    by: Sequence[str],
    where: Sequence[Compared],
) -> Query:
    """The query for metrics, of ratios their two parts. Raises UnknownName, NoCondition,
    NoAnswer."""
    parameters: dict[str, object] = {}
    paths = [
        f"{_TIME}__{name}" if name in GRAINS else declared.dimension(name, metrics)[1]
        for name in by
    ]
    constraints = [_constraint(declared, metrics, one, parameters) for one in where]
    asked = MetricFlowQueryRequest.create(
        metric_names=figures(metrics),
        group_by_names=paths or None,
        where_constraints=constraints or None,
    )
    try:
        inner = _engine(manifest).explain(asked).sql_statement.sql
    except MetricFlowException as error:
        raise NoAnswer(str(error)) from error
    columns = ", ".join(f'"{column}"' for column in (*paths, *figures(metrics)))
    return Query(f"select {columns} from (\n{inner}\n) as answered order by all", parameters)


def figures(metrics: Sequence[Metric]) -> list[str]:
    """What is asked of MetricFlow: of a ratio its parts, which are divided exactly afterwards."""
    names: list[str] = []
    for metric in metrics:
        parts = (metric.numerator, metric.denominator)
        names += [part for part in parts if part] or [metric.name]
    return list(dict.fromkeys(names))


def _constraint(
    declared: Declared, metrics: Sequence[Metric], one: Compared, parameters: dict[str, object]
) -> str:
    """MetricFlow's template of a condition; its values go into `parameters`."""

    def bound(value: object) -> str:
        name = f"value_{len(parameters)}"
        parameters[name] = value
        return f"${name}"

    if one.name in GRAINS:
        column = f"{{{{ TimeDimension('{_TIME}', '{one.name}') }}}}"
        days = [bound(first_day(one.name, value)) for value in one.values if value != UNKNOWN]
        return _of_period(column, one, days)
    dimension, path = declared.dimension(one.name, metrics)
    column = f"coalesce(cast({_template(declared, path)} as varchar), {bound(dimension.missing)})"
    values = ", ".join(bound(value) for value in one.values)
    return f"{column} {'in' if one.sign == '=' else 'not in'} ({values})"


def _of_period(column: str, one: Compared, days: Sequence[str]) -> str:
    """A row without a day is in no period: `unknown` names it, no comparison takes it in."""
    if one.sign not in ("=", "!="):
        if not days:
            raise NoCondition(f"{UNKNOWN} 不分先后 / {UNKNOWN} is before and after nothing")
        return f"{column} {one.sign} {days[0]}"
    found = [f"{column} is null"] if UNKNOWN in one.values else []
    found += [f"({column} is not null and {column} in ({', '.join(days)}))"] if days else []
    return f"{'' if one.sign == '=' else 'not '}({' or '.join(found)})"


def _template(declared: Declared, path: str) -> str:
    """MetricFlow's words for a path in a condition, where only the last step is part of the name.

    Names come from the declarations alone.
    """
    *way, last = path.split("__")
    if last in frozenset[str]().union(*declared.entities.values()):
        return f"{{{{ Entity('{last}', entity_path={way}) }}}}"
    *way, entity = way
    return f"{{{{ Dimension('{entity}__{last}', entity_path={way}) }}}}"
