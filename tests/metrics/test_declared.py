"""The declarations: what dbt parses is what people are told of, and every name leads somewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.metrics.conditions import GRAINS, Compared
from pipelines.metrics.declared import Metric, UnknownName, declared
from pipelines.metrics.queries import query
from pipelines.settings import load_settings
from pipelines.stages.build.project import semantic_manifest
from tests.quality.tiny import contracts

KNOWN = declared()
#: Metrics of the same tables, which are grouped by the same names.
GROUPS: dict[frozenset[str], list[Metric]] = {}
for _metric in KNOWN.metrics.values():
    GROUPS.setdefault(_metric.models, []).append(_metric)


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with semantic_manifest(load_settings(tmp_path_factory.mktemp("metrics"), env={})) as path:
        yield path


@pytest.fixture(scope="module")
def parsed(manifest: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Every table of star and marts, without rows, in a database of the release's name."""
    connection = duckdb.connect(str(tmp_path_factory.mktemp("empty") / "juandi.duckdb"))
    connection.execute("CREATE SCHEMA star; CREATE SCHEMA marts;")
    for table, columns in contracts().items():
        fields = ", ".join(f'"{name}" {kind}' for name, kind, _ in columns)
        connection.execute(f"CREATE TABLE {table} ({fields})")
    return connection


def test_dbt_parses_the_same_metrics(parsed: Mapping[str, Any]) -> None:
    """Those that people are told of, and parts of them that are answered by no name."""
    names = {metric["name"] for metric in parsed["metrics"]}
    parts = {m["name"] for m in parsed["metrics"] if "part_of" in m["config"]["meta"]}
    assert names - parts == KNOWN.metrics.keys()


def test_a_ratio_has_a_denominator_and_no_condition_of_its_own(parsed: Mapping[str, Any]) -> None:
    """Its parts are metrics, so that they can be shown and divided exactly."""
    ratios = [metric for metric in parsed["metrics"] if metric["type"] == "ratio"]
    assert len(ratios) > 15
    for ratio in ratios:
        metric = KNOWN.metric(ratio["name"])
        assert ratio["filter"] is None, metric.name
        for part in ("numerator", "denominator"):
            told = ratio["type_params"][part]
            assert told["filter"] is None, metric.name
            assert told["name"] in KNOWN.metrics, metric.name
            assert told["name"] == getattr(metric, part)


def test_a_condition_counts_0_where_nothing_meets_it(parsed: Mapping[str, Any]) -> None:
    """Else a share would be null where it is 0. What no export prints stays null."""
    running = {"snapshots"}
    for metric in parsed["metrics"]:
        if metric["filter"] and KNOWN.metric(metric["name"]).models.isdisjoint(running):
            measure = metric["type_params"]["measure"]
            assert measure["fill_nulls_with"] == 0, metric["name"]


def test_sums_are_of_exact_numbers(parsed: Mapping[str, Any]) -> None:
    """No average, which would be a mean of means or a float."""
    aggregations = {
        measure["agg"] for model in parsed["semantic_models"] for measure in model["measures"]
    }
    assert aggregations == {"sum", "count_distinct", "percentile"}


@pytest.mark.parametrize("models", GROUPS, ids=lambda m: "+".join(sorted(m)))
def test_every_name_leads_to_a_column(
    models: frozenset[str], manifest: Path, empty: duckdb.DuckDBPyConnection
) -> None:
    """All metrics of the tables by all that they can be grouped by, each also as a condition."""
    metrics = GROUPS[models]
    names = [*GRAINS, *KNOWN.dimensions(metrics)]
    conditions = [Compared(name, "!=", ("unknown",)) for name in names]
    asked = query(manifest, KNOWN, metrics, names, conditions)
    assert empty.execute(asked.sql, asked.parameters).fetchall() == []


def test_a_name_that_is_not_there_has_near_ones() -> None:
    with pytest.raises(UnknownName, match="net_cny"):
        KNOWN.metric("net_gny")
    with pytest.raises(UnknownName, match=r"near: .*refund_rate"):
        KNOWN.metric("退款率")
    with pytest.raises(UnknownName, match=r"near: .*province"):
        KNOWN.dimension("provinces", [KNOWN.metric("gifts")])
    with pytest.raises(UnknownName, match="donor_band"):  # grants have no donor
        KNOWN.dimension("donor_band", [KNOWN.metric("matching_ratio")])
