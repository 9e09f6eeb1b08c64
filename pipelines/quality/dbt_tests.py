"""dbt's test results as verdicts of layer `dbt`, with the words their yml gives them.

dbt has run them already; nothing is evaluated here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from pipelines.quality.results import GateResult, Status, masked

LAYER = "dbt"

#: What dbt calls a test's outcome → ours. Anything else is an error: it is no pass (law 5).
_STATUS: Mapping[str, Status] = {"pass": "pass", "warn": "fail", "fail": "fail"}


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


def read_manifest(path: Path) -> Mapping[str, Any]:
    """The nodes of dbt's manifest by unique id; empty if dbt left none."""
    if not path.is_file():
        return {}
    nodes: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))["nodes"]
    return nodes


def _table(node: Mapping[str, Any], nodes: Mapping[str, Any]) -> str:
    model = nodes.get(node.get("attached_node") or "", {})
    return ".".join(filter(None, (model.get("schema"), model.get("name")))) or "-"


def _words(node: Mapping[str, Any], name: str) -> tuple[str, str]:
    """(zh, en): the test's own description "中文 / English", else its name in a sentence."""
    text = str(node.get("description") or "").strip()
    if " / " in text:
        zh, en = text.split(" / ", 1)
        return zh, en
    column = node.get("column_name")
    kind = (node.get("test_metadata") or {}).get("name")
    if text:
        return text, text
    if kind:
        where = f"{column} " if column else ""
        return f"dbt 检查 {where}{kind}（{name}）", f"dbt test {where}{kind} ({name})"
    return f"dbt 检查 {name}", f"dbt test {name}"


def dbt_results(outcomes: Iterable[NodeOutcome], manifest: Path) -> list[GateResult]:
    """One verdict per dbt test, in dbt's order; other nodes are not checks."""
    nodes = read_manifest(manifest)
    results: list[GateResult] = []
    for outcome in outcomes:
        if outcome.resource_type != "test":
            continue
        node = nodes.get(outcome.unique_id, {})
        name = str(node.get("name") or outcome.unique_id.split(".")[2])
        severity = str((node.get("config") or {}).get("severity") or "error").lower()
        warns = severity == "warn" or outcome.status == "warn"
        zh, en = _words(node, name)
        status = _STATUS.get(outcome.status, "error")
        results.append(
            GateResult(
                rule_id=f"dbt.{name}",
                layer=LAYER,
                table_name=_table(node, nodes),
                severity="warning" if warns else "critical",
                status=status,
                observed=masked(outcome.message or "")[:500] or None,
                failing_rows=outcome.failures if status != "error" else None,
                sample=None,
                description_zh=zh,
                description_en=en,
            )
        )
    return results
