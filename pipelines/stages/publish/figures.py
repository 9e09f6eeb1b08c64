"""What a release's file holds, in figures: to set a release beside the one before it.

Looks only, at a file that is finished.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.publishing.beside.parts import parts_in


@dataclass(frozen=True)
class SourceHeld:
    """What a release has of a source: files that stand, their rows and yuan, rows quarantined."""

    files: int = 0
    rows: int = 0
    amount_cny: Decimal = Decimal("0.00")
    quarantined: int = 0


@dataclass(frozen=True)
class ReleaseFigures:
    """The size of a release's file with its parts, and what it has of each source."""

    bytes: int = 0
    by_source: Mapping[str, SourceHeld] = field(default_factory=dict)


def figures_of(file: Path | None) -> ReleaseFigures:
    """Of a release's file; without any where there is none, or it cannot be asked."""
    if file is None or not file.is_file():
        return ReleaseFigures()
    found: dict[str, SourceHeld] = {}
    beside = 0
    with suppress(duckdb.Error), duckdb.connect(str(file), read_only=True) as db:
        rows = db.execute(
            "select source, count(*) filter (where status = 'loaded'), sum(rows_loaded)::bigint,"
            " sum(amount_loaded_cny), sum(rows_quarantined)::bigint"
            " from ops.load_audit group by source"
        ).fetchall()
        found = {source: SourceHeld(*held) for source, *held in rows}
        beside = sum(part.bytes for part in parts_in(db, file.stem))
    return ReleaseFigures(file.stat().st_size + beside, found)
