"""The store mends itself before a build: what is derived is made again, the rest is reported.

A lake part that is missing, cut or altered: its file is read again from the archive. A damaged
catalogue of the lake: all files are. An archived file that is missing or altered: taken from
landing if it still lies there, else reported, and its rows stay. Whether bytes are still those
written is decided by `bytes_kept`; a person restores the archive's catalogue (`restoring`).
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl

from pipelines.publishing.machine import condition
from pipelines.reading.refusals import FileRefused
from pipelines.settings import BEIJING, Settings
from pipelines.sources import SOURCES
from pipelines.stages.receive.pull import DRAFT, NotReceived, archive_bytes
from pipelines.stages.store.bytes_kept import (
    UNNOTED,
    Stamps,
    archive_fault,
    check_parts,
    hash_of,
    is_archived,
    stamp,
    stamps,
)
from pipelines.stages.store.catalog import Catalog, CatalogDamaged
from pipelines.stages.store.let_go import ARCHIVE, let_go_in, verdicts
from pipelines.stages.store.receipts import Outcome, Part, Receipt, Taken
from pipelines.stages.store.zones import Places, lake_folder

#: State of a decision on a file whose rows a person has given up.
GIVEN_UP = "given_up"
_LOST = ("file.lost", "file.given_up")


@dataclass
class Healed:
    """What was found before a run: read again, taken back from landing, lost from the archive."""

    catalogue: Path | None = None  # where the damaged catalogue of the lake was laid aside
    without_lake: int = 0  # archived files, where the lake was gone: all of them are read
    read_again: list[tuple[Receipt, str]] = field(default_factory=list)
    taken_back: list[Receipt] = field(default_factory=list)
    archive: list[tuple[Receipt, str]] = field(default_factory=list)
    forgotten: int = 0  # files that held somebody forgotten since they were read
    is_published_again: bool = False  # the published file was gone, or could not be opened

    def sentences(self) -> list[str]:
        """For people, in both languages."""
        lines = []
        if self.is_published_again:
            lines.append(
                "发布文件缺失或无法打开，已从 releases/ 重新发布读者此前所见 / the published file "
                "was missing or could not be opened: what readers saw last is published again"
            )
        if self.catalogue:
            lines.append(
                "湖的目录已损坏，全部文件从归档重读 / the lake's catalogue was damaged and every "
                f"file is read again; it was laid aside as {self.catalogue.name}"
            )
        if self.without_lake:
            lines.append(
                f"没有湖，归档中 {self.without_lake} 份文件全部重读 / there is no lake: all "
                f"{self.without_lake} files of the archive are read"
            )
        if unnoted := sum(fault == UNNOTED for _, fault in self.read_again):
            lines.append(
                f"湖中 {unnoted} 份文件由旧版本写成、未留指纹，从归档重读 / {unnoted} files in the"
                " lake were written by older code that noted no hash of them; read again from the"
                " archive"
            )
        lines += [
            f"湖中数据损坏（{fault}），从归档重读 / lake parts {fault}, read again from the "
            f"archive: {receipt.source}/{receipt.shown_name}"
            for receipt, fault in self.read_again
            if fault != UNNOTED
        ]
        lines += [
            f"归档文件已从收件目录补回 / archived file taken back from landing: "
            f"{receipt.source}/{receipt.shown_name}"
            for receipt in self.taken_back
        ]
        lines += [
            f"归档文件有误（{fault}），请放回收件目录 / archived file {fault}: its rows stay "
            f"where they are whole; put it back into landing: "
            f"{receipt.source}/{receipt.shown_name} ({receipt.sha256[:12]}…)"
            for receipt, fault in self.archive
        ]
        if self.forgotten:
            lines.append(
                f"{self.forgotten} 份文件载有已申请遗忘的人，重读以去除 / "
                f"{self.forgotten} files held somebody who asked to be forgotten, and lose them"
            )
        return lines


def heal(settings: Settings) -> Healed:
    """Mends what can be mended, under the lock that the caller holds. Raises CatalogDamaged."""
    healed = Healed()
    catalog = Catalog(settings)
    check(catalog.archive_file, catalog.archive)
    was_there = catalog.lake_file.exists()
    healed.catalogue, taken = _lake_catalogue(catalog)
    _clear_drafts(settings)
    receipts = {r.received_no: r for r in catalog.receipts()}
    parts, places = noted_parts(catalog), Places(settings)
    for number, load in taken.items():
        receipt = receipts.get(number)
        if receipt is None or receipt.source not in SOURCES:
            catalog.forget(number)
            continue
        fault, renewed = check_parts(places, receipt, load, parts.get(number, ()))
        if fault:
            healed.read_again.append((receipt, fault))
        catalog.note_parts(number, renewed)
    let_go = let_go_in(catalog, ARCHIVE)
    kept = [receipt for number, receipt in receipts.items() if number not in let_go]
    healed.without_lake = 0 if was_there else len(receipts) - len(verdicts(catalog))
    healed.archive = _archive(catalog, kept, healed.taken_back)
    gone = {receipt.received_no for receipt, _ in healed.archive}
    given_up = {file for file, (state, _) in catalog.decisions().items() if state == GIVEN_UP}
    for number, load in taken.items():
        lost = (load.refusal or "").startswith(_LOST)
        if lost and (number not in gone or receipts[number].file_id in given_up):
            catalog.forget(number)
    # what cannot be read again is settled where it is read: its rows are lost
    for receipt, _ in healed.read_again:
        catalog.forget(receipt.received_no)
    return healed


def check(path: Path, opened: object) -> None:
    """Raises CatalogDamaged where a catalogue is no longer what SQLite wrote."""
    if not path.exists() and path.parent.name == "lake":
        return
    with opened() as db:  # type: ignore[operator]
        (answer,) = db.execute("pragma quick_check(1)").fetchone()
        if answer != "ok":
            raise CatalogDamaged(path, "目录已损坏 / it is damaged", "juandi doctor --repair")


def _lake_catalogue(catalog: Catalog) -> tuple[Path | None, dict[int, Taken]]:
    """What was loaded. A damaged catalogue is laid aside; without it every file is pending."""
    path = catalog.lake_file
    try:
        check(path, catalog.lake)
        if path.exists():
            return None, catalog.taken()
    except (CatalogDamaged, ValueError, KeyError, TypeError):
        pass
    except sqlite3.DatabaseError as error:
        if condition(error) is not None:
            raise
    return (lay_aside(path) if path.exists() else None), {}


def lay_aside(path: Path) -> Path:
    """Renames a damaged catalogue, with what SQLite keeps beside it. Raises OSError."""
    now = datetime.now(BEIJING).strftime("%Y%m%dT%H%M%S")
    aside = path.with_name(f"{path.name}.damaged-{now}")
    path.replace(aside)
    for log in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + log).unlink(missing_ok=True)
    return aside


def _clear_drafts(settings: Settings) -> None:
    """Removes what a load or a pull left behind when it was killed or the disk was full."""
    shutil.rmtree(settings.lake / ".drafts", ignore_errors=True)
    for draft in settings.archive.glob(f"*/.*{DRAFT}"):
        draft.unlink(missing_ok=True)


def noted_parts(catalog: Catalog) -> Mapping[int, list[Part]]:
    """received_no → the parts of its load, as they were written."""
    found: dict[int, list[Part]] = defaultdict(list)
    with catalog.lake() as db:
        for number, *part in db.execute(
            "select received_no, zone, name, bytes, mtime_ns, ctime_ns, sha256 from parts"
        ):
            found[number].append(Part(*part))
    return found


def _archive(
    catalog: Catalog, receipts: list[Receipt], taken_back: list[Receipt]
) -> list[tuple[Receipt, str]]:
    """Archived files that are missing or altered, and are not in landing either; kept for `ops`."""
    known, places = stamps(catalog), Places(catalog.settings)
    whole: list[Receipt] = []
    looked: dict[tuple[str, str], str | None] = {}
    for receipt in receipts:
        bytes_of = (receipt.source, receipt.sha256)
        if bytes_of not in looked:
            fault, is_hashed = archive_fault(places, receipt, known)
            looked[bytes_of] = fault
            if is_hashed and fault is None:
                whole.append(receipt)
        if looked[bytes_of] and _take_back(catalog.settings, receipt):
            looked[bytes_of] = None
            taken_back.append(receipt)
            whole.append(receipt)
    faults = [(r, fault) for r in receipts if (fault := looked[r.source, r.sha256])]
    stamp(catalog, whole)
    _keep(catalog, faults)
    return faults


def _take_back(settings: Settings, receipt: Receipt) -> bool:
    """Archives the file again if the very same bytes still lie in landing."""
    path = settings.landing / receipt.landing_path
    folder = settings.archive / receipt.source
    try:
        if path.stat().st_size != receipt.bytes or hash_of(path) != receipt.sha256:
            return False
    except OSError:
        return False
    (folder / receipt.sha256).unlink(missing_ok=True)
    try:
        return archive_bytes(path, folder)[0] == receipt.sha256
    except NotReceived:
        return False


def _keep(catalog: Catalog, faults: list[tuple[Receipt, str]]) -> None:
    now = datetime.now(BEIJING).isoformat(timespec="seconds")
    with catalog.lake() as db:
        known = dict(db.execute("select received_no, found_at from archive_faults").fetchall())
        if not known and not faults:
            return
        db.execute("delete from archive_faults")
        db.executemany(
            "insert into archive_faults values (?, ?, ?)",
            [(r.received_no, f, known.get(r.received_no, now)) for r, f in faults],
        )


def instead_of_reading(catalog: Catalog, receipt: Receipt, known: Stamps) -> Outcome | None:
    """What becomes of a file whose archived bytes are gone; None where they can be read.

    Rows that earlier code read stay if they are whole; else they are lost, and the file is refused
    for that reason.
    """
    settings = catalog.settings
    if is_archived(Places(settings), receipt, known):
        return None
    _, before = catalog.outcomes([receipt.received_no]).get(receipt.received_no, ("", None))
    if before is not None and not before.refusal and _still_fits(settings, receipt, before):
        return before
    state, _ = catalog.decisions().get(receipt.file_id, ("", ""))
    rule = "file.given_up" if state == GIVEN_UP else "file.lost"
    now = datetime.now(BEIJING).isoformat(timespec="seconds")
    refusal = FileRefused(rule, receipt.file_id).reason
    return Outcome(partition=receipt.partition, refusal=refusal, loaded_at=now)


def _still_fits(settings: Settings, receipt: Receipt, outcome: Outcome) -> bool:
    """True if the rows lie in the lake as today's contract has them."""
    if not outcome.rows_loaded:
        return True
    wanted = pl.Schema(SOURCES[receipt.source].lake_schema())
    parts = list(lake_folder(settings, receipt, outcome.partition).glob("*.parquet"))
    return bool(parts) and all(pl.read_parquet_schema(part) == wanted for part in parts)
