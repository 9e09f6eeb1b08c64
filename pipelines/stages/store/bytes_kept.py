"""Whether the store's bytes are still those written: the archive's files, the lake's parts.

A file whose size and times are those noted is taken for unchanged; where they differ its hash
decides. A whole warehouse is checked like this in a second; with `deep` every byte is hashed, as
`juandi doctor` does. What follows from a fault is `healing`'s.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from pipelines.publishing.files import forget_pages
from pipelines.settings import Settings
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.receipts import Outcome, Part, Receipt, Taken
from pipelines.stages.store.zones import Places

MISSING, ALTERED, UNREADABLE = "missing", "altered", "unreadable"
UNNOTED = "unnoted"  # older code wrote the parts, and no hash of them
LAKE, QUARANTINE = "lake", "quarantine"

#: (source, sha256) → size and times of the archived file when its bytes were last known whole.
Stamps: TypeAlias = Mapping[tuple[str, str], tuple[int, int, int]]


def _times(stat: os.stat_result) -> tuple[int, int, int]:
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def hash_of(path: Path | str, algorithm: str = "sha256") -> str:
    """Hash of a file's bytes. Raises OSError."""
    with Path(path).open("rb") as raw:
        digest = hashlib.file_digest(raw, algorithm).hexdigest()
        forget_pages(raw.fileno())
    return digest


def _folders(places: Places, receipt: Receipt, load: Outcome | Taken) -> Iterator[tuple[str, str]]:
    """The zones in which a load has parts, by its own account."""
    if load.rows_loaded and load.partition is not None:
        yield LAKE, places.lake(receipt, load.partition)
    if load.rows_quarantined:
        yield QUARANTINE, places.quarantine(receipt)


def written_parts(settings: Settings, receipt: Receipt, outcome: Outcome) -> list[Part]:
    """The parts of a load just written, with their hashes. Raises OSError."""
    return [
        Part(zone, name, *_times(entry.stat()), hash_of(entry.path))
        for zone, folder in _folders(Places(settings), receipt, outcome)
        for name, entry in sorted(_on_disk(folder).items())
    ]


def _on_disk(folder: str) -> dict[str, os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return {e.name: e for e in entries if e.name.endswith(".parquet")}


def check_parts(
    places: Places,
    receipt: Receipt,
    load: Outcome | Taken,
    parts: Iterable[Part],
    *,
    deep: bool = False,
) -> tuple[str | None, list[Part]]:
    """What is wrong with the parts of a load, None if they are those that were written.

    Also the parts that had to be hashed to know, as they are noted from now on.
    """
    noted: dict[tuple[str, str], Part] = {(p.zone, p.name): p for p in parts}
    folders = list(_folders(places, receipt, load))
    renewed: list[Part] = []
    try:
        there = {(z, name): entry for z, f in folders for name, entry in _on_disk(f).items()}
        if noted.keys() - there.keys() or (folders and not there):
            return MISSING, []
        if noted.keys() != there.keys():
            has_parts = load.rows_loaded or load.rows_quarantined
            return UNNOTED if has_parts and not noted else ALTERED, []
        for place, part in noted.items():
            times = _times(there[place].stat())
            if times[0] != part.bytes:
                return ALTERED, []
            if deep or times != (part.bytes, part.mtime_ns, part.ctime_ns):
                if hash_of(there[place].path) != part.sha256:
                    return ALTERED, []
                renewed.append(Part(part.zone, part.name, *times, part.sha256))
    except FileNotFoundError:
        return MISSING, []
    except OSError:
        return UNREADABLE, []
    return None, renewed


def stamps(catalog: Catalog, of: Iterable[Receipt] | None = None) -> Stamps:
    """The stamps of all archived files, or of the bytes of these receipts only, if given."""
    which = " where (source, sha256) in (select value ->> 0, value ->> 1 from json_each(?))"
    values = () if of is None else (json.dumps([[r.source, r.sha256] for r in of]),)
    with catalog.archive() as db:
        rows = db.execute(
            "select source, sha256, bytes, mtime_ns, ctime_ns from archived"
            + (which if values else ""),
            values,
        )
        return {(source, sha): (size, mtime, ctime) for source, sha, size, mtime, ctime in rows}


def stamp(catalog: Catalog, receipts: Iterable[Receipt]) -> None:
    """Notes size and times of archived files whose bytes are known to be whole."""
    places = Places(catalog.settings)
    rows = []
    for receipt in receipts:
        try:
            stat = Path(places.archived(receipt)).stat()
        except OSError:
            continue  # the next check finds it
        rows.append((receipt.source, receipt.sha256, *_times(stat)))
    if rows:
        with catalog.archive() as db:
            db.executemany("insert or replace into archived values (?, ?, ?, ?, ?)", rows)


def archive_fault(
    places: Places, receipt: Receipt, known: Stamps, *, deep: bool = False
) -> tuple[str | None, bool]:
    """What is wrong with a receipt's archived bytes, and whether they had to be hashed to know."""
    path = places.archived(receipt)
    try:
        times = _times(os.stat(path))  # noqa: PTH116 - asked of every file
        if times[0] != receipt.bytes:
            return ALTERED, False
        if not deep and known.get((receipt.source, receipt.sha256)) == times:
            return None, False
        return (None if hash_of(path) == receipt.sha256 else ALTERED), True
    except FileNotFoundError:
        return MISSING, False
    except OSError:
        return UNREADABLE, False


def is_archived(places: Places, receipt: Receipt, known: Stamps) -> bool:
    """True if a receipt's bytes can be read again. One not stamped yet has just been received."""
    if (receipt.source, receipt.sha256) in known:
        return archive_fault(places, receipt, known)[0] is None
    try:
        return Path(places.archived(receipt)).stat().st_size == receipt.bytes
    except OSError:
        return False
