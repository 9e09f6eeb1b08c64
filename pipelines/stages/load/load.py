"""Archive → lake and quarantine: one received file at a time, streamed.

A file's rows are parts under `lake/<source>/export_date=D/<file id>/` and count only once its
outcome is in the lake's catalogue, so a crash leaves nothing half loaded. `standing.resolve`
decides which files stand in the end.
"""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TypeAlias

import polars as pl

from pipelines.cleaning.identities import mask_text, pseudonym_text
from pipelines.publishing.files import forget_pages
from pipelines.reading.ahead import ahead
from pipelines.reading.blocks import Block, ReadTable
from pipelines.reading.encodings import ReadAgain
from pipelines.reading.footers import Aside, data_rows
from pipelines.reading.heading_rows import shown
from pipelines.reading.headings import title_day
from pipelines.reading.left_out import LeftOut
from pipelines.reading.refusals import FileRefused
from pipelines.reading.tables import tables
from pipelines.settings import BEIJING, Settings
from pipelines.sources import SOURCES, Source
from pipelines.stages.load.bounds import bounded_footer, hold_within_bounds
from pipelines.stages.load.claims import settle
from pipelines.stages.load.corrections import corrected, of_table
from pipelines.stages.load.due import pending
from pipelines.stages.load.duplicates import KeyCheck
from pipelines.stages.load.faults import refusal_of
from pipelines.stages.load.forgotten import NOBODY, Forgotten
from pipelines.stages.load.joining import second_columns
from pipelines.stages.load.keys import held_key
from pipelines.stages.load.memory import return_large_blocks
from pipelines.stages.load.parts import Parts
from pipelines.stages.load.rows import CleanBlock, FileFacts, RowCleaner, Tally
from pipelines.stages.load.scales import Scale, measure, total
from pipelines.stages.load.unnaming import those_of
from pipelines.stages.receive.pull import archived
from pipelines.stages.standing.resolve import resolve
from pipelines.stages.store.bytes_kept import Stamps, stamps, written_parts
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.forgotten import entries
from pipelines.stages.store.healing import instead_of_reading
from pipelines.stages.store.receipts import Correction, Outcome, Part, Receipt
from pipelines.stages.store.zones import code_version, lake_folder, quarantine_folder


@dataclass(frozen=True)
class Loaded:
    """A receipt and what reading it gave."""

    receipt: Receipt
    outcome: Outcome


@dataclass(frozen=True)
class LinesDecided:
    """What people decided on lines before they are read: corrections, and who is forgotten."""

    corrections: tuple[Correction, ...] = ()
    forgotten: Forgotten = NOBODY


NOTHING_DECIDED = LinesDecided()


def load_source(
    settings: Settings,
    source: Source,
    partitions: Collection[date] | None = None,
    on_file: Callable[[Loaded], None] | None = None,
    *,
    again: bool = False,
    due: Callable[[Settings, Source], Sequence[Receipt]] = pending,
) -> list[Loaded]:
    """Reads what is `due` of `source` (of these partitions only, if given), oldest first.

    `again` re-reads the files that stand in these partitions, when a person asks for it.
    """
    return_large_blocks()
    key = held_key(settings)
    catalog = Catalog(settings)
    if again:
        for standing in resolve(settings, source):
            receipt = standing.receipt
            wanted = partitions is None or standing.partition in partitions
            if standing.status != "duplicate" and wanted:
                catalog.forget(receipt.received_no)
    settings.build.mkdir(parents=True, exist_ok=True)
    results: list[Loaded] = []
    read: set[int] = set()
    while todo := [
        r
        for r in due(settings, source)
        if r.received_no not in read and (partitions is None or r.partition in partitions)
    ]:
        # two files at a time: while one is settled the other is read, which keeps two cores busy
        with ThreadPoolExecutor(2, thread_name_prefix="load") as pool, ExitStack() as waiting:
            waiting.callback(pool.shutdown, wait=False, cancel_futures=True)
            decided = LinesDecided(
                tuple(catalog.corrections(source.name).values()),
                those_of(entries(catalog), key),
            )
            work = partial(_load, catalog, source, key, stamps(catalog, todo), decided)
            for receipt, (outcome, parts, up_to) in zip(todo, pool.map(work, todo), strict=True):
                catalog.record(receipt.received_no, code_version(), outcome, parts, up_to)
                read.add(receipt.received_no)
                results.append(Loaded(receipt, outcome))
                if on_file:
                    on_file(results[-1])
    return results


def _load(
    catalog: Catalog,
    source: Source,
    key: str,
    known: Stamps,
    decided: LinesDecided,
    receipt: Receipt,
) -> tuple[Outcome, list[Part], int | None]:
    """The outcome and the written parts; if the bytes are lost, of what the lake still holds.

    The last is the entry up to which people were forgotten in reading; None if nothing was read.
    """
    before = instead_of_reading(catalog, receipt, known)
    outcome = before or load_receipt(catalog.settings, source, receipt, key, decided)
    parts = written_parts(catalog.settings, receipt, outcome)
    return outcome, parts, None if before else decided.forgotten.up_to


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
    draft = settings.lake / ".drafts" / receipt.file_id
    refused = quarantine_folder(settings, receipt)
    for old in (draft, refused):
        shutil.rmtree(old, ignore_errors=True)
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
        return Outcome(partition=receipt.partition, refusal=refusal, loaded_at=now)
    finally:
        with suppress(OSError), archived(settings, receipt).open("rb") as read:
            forget_pages(read.fileno())
    final = lake_folder(settings, receipt, outcome.partition)
    shutil.rmtree(final, ignore_errors=True)
    if draft.exists():
        final.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(final)
    return replace(outcome, loaded_at=now)


def _partition(source: Source, receipt: Receipt, table: ReadTable) -> tuple[date, bool]:
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
    tally, aside, keys = Tally(), Aside(), KeyCheck(source, draft)
    partition: date | None = None
    is_day_stated = False
    scales: list[Scale] = []
    claims: tuple[tuple[str, str, str], ...] = ()
    encodings: dict[str, None] = {}
    dialects: dict[str, None] = {}
    unknown: dict[str, None] = {}
    left_out: list[LeftOut] = []
    good, bad = Parts(draft), Parts(quarantine_folder(settings, receipt))
    path = archived(settings, receipt)
    for table in tables(path, receipt.file_name, source, settings, again=again):
        if partition is None:
            partition, is_day_stated = _partition(source, receipt, table)
        # a sheet is identified by its name: with pseudonyms two names stay two
        table.sheet = table.sheet and pseudonym_text(table.sheet, key)
        facts = FileFacts(
            receipt.file_id,
            receipt.shown_name,
            partition,
            receipt.received_no,
            receipt.first_seen_at.isoformat(),
            receipt.landing_path,
        )
        cleaner = RowCleaner(source, table, facts, key, decided.forgotten)
        changes = of_table(decided.corrections, receipt.file_id, table)
        blocks = ahead(corrected(data_rows(table, source, aside), table, changes))
        fen: list[int] = []  # per block, to compare the table's totals with
        for clean, hashes, sizes in _side_by_side(partial(_clean, cleaner, keys), blocks):
            tally.add(clean.tally)
            fen.append(clean.tally.fen_read)
            keys.add(hashes)
            scales += sizes
            good.add(clean.good)
            if clean.bad is not None:
                bad.add(clean.bad)
        claims += settle(source, table.sheet, aside.claimed, tally.found)
        aside.totals.settle(fen)
        aside.truncated |= table.truncated
        left = (*table.left_out, *second_columns(table, tally.second))
        left_out += [one._replace(place=mask_text(one.place)) for one in left]
        encodings[table.encoding] = dialects[table.dialect] = None
        unknown.update(dict.fromkeys(mask_text(shown(name)) for name in table.heading.unknown))
    if partition is None:
        raise FileRefused("file.empty")
    aside.totals.finish()
    _refuse_unreached(tally, aside, claims)
    good.flush()
    bad.flush()
    found = keys.settle()
    rows_loaded = (
        tally.rows_read - tally.rows_quarantined - found.rows_duplicate - found.rows_superseded
    )
    fen_loaded = tally.fen_read - tally.fen_quarantined - found.fen_duplicate - found.fen_superseded
    hold_within_bounds(tally.fen_read, tally.fen_quarantined, fen_loaded)
    footer_fen, beyond = bounded_footer(aside.totals.footer_fen, tally.fen_read)
    return Outcome(
        partition=partition,
        is_day_stated=is_day_stated,
        encoding=", ".join(encodings),
        dialect=", ".join(dialects),
        rows_read=tally.rows_read,
        rows_loaded=rows_loaded,
        rows_quarantined=tally.rows_quarantined,
        rows_duplicate=found.rows_duplicate,
        rows_superseded=found.rows_superseded,
        fen_read=tally.fen_read,
        fen_loaded=fen_loaded,
        fen_quarantined=tally.fen_quarantined,
        fen_duplicate=found.fen_duplicate,
        fen_superseded=found.fen_superseded,
        footer_rows=aside.footer_rows,
        footer_fen=footer_fen,
        totals_told=aside.totals.checked,
        totals_wrong=aside.totals.wrong,
        claims=claims + beyond,
        truncated=aside.truncated,
        repeated_headings=aside.repeated_headings,
        unknown_columns=tuple(unknown),
        unknown_codes=tuple((c, w, n) for (c, w), n in sorted(tally.unknown_codes.items())),
        left_out=tuple(left_out),
        scales=total(scales),
    )


def _refuse_unreached(tally: Tally, aside: Aside, claims: tuple[tuple[str, str, str], ...]) -> None:
    """Refuses a file without rows whose own figures are not 0: it is not an empty export."""
    figures = [f"{name} {printed}" for name, printed, _ in claims if Decimal(printed)]
    if aside.totals.footer_fen:
        figures.append("a total that is not 0")
    if figures and not tally.rows_read:
        raise FileRefused("file.no_rows", f"its own figures speak of rows: {', '.join(figures)}")


_Done: TypeAlias = tuple[CleanBlock, pl.Series | None, list[Scale]]


def _clean(cleaner: RowCleaner, keys: KeyCheck, block: Block) -> _Done:
    clean = cleaner.clean(block)
    return clean, keys.hashes(clean.good), measure(cleaner.source, clean.good)


def _side_by_side(work: Callable[[Block], _Done], blocks: Iterator[Block]) -> Iterator[_Done]:
    """`work` on two blocks at a time, results in order; no more than two wait in memory."""
    with ThreadPoolExecutor(2, thread_name_prefix="clean") as pool:
        running: deque[Future[_Done]] = deque()
        for block in blocks:
            running.append(pool.submit(work, block))
            if len(running) == 2:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


def load_all(settings: Settings, on_file: Callable[[Loaded], None] | None = None) -> list[Loaded]:
    """Reads everything pending, source by source."""
    return [done for s in SOURCES.values() for done in load_source(settings, s, None, on_file)]
