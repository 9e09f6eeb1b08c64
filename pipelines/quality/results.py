"""What a check found: one `GateResult` per rule, and its table in the release.

Verdicts only. Whether a release may go out is decided by the gate stage.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import duckdb

from pipelines.cleaning.identities import mask_text
from pipelines.tables.ddl import column_types, comments, create
from pipelines.tables.registry import OPS

Status = Literal["pass", "fail", "error", "skipped"]
SAMPLE_ROWS = 5

#: Never printed in a sample, whatever a rule selects: they may name a person (law 9).
_PRIVATE_COLUMNS = re.compile(
    r"^(donor|donor_(key|id|name)|phone|mobile|nickname|leader|raw_text|reviewer_name)$"
)


@dataclass(frozen=True)
class GateResult:
    """One rule's verdict; a row of ``ops.gate_results``.

    `error` means that the check itself could not be carried out (law 5). `failing_rows` is null
    where nothing was counted. `sample` is JSON text: at most five rows, no personal data.
    `checked_rows` are those that the rule weighed, the failing ones among them; null where that is
    not known, or not counted in the same unit.
    """

    rule_id: str
    layer: str
    table_name: str
    severity: str
    status: Status
    observed: str | None
    failing_rows: int | None
    sample: str | None
    description_zh: str
    description_en: str
    checked_rows: int | None = None

    @property
    def blocks(self) -> bool:
        """True where a release must not go out: a critical fail, or any error."""
        return self.status == "error" or (self.status == "fail" and self.severity == "critical")


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):  # a datetime is a date
        return value.isoformat()
    return mask_text(str(value))


def sample_json(rows: Sequence[Mapping[str, object]]) -> str | None:
    """At most five rows as JSON text, personal columns left out; None if there are none."""
    kept = [
        {k: _plain(v) for k, v in row.items() if not _PRIVATE_COLUMNS.search(k)}
        for row in rows[:SAMPLE_ROWS]
    ]
    return json.dumps(kept, ensure_ascii=False) if kept else None


def write_results(
    connection: duckdb.DuckDBPyConnection,
    run_id: str,
    layers: Sequence[str],
    results: Sequence[GateResult],
    catalog: str = "juandi",
) -> None:
    """Puts the verdicts into ``ops.gate_results``, in place of earlier ones of these layers."""
    table = f"{catalog}.ops.gate_results"
    types = column_types("gate_results")
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {catalog}.ops")
    connection.execute(create("gate_results", catalog, how="CREATE TABLE IF NOT EXISTS"))
    connection.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS run_id VARCHAR")
    for comment in comments(OPS["gate_results"], catalog):
        connection.execute(comment)
    connection.execute(f"DELETE FROM {table} WHERE list_contains($1, layer)", [list(layers)])
    if not results:
        return
    # one list per column: one statement per row would take seconds for some hundreds of verdicts
    lists = [
        [run_id if name == "run_id" else getattr(result, name) for result in results]
        for name in types
    ]
    cells = ", ".join(f"unnest(?::{kind}[])" for kind in types.values())
    connection.execute(f"INSERT INTO {table} ({', '.join(types)}) SELECT {cells}", lists)
