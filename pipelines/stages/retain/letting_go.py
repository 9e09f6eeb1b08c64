"""Lets received files go: first the note, then the bytes, so that a crash loses no word of it.

What is noted is no longer read, looked for or repaired, whether its bytes are still there or not;
the next time completes what was interrupted. A note is never taken back.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pipelines.settings import BEIJING, Settings
from pipelines.stages.retain.due import Due
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.let_go import (
    ARCHIVE,
    LAKE,
    QUARANTINE,
    LetGo,
    Verdict,
    done,
    keep_verdicts,
    let_go_in,
    unfinished,
    verdicts,
)
from pipelines.stages.store.receipts import Receipt
from pipelines.stages.store.zones import Places


def let_go(settings: Settings, due: Sequence[Due]) -> None:
    """Lets files go that are due, under the lock that the caller holds. Raises OSError."""
    catalog = Catalog(settings)
    now = datetime.now(BEIJING).replace(microsecond=0)
    if due:
        keep_verdicts(
            catalog,
            [
                Verdict(
                    one.standing.receipt.received_no,
                    one.standing.receipt.source,
                    one.standing.receipt.file_id,
                    one.standing.status,
                    one.standing.other.received_no if one.standing.other else None,
                    one.standing.outcome,
                )
                for one in due
            ],
            [
                LetGo(one.standing.receipt.received_no, zone, size, now, one.rules[zone])
                for one in due
                for zone, size in one.sizes.items()
            ],
        )
    complete(settings)


def complete(settings: Settings) -> int:
    """Deletes what is noted and still there; returns how many files. Raises OSError.

    The loads are forgotten before their parts go: what nobody counts is not missed.
    """
    catalog = Catalog(settings)
    waiting = unfinished(catalog)
    if not waiting:
        return 0
    zones: dict[int, set[str]] = defaultdict(set)
    for number, zone in waiting:
        zones[number].add(zone)
    known, places = verdicts(catalog), Places(settings)
    receipts = {r.received_no: r for r in catalog.receipts_like(zones)}
    archive_gone = let_go_in(catalog, ARCHIVE)
    needed = {(r.source, r.sha256) for r in receipts.values() if r.received_no not in archive_gone}
    catalog.forget(*zones)
    for number, gone in zones.items():
        receipt = receipts[number]
        partition = known[number].outcome.partition
        if LAKE in gone and partition is not None:
            _remove(places.lake(receipt, partition))
        if QUARANTINE in gone:
            _remove(places.quarantine(receipt))
        if ARCHIVE in gone and (receipt.source, receipt.sha256) not in needed:
            Path(places.archived(receipt)).unlink(missing_ok=True)
    done(catalog, waiting)
    _forget_stamps(catalog, [receipts[n] for n in zones if ARCHIVE in zones[n]], needed)
    return len(zones)


def _remove(folder: str) -> None:
    if Path(folder).is_dir():
        shutil.rmtree(folder)


def _forget_stamps(
    catalog: Catalog, receipts: Sequence[Receipt], needed: set[tuple[str, str]]
) -> None:
    gone = {(r.source, r.sha256) for r in receipts} - needed
    with catalog.archive() as db:
        db.executemany("delete from archived where source = ? and sha256 = ?", sorted(gone))
