"""What was noticed about files beside their accounts: drift, what was left out, like files.

Rows of `ops.drift`, `ops.left_out` and `ops.file_pairs`, derived from standings. Rows and money
of a file are `accounts`' business.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from pipelines.stages.build.accounts import naive
from pipelines.stages.standing.values import Standing
from pipelines.stages.store.receipts import Receipt


@dataclass(frozen=True)
class Drift:
    """Something the contract does not know: a row of `ops.drift`."""

    source: str
    partition: date | None
    file_name: str
    source_file_id: str
    kind: str  # column | code
    name: str
    value: str | None
    times: int | None
    first_seen: datetime


def drifts(standings: Iterable[Standing]) -> list[Drift]:
    """Unknown columns and codes of every file that was read."""
    found = []
    for standing in standings:
        if standing.status == "duplicate":
            continue
        receipt: Receipt = standing.receipt
        place = (receipt.source, standing.partition, receipt.shown_name, receipt.file_id)
        seen = naive(receipt.first_seen_at)
        found += [
            Drift(*place, "column", name, None, None, seen)
            for name in standing.outcome.unknown_columns
        ]
        found += [
            Drift(*place, "code", column, word, times, seen)
            for column, word, times in standing.outcome.unknown_codes
        ]
    return found


@dataclass(frozen=True)
class LeftOutRecord:
    """What a file held that was not taken: a row of `ops.left_out`. Counts, never values."""

    source: str
    partition: date | None
    file_name: str
    source_file_id: str | None  # None for a file that was not received
    kind: str  # `pipelines.reading.left_out.LeftKind`
    place: str
    rows: int
    cells: int
    first_seen: datetime


def left_outs(standings: Iterable[Standing]) -> list[LeftOutRecord]:
    """What was left out of every file that was read, once for equal bytes."""
    return [
        LeftOutRecord(
            source=s.receipt.source,
            partition=s.partition,
            file_name=s.receipt.shown_name,
            source_file_id=s.receipt.file_id,
            kind=left.kind,
            place=left.place,
            rows=left.rows,
            cells=left.cells,
            first_seen=naive(s.receipt.first_seen_at),
        )
        for s in standings
        if s.status != "duplicate"
        for left in s.outcome.left_out
    ]


@dataclass(frozen=True)
class FilePair:
    """Two files that are alike, and the decision: a row of `ops.file_pairs`."""

    source: str
    partition: date | None
    file_name: str
    source_file_id: str
    earlier_file_name: str
    earlier_file_id: str
    alike: str  # `pipelines.stages.standing.values.Meets`
    decided: str  # `pipelines.stages.standing.values.Decided`
    shared_rows: int
    earlier_rows: int
    shared_percent: Decimal


def file_pairs(standings: Iterable[Standing]) -> list[FilePair]:
    """Pairs of which the later file stands; names with their folders, for these differ."""
    return [
        FilePair(
            source=s.receipt.source,
            partition=s.partition,
            file_name=s.receipt.shown_path,
            source_file_id=s.receipt.file_id,
            earlier_file_name=met.earlier.shown_path,
            earlier_file_id=met.earlier.file_id,
            alike=met.alike,
            decided=met.decided,
            shared_rows=met.shared,
            earlier_rows=met.of,
            shared_percent=(Decimal(100 * met.shared) / max(met.of, 1)).quantize(Decimal("0.01")),
        )
        for s in standings
        if s.is_active
        for met in s.meetings
    ]
