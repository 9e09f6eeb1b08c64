"""The accounts of a build: what `ops.load_audit` and its neighbours say, derived from standings.

Law 1 is kept here: of every file, rows read = loaded + quarantined + duplicate + superseded, in
rows and in money. Writing the tables into the release is `build`'s business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from pipelines.settings import BEIJING
from pipelines.sources import SOURCES, Source
from pipelines.stages.load.claims import agrees
from pipelines.stages.standing.holding import why_held
from pipelines.stages.standing.values import Standing
from pipelines.stages.store.receipts import Outcome


@dataclass(frozen=True)
class LoadRecord:
    """A received file as it stands: a row of `ops.load_audit`. Amounts in yuan."""

    source_file_id: str
    source: str
    partition: date | None
    file_name: str
    sha256: str
    bytes: int
    encoding: str | None
    dialect: str | None
    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    rows_duplicate: int
    rows_superseded: int
    amount_read_cny: Decimal
    amount_loaded_cny: Decimal
    amount_quarantined_cny: Decimal
    amount_duplicate_cny: Decimal
    amount_superseded_cny: Decimal
    footer_rows: int
    footer_amount_cny: Decimal | None
    footer_agrees: bool | None
    is_truncated: bool
    repeated_headings: int
    status: str
    reason: str | None
    other_file_id: str | None
    landing_path: str
    received_at: datetime
    loaded_at: datetime | None


def yuan(fen: int) -> Decimal:
    """Exact yuan of whole fen."""
    return Decimal(fen).scaleb(-2)


def naive(moment: datetime) -> datetime:
    """Beijing wall clock, as the tables keep it."""
    return moment.astimezone(BEIJING).replace(tzinfo=None)


def _shares(standing: Standing) -> tuple[dict[str, int], dict[str, int]]:
    """Rows and fen by fate, as the file stands now."""
    outcome = standing.outcome
    rows = {
        k: getattr(outcome, f"rows_{k}")
        for k in ("loaded", "quarantined", "duplicate", "superseded")
    }
    fen = {k: getattr(outcome, f"fen_{k}") for k in rows}
    if standing.status == "duplicate":
        rows = dict.fromkeys(rows, 0) | {"duplicate": outcome.rows_read}
        fen = dict.fromkeys(fen, 0) | {"duplicate": outcome.fen_read}
    elif standing.status in ("reissue", "superseded", "held", "rejected"):
        rows |= {"loaded": 0, "superseded": rows["superseded"] + rows["loaded"]}
        fen |= {"loaded": 0, "superseded": fen["superseded"] + fen["loaded"]}
    return rows, fen


def _reason(standing: Standing) -> str | None:
    other = standing.other.shown_name if standing.other else ""
    match standing.status:
        case "refused":
            return standing.outcome.refusal
        case "duplicate":
            return f"与 {other} 逐字节相同 / the same bytes as {other}"
        case "reissue":
            return f"重发：各行与 {other} 相同 / a re-issue: the same rows as {other}"
        case "superseded":
            return f"被 {other} 取代 / replaced by {other}"
        case "held" if standing.held:
            return why_held(standing.receipt, standing.held)
        case "rejected":
            return "经人弃用，原文件仍在用 / rejected by a person; what it would replace stands"
    return None


def _agrees(outcome: Outcome) -> bool | None:
    """Whether every figure that the file prints about itself is right; None if it prints none."""
    if not outcome.totals_told and not outcome.claims:
        return None
    claims = all(agrees(printed, found) for _, printed, found in outcome.claims)
    return claims and not outcome.totals_wrong


def load_record(standing: Standing) -> LoadRecord:
    """The account of one file."""
    receipt, outcome = standing.receipt, standing.outcome
    rows, fen = _shares(standing)
    footer = outcome.footer_fen
    return LoadRecord(
        source_file_id=receipt.file_id,
        source=receipt.source,
        partition=standing.partition,
        file_name=receipt.shown_name,
        sha256=receipt.sha256,
        bytes=receipt.bytes,
        encoding=outcome.encoding,
        dialect=outcome.dialect,
        rows_read=outcome.rows_read,
        rows_loaded=rows["loaded"],
        rows_quarantined=rows["quarantined"],
        rows_duplicate=rows["duplicate"],
        rows_superseded=rows["superseded"],
        amount_read_cny=yuan(outcome.fen_read),
        amount_loaded_cny=yuan(fen["loaded"]),
        amount_quarantined_cny=yuan(fen["quarantined"]),
        amount_duplicate_cny=yuan(fen["duplicate"]),
        amount_superseded_cny=yuan(fen["superseded"]),
        footer_rows=outcome.footer_rows,
        footer_amount_cny=None if footer is None else yuan(footer),
        footer_agrees=_agrees(outcome),
        is_truncated=outcome.truncated,
        repeated_headings=outcome.repeated_headings,
        status=standing.status,
        reason=_reason(standing),
        other_file_id=standing.other.file_id if standing.other else None,
        landing_path=receipt.shown_path,
        received_at=naive(receipt.first_seen_at),
        loaded_at=naive(datetime.fromisoformat(outcome.loaded_at)) if outcome.loaded_at else None,
    )


@dataclass(frozen=True)
class Health:
    """How a source is: a row of `ops.source_health`."""

    source: str
    title_zh: str
    title_en: str
    last_good_partition: date | None
    last_loaded_at: datetime | None
    hours_stale: int | None
    expected_every: str
    open_quarantine: int
    refused_files: int
    status: str


def health(
    source: Source, standings: Sequence[Standing], as_of: date, open_quarantine: int
) -> Health:
    """How fresh a source's good data is at `as_of` (a day's export is due the day after).

    `status`: never (nothing good yet), held (a file waits for a decision), refused (its newest
    file was refused), stale (a dated source behind its cadence), else ok.
    """
    good = [s for s in standings if s.status in ("loaded", "duplicate", "reissue") and s.partition]
    refused = [s for s in standings if s.status == "refused"]
    last = max((s.partition for s in good if s.partition), default=None)
    loaded = max((s.outcome.loaded_at for s in good), default=None)
    due = source.expected_every
    reach = max([as_of, *(s.partition for s in refused if s.partition)])
    stale = None if last is None else max((reach - last) // timedelta(hours=1), 0)
    newest = standings[-1] if standings else None
    if any(s.status == "held" for s in standings):
        status = "held"
    elif last is None:
        status = "refused" if refused else "never"
    elif newest and newest.status == "refused":
        status = "refused"
    elif due and stale is not None and timedelta(hours=stale) > due:
        status = "stale"
    else:
        status = "ok"
    return Health(
        source=source.name,
        title_zh=source.title_zh,
        title_en=source.title_en,
        last_good_partition=last,
        last_loaded_at=naive(datetime.fromisoformat(loaded)) if loaded else None,
        hours_stale=stale,
        expected_every="1 day" if due else "on event",
        open_quarantine=open_quarantine,
        refused_files=len(refused),
        status=status,
    )


def healths(
    standings: Iterable[Standing], as_of: date, open_quarantine: dict[str, int]
) -> list[Health]:
    """The health of every declared source."""
    received = list(standings)
    return [
        health(
            s,
            [x for x in received if x.receipt.source == s.name],
            as_of,
            open_quarantine.get(s.name, 0),
        )
        for s in SOURCES.values()
    ]
