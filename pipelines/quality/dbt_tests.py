"""dbt's results as verdicts of layer `dbt`: its tests, and whatever it could not build.

dbt has run them already; nothing is evaluated here. A test keeps the words its yml gives it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import duckdb

from pipelines.cleaning.identities import mask_text
from pipelines.quality.results import SAMPLE_ROWS, GateResult, Status, sample_json

LAYER = "dbt"

#: A seed or model with another status was not built: an error, and no verdict of the data.
_BUILT = frozenset({"success", "pass"})

#: What dbt calls a test's outcome → ours. Anything else is an error: it is no pass (law 5).
_STATUS: Mapping[str, Status] = {"pass": "pass", "warn": "fail", "fail": "fail"}


#: What is read of a node.
_SAID = (
    *("name", "schema", "description", "column_name"),
    *("attached_node", "test_metadata", "config"),
)

#: Generic tests that show rows that fail alike, or share a key, as one.
_GROUPED = frozenset({"grain", "accepted_values"})


class NodeOutcome(Protocol):
    """What is read of a dbt result; the models stage's `NodeResult` has it."""

    @property
    def unique_id(self) -> str: ...
    @property
    def resource_type(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def failures(self) -> int | None: ...
    @property
    def message(self) -> str | None: ...
    @property
    def failing(self) -> str | None: ...


def read_manifest(path: Path) -> Mapping[str, Any]:
    """What verdicts say of the nodes of dbt's manifest, by unique id; empty if dbt left none."""
    if not path.is_file():
        return {}
    told = path.stat()
    return _nodes(path, told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=1)
def _nodes(path: Path, written_ns: int, size: int) -> Mapping[str, Any]:
    """Read once for each manifest there is: 4 MB of JSON, of which little is said."""
    nodes = json.loads(path.read_text(encoding="utf-8"))["nodes"]
    return {key: {name: node.get(name) for name in _SAID} for key, node in nodes.items()}


def _table(node: Mapping[str, Any], nodes: Mapping[str, Any]) -> str:
    model = nodes.get(node.get("attached_node") or "", {})
    return ".".join(filter(None, (model.get("schema"), model.get("name")))) or "-"


def _split(text: str) -> tuple[str, str]:
    """(zh, en) of "中文 / English"."""
    zh, _, en = text.partition(" / ")
    return zh, en or zh


def _words(node: Mapping[str, Any], name: str) -> tuple[str, str]:
    """(zh, en): what a test of its own SQL says in its config, else the description
    "中文 / English" of a declared one, else its name in a sentence."""
    meta = (node.get("config") or {}).get("meta") or {}
    if "zh" in meta and "en" in meta:
        return meta["zh"], meta["en"]
    text = str(node.get("description") or "").strip()
    if " / " in text:
        return _split(text)
    column = node.get("column_name")
    kind = (node.get("test_metadata") or {}).get("name")
    if text:
        return text, text
    if kind:
        where = f"{column} " if column else ""
        return f"dbt 检查 {where}{kind}（{name}）", f"dbt test {where}{kind} ({name})"
    return f"dbt 检查 {name}", f"dbt test {name}"


def _not_built(outcome: NodeOutcome, name: str, table: str) -> GateResult:
    return GateResult(
        rule_id=f"dbt.{name}",
        layer=LAYER,
        table_name=table,
        severity="critical",
        status="error",
        observed=f"{outcome.status}: {mask_text(outcome.message or '-')}"[:500],
        failing_rows=None,
        sample=None,
        description_zh=f"dbt 须建成 {name}。",
        description_en=f"dbt builds {name}.",
    )


def _tested(
    outcome: NodeOutcome,
    name: str,
    words: tuple[str, str],
    table: str,
    node: Mapping[str, Any],
    rows: int | None = None,
) -> GateResult:
    """A verdict. `rows` of its table are what it weighed, unless it counts something else."""
    severity = str((node.get("config") or {}).get("severity") or "error").lower()
    zh, en = words
    status = _STATUS.get(outcome.status, "error")
    return GateResult(
        rule_id=f"dbt.{name}",
        layer=LAYER,
        table_name=table,
        severity="warning" if "warn" in (severity, outcome.status) else "critical",
        status=status,
        observed=mask_text(outcome.message or "")[:500] or None,
        failing_rows=outcome.failures if status != "error" else None,
        sample=None,
        description_zh=zh,
        description_en=en,
        checked_rows=rows if status == "pass" else None,
    )


def _declared(
    outcome: NodeOutcome,
    rules: Mapping[str, str],
    table: str,
    node: Mapping[str, Any],
    database: duckdb.DuckDBPyConnection | None,
    rows: int | None,
) -> Iterator[GateResult]:
    """A verdict for each rule that one test of dbt's has tried: its rows are the broken ones."""
    asked = ((node.get("test_metadata") or {}).get("kwargs") or {}).get("rules") or ()
    of_rows = {rule["name"]: _counts_rows(rule) for rule in asked}
    is_told = not outcome.failures or (database is not None and outcome.failing is not None)
    broken = _broken(database, outcome.failing) if outcome.failures and is_told else {}
    for name, text in rules.items():
        verdict = _tested(outcome, name, _split(text), table, node)
        unit = of_rows.get(name)
        if verdict.status == "error":
            yield verdict
        elif not is_told:
            told = f"one of {len(rules)} rules tried together is broken"
            yield replace(verdict, status="error", observed=told, failing_rows=None)
        elif name in broken:
            count, sample = broken[name]
            yield replace(verdict, status="fail", observed=_counted(count), failing_rows=count,
                          checked_rows=rows if unit == "rows" else None,
                          sample=sample)  # fmt: skip # two columns of arguments
        else:
            checked = None if unit == "files" else rows
            yield replace(verdict, status="pass", observed=None, failing_rows=0,
                          checked_rows=checked)  # fmt: skip # two columns of arguments


def _counts_rows(rule: Mapping[str, Any]) -> str:
    """What a rule's failing rows are: `rows` of its table, `groups` of them, or whole `files`."""
    if rule["test"] == "as_in_lake":
        return "files"
    is_grouped = rule["test"] in _GROUPED or bool((rule.get("arguments") or {}).get("grouped"))
    return "groups" if is_grouped else "rows"


def _counted(rows: int) -> str:
    return f"{rows} {'row' if rows == 1 else 'rows'}"


def _broken(
    database: duckdb.DuckDBPyConnection | None, failing: str | None
) -> dict[str, tuple[int, str | None]]:
    """Rule → number of failing rows and some of them, of a test that found some."""
    if database is None or failing is None:
        return {}
    found = database.execute(f"SELECT rule, failing_rows, sample FROM {failing}").fetchall()
    return {
        rule: (count, sample_json(json.loads(sample, parse_float=Decimal)))
        for rule, count, sample in found
    }


def _sample(outcome: NodeOutcome, database: duckdb.DuckDBPyConnection | None) -> str | None:
    """Some of a test's failing rows, asked for again: what passes costs nothing."""
    if database is None or not outcome.failures or outcome.failing is None:
        return None
    found = database.execute(f"SELECT * FROM {outcome.failing} LIMIT {SAMPLE_ROWS}")
    names = [column[0] for column in found.description or ()]
    return sample_json([dict(zip(names, row, strict=True)) for row in found.fetchall()])


class _TableRows:
    """How many rows the release's tables have, each counted once. Views are not: that is work."""

    def __init__(self, database: duckdb.DuckDBPyConnection | None) -> None:
        self._database = database
        self._counts: dict[str, int | None] = {}

    def of(self, table: str) -> int | None:
        """The rows of `schema.table`; None where it is no table of the release."""
        if self._database is None or not table.startswith(("star.", "marts.")):
            return None
        if table not in self._counts:
            with suppress(duckdb.CatalogException):  # not built, which has a verdict of its own
                found = self._database.execute(f"SELECT count(*) FROM juandi.{table}").fetchone()
                self._counts[table] = int(found[0]) if found else None
        return self._counts.get(table)


def dbt_results(
    outcomes: Iterable[NodeOutcome],
    manifest: Path,
    database: duckdb.DuckDBPyConnection | None = None,
) -> list[GateResult]:
    """One verdict per dbt test and per node that was not built, in dbt's order.

    Of a test that tries several rules (`meta.rules`) one for each of them.
    `database` is open on the build that dbt made; without it, no samples.
    """
    nodes = read_manifest(manifest)
    count = _TableRows(database)
    results: list[GateResult] = []
    for outcome in outcomes:
        node = nodes.get(outcome.unique_id, {})
        name = str(node.get("name") or outcome.unique_id.split(".")[2])
        if outcome.resource_type == "test":
            table = _table(node, nodes)
            if rules := ((node.get("config") or {}).get("meta") or {}).get("rules"):
                results += _declared(outcome, rules, table, node, database, count.of(table))
                continue
            words = _words(node, name)
            verdict = _tested(outcome, name, words, table, node, count.of(table))
            results.append(replace(verdict, sample=_sample(outcome, database)))
        elif outcome.status not in _BUILT:
            table = f"{node.get('schema') or '-'}.{name}"
            results.append(_not_built(outcome, name, table))
    return results
