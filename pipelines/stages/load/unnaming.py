"""Which rows of the lake are a person's, and which files are read again when one is forgotten.

Parts of lake and quarantine are looked through once for each new entry, a column of them only. A
file that holds somebody of it is pending again, and loses them where it is read (`forgotten`). If
its archived bytes are gone, its rows are kept and lose them where they lie.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipelines.publishing.files import UNFINISHED
from pipelines.settings import Settings
from pipelines.sources import SOURCES, Source
from pipelines.stages.load.forgotten import Forgotten, marks_of, without
from pipelines.stages.load.keys import mark_of
from pipelines.stages.standing.resolve import resolve
from pipelines.stages.store.bytes_kept import LAKE, hash_of, is_archived, stamps
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.forgotten import (
    ForgottenEntry,
    entries,
    last_entry,
    not_looked_through,
    note_looked_through,
)
from pipelines.stages.store.healing import noted_parts
from pipelines.stages.store.receipts import Part, Receipt
from pipelines.stages.store.zones import Places

#: Parts that are looked through at a time: so many bytes, and so many files.
_BYTES, _FILES = 128 * 2**20, 1_000
#: Whose a row is, in both zones.
_WHO: Mapping[str, pl.DataType] = {"donor_key": pl.String(), "source_file_id": pl.String()}
WITHHELD = "(withheld: this person asked to be forgotten / 已应当事人要求删除)"


@dataclass(frozen=True)
class PersonRows:
    """What a source has of a person, in files that stand: lines, of how many records (orders,
    gifts, teams), and their fen. `organizations` are lines in which they count as one; `refused`
    are lines in quarantine; `files` are all that hold them, whether they stand or not."""

    source: str
    lines: int
    records: int
    fen: int
    organizations: int
    refused: int
    files: int
    lines_by_mark: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # lines, fen


@dataclass
class Unnamed:
    """Files that held somebody: those that will be read again, and those without their bytes."""

    read_again: list[Receipt] = field(default_factory=list)
    rewritten: list[Receipt] = field(default_factory=list)


@dataclass(frozen=True)
class _Lying:
    """A part of a load, and where it lies."""

    receipt: Receipt
    part: Part
    path: str


def those_of(entries: Iterable[ForgottenEntry], key: str, after: int = 0) -> Forgotten:
    """Whoever is forgotten by the entries beyond `after` that were made under this key."""
    marks: dict[str, set[str]] = defaultdict(set)
    up_to, own = 0, mark_of(key)
    for entry in entries:
        up_to = max(up_to, entry.entry_no)
        if entry.entry_no > after and entry.under_key == own:
            marks[entry.namespace].add(entry.mark)
    return Forgotten(key, {name: frozenset(some) for name, some in marks.items()}, up_to)


def unname(settings: Settings, key: str) -> Unnamed:
    """Looks through what was not yet held against every entry; the caller holds the lock.

    Where nobody was forgotten since, no part is opened. Raises OSError.
    """
    catalog, done = Catalog(settings), Unnamed()
    last = last_entry(catalog)
    seen = not_looked_through(catalog, last) if last else {}
    if not seen:
        return done
    forgotten = those_of(entries(catalog), key, after=min(seen.values()))
    concerned = {s.name for s in SOURCES.values() if s.identity and s.namespace in forgotten.marks}
    parts = [lying for lying in _lying(catalog, seen) if lying.receipt.source in concerned]
    hits: dict[int, Receipt] = {}
    for source, zone, some in _batches(parts):
        frame = _scan(some, zone).unique().collect(engine="streaming")
        theirs = forgotten.are(source, frame["donor_key"])
        if theirs is not None:
            ids = set(frame.filter(theirs)["source_file_id"])
            hits |= {p.receipt.received_no: p.receipt for p in some if p.receipt.file_id in ids}
    known, places = stamps(catalog, hits.values()), Places(settings)
    for number, receipt in hits.items():
        if is_archived(places, receipt, known):
            catalog.forget(number)
            done.read_again.append(receipt)
        else:
            own = [lying for lying in parts if lying.receipt.received_no == number]
            catalog.note_parts(number, [_rewritten(lying, forgotten) for lying in own])
            done.rewritten.append(receipt)
    again = {receipt.received_no for receipt in done.read_again}
    note_looked_through(catalog, seen.keys() - again, last)
    return done


def found_rows(
    settings: Settings, pseudonyms: Mapping[str, Collection[str]], key: str
) -> list[PersonRows]:
    """What each source has of a person who goes by these pseudonyms, by namespace."""
    catalog = Catalog(settings)
    standings = resolve(settings)
    active = {s.receipt.file_id for s in standings if s.is_active}
    parts = _lying(catalog, [s.receipt.received_no for s in standings])
    lines: dict[str, list[pl.DataFrame]] = defaultdict(list)
    refused: dict[str, list[pl.DataFrame]] = defaultdict(list)
    for source, zone, some in _batches(parts):
        own = pseudonyms.get(source.namespace)
        if source.identity and own:
            columns = _of_record(source) if zone == LAKE else ()
            is_theirs = pl.col("donor_key").is_in(list(own))
            frame = _scan(some, zone, columns).filter(is_theirs).collect(engine="streaming")
            (lines if zone == LAKE else refused)[source.name].append(frame)
    names = [name for name in SOURCES if lines[name] or refused[name]]
    told = (
        _told(SOURCES[n], pl.concat(lines[n]) if lines[n] else None, refused[n], active, key)
        for n in names
    )
    return [found for found in told if found.files]


def _told(
    source: Source,
    lines: pl.DataFrame | None,
    refused: Iterable[pl.DataFrame],
    active: Collection[str],
    key: str,
) -> PersonRows:
    bad = pl.concat([*refused, pl.DataFrame(schema=_WHO)])
    every = pl.concat([bad, *([] if lines is None else [lines.select(*_WHO)])])
    stands = pl.col("source_file_id").is_in(list(active))
    own = pl.DataFrame(schema=_WHO) if lines is None else lines.filter(stands)
    records = own
    if source.key and lines is not None:
        order = ["export_date", "received_no", "source_row"]
        records = own.sort(order).unique(source.key, keep="last")
    by_mark = {
        str(mark): (
            own.filter(donor_key=name).height, _fen(source, records.filter(donor_key=name))
        )
        for name in every["donor_key"].unique()
        for mark in marks_of(pl.Series([name]), key)
    }  # fmt: skip # a pair
    organizations = own.filter(donor_kind="organization").height if lines is not None else 0
    return PersonRows(
        source.name, own.height, records.height, _fen(source, records), organizations,
        bad.filter(stands).height, every["source_file_id"].n_unique(), by_mark,
    )  # fmt: skip # a record


def _fen(source: Source, rows: pl.DataFrame) -> int:
    """What rows come to; 0 of a source without money."""
    money = source.money_column
    name = source.by_name[money].lake_name if money else ""
    return int(rows[name].sum() or 0) if name in rows.columns else 0


def _of_record(source: Source) -> tuple[str, ...]:
    money = source.money_column
    own = (source.by_name[money].lake_name,) if money else ()
    return ("donor_kind", "export_date", "received_no", "source_row", *source.key, *own)


def _lying(catalog: Catalog, numbers: Collection[int]) -> list[_Lying]:
    """The parts of these loads that lie where they are noted; one that is gone is healed."""
    places, noted = Places(catalog.settings), noted_parts(catalog)
    taken, wanted = catalog.taken(), set(numbers)
    found = []
    for receipt in catalog.receipts():
        number = receipt.received_no
        if number not in wanted or receipt.source not in SOURCES or number not in taken:
            continue
        for part in noted.get(number, ()):
            folder = (
                places.lake(receipt, taken[number].partition)
                if part.zone == LAKE
                else places.quarantine(receipt)
            )
            found.append(_Lying(receipt, part, f"{folder}/{part.name}"))
    return [lying for lying in found if os.path.exists(lying.path)]  # noqa: PTH110 - thousands


def _batches(parts: Iterable[_Lying]) -> Iterator[tuple[Source, str, list[_Lying]]]:
    """Parts by source and zone, as many as are looked through at a time."""
    of: dict[tuple[str, str], list[_Lying]] = defaultdict(list)
    for lying in parts:
        of[lying.receipt.source, lying.part.zone].append(lying)
    for (name, zone), some in of.items():
        batch: list[_Lying] = []
        size = 0
        for lying in some:
            if batch and (size + lying.part.bytes > _BYTES or len(batch) >= _FILES):
                yield SOURCES[name], zone, batch
                batch, size = [], 0
            batch.append(lying)
            size += lying.part.bytes
        yield SOURCES[name], zone, batch


def _scan(parts: Iterable[_Lying], zone: str, columns: Iterable[str] = ()) -> pl.LazyFrame:
    """Who the rows of these parts are of, and of which files; refused rows of parts that an earlier
    version of the code wrote tell nobody."""
    paths = [lying.path for lying in parts]
    names = list(dict.fromkeys(("donor_key", "source_file_id", *columns)))
    if zone == LAKE:
        return pl.scan_parquet(paths, hive_partitioning=False).select(names)
    return pl.scan_parquet(
        paths, hive_partitioning=False, schema=_WHO, missing_columns="insert",
        extra_columns="ignore",
    )  # fmt: skip # one call


def _rewritten(lying: _Lying, forgotten: Forgotten) -> Part:
    """A part whose rows have lost whom they are to lose, written in its place."""
    source, path = SOURCES[lying.receipt.source], Path(lying.path)
    frame = pl.read_parquet(path)
    theirs = forgotten.are(source, frame["donor_key"]) if "donor_key" in frame.columns else None
    if theirs is None:
        return lying.part
    if lying.part.zone == LAKE:
        frame = without(source, frame, theirs, forgotten.key)
    else:
        frame = frame.with_columns(
            pl.when(theirs).then(None).otherwise("donor_key").alias("donor_key"),
            pl.when(theirs).then(pl.lit(WITHHELD)).otherwise("raw_text").alias("raw_text"),
        )
    draft = path.with_name(f".{path.name}{UNFINISHED}")
    frame.write_parquet(draft, compression="lz4")
    draft.replace(path)
    stat = path.stat()
    times = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
    return Part(lying.part.zone, lying.part.name, *times, hash_of(path))
