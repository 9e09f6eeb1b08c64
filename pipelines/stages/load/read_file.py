"""One received file, read into the lake and the quarantine.

A function of the receipt, its archived bytes, the contract and what people decided on its lines:
it writes into that file's own folders and knows no catalogue, so any process over the warehouse's
folders can do it. A file's rows count only once `load` has noted its outcome.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pipelines.cleaning.identities import pseudonym_text
from pipelines.publishing.files import forget_pages
from pipelines.reading.blocks import ReadTable
from pipelines.reading.encodings import ReadAgain
from pipelines.reading.footers import Aside
from pipelines.reading.headings import title_day
from pipelines.reading.refusals import FileRefused
from pipelines.reading.tables import tables
from pipelines.settings import BEIJING, Settings
from pipelines.sources import SOURCES, Source
from pipelines.stages.load.account import Account
from pipelines.stages.load.duplicates import KeyCheck
from pipelines.stages.load.faults import refusal_of
from pipelines.stages.load.forgotten import NOBODY, Forgotten
from pipelines.stages.load.memory import return_large_blocks
from pipelines.stages.load.parts import Parts
from pipelines.stages.load.rows import FileFacts, RowCleaner
from pipelines.stages.load.table_rows import read_rows
from pipelines.stages.receive.pull import archived
from pipelines.stages.store.bytes_kept import written_parts
from pipelines.stages.store.receipts import Correction, Outcome, Part, Receipt
from pipelines.stages.store.zones import lake_folder, quarantine_folder


@dataclass(frozen=True)
class LinesDecided:
    """What people decided on lines before they are read: corrections, and who is forgotten."""

    corrections: tuple[Correction, ...] = ()
    forgotten: Forgotten = NOBODY


NOTHING_DECIDED = LinesDecided()


@dataclass(frozen=True)
class Handed:
    """A file to be read, with all that is needed for it beside the warehouse's folders.

    `has_ended_readers`: whoever was given it last came to an end.
    """

    settings: Settings
    receipt: Receipt
    key: str
    decided: LinesDecided
    has_ended_readers: bool = False


class FileRead(NamedTuple):
    """What reading a file gave, and the parts that were written for it. `is_final`: the same code
    would read it so again; where the machine may be at fault it is tried again another night."""

    outcome: Outcome
    parts: list[Part]
    is_final: bool = True


def read_handed(handed: Handed) -> FileRead:
    """Reads a file that was handed out. Raises what ends the night (`faults`)."""
    return_large_blocks()
    settings, receipt = handed.settings, handed.receipt
    source = SOURCES[receipt.source]
    outcome = load_receipt(settings, source, receipt, handed.key, handed.decided)
    return FileRead(outcome, written_parts(settings, receipt, outcome))


def load_receipt(
    settings: Settings,
    source: Source,
    receipt: Receipt,
    key: str,
    decided: LinesDecided = NOTHING_DECIDED,
) -> Outcome:
    """Reads one file into the lake and the quarantine. A refused file leaves neither.

    Of what was `decided` on the source's lines, that on this file's is taken.
    """
    draft, refused = cleared(settings, receipt)
    now = datetime.now(BEIJING).isoformat(timespec="seconds")
    try:
        try:
            outcome = _read(settings, source, receipt, key, draft, decided)
        except ReadAgain:
            for half in (draft, refused):
                shutil.rmtree(half, ignore_errors=True)
            outcome = _read(settings, source, receipt, key, draft, decided, again=True)
    except BaseException as error:  # a panic in Polars is no Exception; `refusal_of` decides
        for half in (draft, refused):
            shutil.rmtree(half, ignore_errors=True)
        refusal = refusal_of(error, refused)
        if refusal is None:
            raise
        out_of_lake(settings, receipt)
        return Outcome(partition=receipt.partition, refusal=refusal, loaded_at=now)
    finally:
        with suppress(OSError), archived(settings, receipt).open("rb") as read:
            forget_pages(read.fileno())
    put_in_place(settings, receipt, outcome, draft)
    return replace(outcome, loaded_at=now)


def cleared(settings: Settings, receipt: Receipt) -> tuple[Path, Path]:
    """Where a file's rows are drafted, and where its refused rows lie; both are emptied."""
    folders = settings.lake / ".drafts" / receipt.file_id, quarantine_folder(settings, receipt)
    for old in folders:
        shutil.rmtree(old, ignore_errors=True)
    return folders


def out_of_lake(settings: Settings, receipt: Receipt) -> None:
    """Removes the rows of a refused file that lie in place: those of earlier code, or of somebody
    who came to an end before telling of them. No outcome tells where they lie from now on."""
    for old in (settings.lake / receipt.source).glob(
        f"export_date={receipt.partition or '*'}/{receipt.file_id}"
    ):
        shutil.rmtree(old, ignore_errors=True)


def put_in_place(settings: Settings, receipt: Receipt, outcome: Outcome, draft: Path) -> None:
    """Renames the drafted parts into the lake, in place of earlier ones."""
    final = lake_folder(settings, receipt, outcome.partition)
    shutil.rmtree(final, ignore_errors=True)
    if draft.exists():
        final.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(final)


def day_of(source: Source, receipt: Receipt, table: ReadTable) -> tuple[date, bool]:
    """The day of the file's rows, and whether its name or a cell states it."""
    day, is_stated = receipt.partition, True
    if day is None and source.dated:
        raise FileRefused("file.undated", receipt.shown_name)
    if day is None:
        stated = title_day(table.titles, source.day_words)
        is_stated = stated is not None
        day = date.fromisoformat(stated) if stated else receipt.modified_at.date()
    if day > receipt.first_seen_at.date() + timedelta(days=1):
        raise FileRefused("file.future_date", f"{day}")
    return day, is_stated


def cleaner_of(
    source: Source,
    receipt: Receipt,
    table: ReadTable,
    day: date,
    key: str,
    forgotten: Forgotten = NOBODY,
) -> RowCleaner:
    """What cleans the rows of a table of a received file."""
    # a sheet is identified by its name: with pseudonyms two names stay two
    table.sheet = table.sheet and pseudonym_text(table.sheet, key)
    facts = FileFacts(
        receipt.file_id,
        receipt.shown_name,
        day,
        receipt.received_no,
        receipt.first_seen_at.isoformat(),
        receipt.landing_path,
    )
    return RowCleaner(source, table, facts, key, forgotten)


def _read(
    settings: Settings,
    source: Source,
    receipt: Receipt,
    key: str,
    draft: Path,
    decided: LinesDecided,
    *,
    again: bool = False,
) -> Outcome:
    account: Account | None = None
    aside, keys = Aside(), KeyCheck(source, draft)
    good, bad = Parts(draft), Parts(quarantine_folder(settings, receipt))
    path = archived(settings, receipt)
    for table in tables(path, receipt.file_name, source, settings, again=again):
        if account is None:
            day, is_stated = day_of(source, receipt, table)
            account = Account(source, aside, day, is_day_stated=is_stated)
        cleaner = cleaner_of(source, receipt, table, account.partition, key, decided.forgotten)
        rows = read_rows(
            cleaner, aside, keys, good, bad, decided.corrections,
            is_short=receipt.bytes < settings.block_bytes,
        )  # fmt: skip # a call
        account.add(table, rows)
    if account is None:
        raise FileRefused("file.empty")
    good.flush()
    bad.flush()
    return account.outcome(keys)
