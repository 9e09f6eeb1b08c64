"""Archived files that are missing or altered, as the release lists them.

`healing` finds them before a build. They are a warning, for their rows stay in the lake.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipelines.settings import Settings
from pipelines.stages.store.catalog import Catalog


@dataclass(frozen=True)
class ArchiveFault:
    """A row of `ops.archive_faults`."""

    source: str
    file_name: str
    source_file_id: str
    fault: str  # missing | altered | unreadable
    found_at: datetime


def archive_faults(settings: Settings) -> list[ArchiveFault]:
    """Those that the last look found, in order of receipt."""
    catalog = Catalog(settings)
    with catalog.lake() as db:
        found = {
            number: (fault, at)
            for number, fault, at in db.execute(
                "select received_no, fault, found_at from archive_faults"
            )
        }
    if not found:
        return []
    return [
        ArchiveFault(
            receipt.source,
            receipt.shown_name,
            receipt.file_id,
            found[receipt.received_no][0],
            datetime.fromisoformat(found[receipt.received_no][1]).replace(tzinfo=None),
        )
        for receipt in catalog.receipts()
        if receipt.received_no in found
    ]
