"""Lines of a received file, read from the archive again by the very readers that loaded it.

A text is read up to the line asked for, block by block; a workbook, a JSON document or blocks side
by side as a whole, within the limits of loading. What of a line may be shown is `masking`'s.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

import polars as pl

from pipelines.cleaning.identities import MASK, PREFIX, mask_text
from pipelines.cleaning.people import pseudonym_key
from pipelines.reading.as_it_lies import lines_as_they_lie
from pipelines.reading.blocks import LINE, MISFIT, Block, ReadTable, cell
from pipelines.reading.encodings import ReadAgain
from pipelines.reading.footers import Aside, data_rows
from pipelines.reading.heading_rows import shown
from pipelines.reading.refusals import FileRefused
from pipelines.reading.tables import tables
from pipelines.settings import Settings
from pipelines.sources import SOURCES, Source
from pipelines.stages.load.forgotten import Forgotten, kept_text
from pipelines.stages.load.keys import has_key
from pipelines.stages.load.reasons import SHIFTED
from pipelines.stages.load.rows import FileFacts, RowCleaner
from pipelines.stages.load.unnaming import those_of
from pipelines.stages.store.bytes_kept import hash_of
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.forgotten import entries_unwritten
from pipelines.stages.store.let_go import ARCHIVE, LetGo, let_go_of
from pipelines.tracing.masking import doubtful, names_beside_persons, shown_text

#: A file's row of `ops.load_audit`, by column.
Account = Mapping[str, object]
#: Files up to this size are hashed before they are shown; of larger ones the size is compared.
_HASHED = 64 * 1024 * 1024
_SHA256 = re.compile("[0-9a-f]{64}")
_QUOTES = "\t `'\"="
_PERSON = re.compile(f"{PREFIX}[0-9A-F]{{20}}")


class KeptBytes(StrEnum):
    """Whether the archive has the bytes that were received."""

    WHOLE = "whole"
    MISSING = "missing"
    ALTERED = "altered"
    LET_GO = "let_go"  # by a rule of retention, which is noted


@dataclass(frozen=True)
class ArchivedValue:
    """A value of a line under its heading as printed, both without anything personal."""

    heading: str
    text: str | None
    column: str | None = None  # of the contract


@dataclass(frozen=True)
class ArchivedRow:
    """A line as it lies in the archive; `sheet` is as it is shown.

    `is_row` is False of a heading, a total, a note; `clean` is the row as loading would clean it,
    None of one that it would refuse. Of a row whose person asked to be forgotten (`is_forgotten`)
    the values are those that tell nothing of a person.
    """

    sheet: str
    line: int
    values: tuple[ArchivedValue, ...]
    is_row: bool
    clean: pl.DataFrame | None = None
    is_forgotten: bool = False


@dataclass(frozen=True)
class WantedLines:
    """Which lines of a file: by number (and sheet), or those with a value that is this number."""

    lines: frozenset[int] = frozenset()
    sheet: str | None = None
    number: str | None = None

    def pick(self, frame: pl.DataFrame, personal: Collection[str] = ()) -> pl.Series:
        """Which rows of a block are wanted. By number nothing is found in `personal` cells, unless
        the row's fields do not line up."""
        if self.number is None:
            return frame[LINE].is_in(list(self.lines))
        is_shifted = pl.col(MISFIT).is_in(SHIFTED).fill_null(value=False)
        is_it = (
            (pl.col(c).str.strip_chars(_QUOTES) == self.number) & (is_shifted | (c not in personal))
            for c in frame.columns
            if c not in (LINE, MISFIT)
        )
        return frame.select(pl.any_horizontal(is_it).fill_null(value=False)).to_series()

    def is_past(self, frame: pl.DataFrame) -> bool:
        """True if no line below this block can be wanted."""
        return self.number is None and frame.height > 0 and frame[-1, LINE] >= max(self.lines)

    def is_of(self, sheet: str | None) -> bool:
        """True of a sheet that is wanted."""
        return self.sheet is None or shown_sheet(self.sheet) == shown_sheet(sheet)


def shown_sheet(sheet: object) -> str:
    """A sheet's name as it is shown: empty for a text, a person's number in it masked.

    The lake has such a number as a pseudonym, the file has it as it is: shown they are the same.
    """
    return mask_text(_PERSON.sub(MASK, str(sheet or "")))


def archived_path(settings: Settings, account: Account) -> Path:
    """Where a received file's bytes lie."""
    return settings.archive / str(account["source"]) / str(account["sha256"])


def kept(settings: Settings, account: Account) -> KeptBytes:
    """Whether they lie there, and are those that were received."""
    path = archived_path(settings, account)
    if not _SHA256.fullmatch(path.name) or path.parent.name not in SOURCES:
        return KeptBytes.MISSING  # no place of the archive, whatever else it names
    try:
        size = path.stat().st_size
        if size != account["bytes"]:
            return KeptBytes.ALTERED
        whole = size > _HASHED or hash_of(path) == account["sha256"]
    except OSError:
        return KeptBytes.LET_GO if let_go_note(settings, account) else KeptBytes.MISSING
    return KeptBytes.WHOLE if whole else KeptBytes.ALTERED


def let_go_note(settings: Settings, account: Account) -> LetGo | None:
    """When a file's archived bytes were let go, and by which rule; None if they were not."""
    catalog = Catalog(settings)
    if not catalog.archive_file.is_file():
        return None
    gone = let_go_of(catalog, str(account["source_file_id"]))
    return next((one for one in gone if one.zone == ARCHIVE), None)


def archived_rows(
    settings: Settings,
    account: Account,
    wanted: WantedLines,
    tick: Callable[[], None] = lambda: None,
) -> list[ArchivedRow]:
    """The wanted lines that are in a table of the file; asked for by their place, else as they lie.

    Nothing is written into the warehouse. `tick` is called between blocks and may raise. Raises
    FileRefused for a file that cannot be opened at all, OSError where it cannot be read.
    """
    path = archived_path(settings, account)
    with _limits(settings) as limits:
        try:
            key, forgotten = _persons(settings)
            found = _in_tables(limits, path, account, wanted, tick, key, forgotten)
        except FileRefused:
            found = []
        if found or wanted.number is not None:
            return found
        return list(_as_they_lie(limits, path, account, wanted, tick))


def _persons(settings: Settings) -> tuple[str, Forgotten]:
    """The pseudonym key, or one that is nobody's; and who is forgotten under it.

    Where that cannot be told, every row counts as a forgotten person's.
    """
    known = entries_unwritten(settings)
    try:
        key = pseudonym_key(settings) if has_key(settings) else None
    except OSError:  # who shows lines may not read secrets
        key = None
    if known is None or (known and key is None):
        return key or "0" * 32, Forgotten(is_unknown=True)
    return key or "0" * 32, those_of(known, key or "")


@contextmanager
def _limits(settings: Settings) -> Iterator[Settings]:
    """The limits of loading, with a folder of its own for what has to be unpacked."""
    with tempfile.TemporaryDirectory(prefix="juandi-") as scratch:
        limits = replace(settings, warehouse=Path(scratch))
        limits.build.mkdir()
        yield limits


def _in_tables(
    limits: Settings,
    path: Path,
    account: Account,
    wanted: WantedLines,
    tick: Callable[[], None],
    key: str,
    forgotten: Forgotten,
) -> list[ArchivedRow]:
    source, encodings = SOURCES[str(account["source"])], str(account["encoding"] or "").split(", ")
    for again in (False, True):
        found: list[ArchivedRow] = []
        try:
            for table in tables(path, str(account["file_name"]), source, limits, again=again):
                if not again and table.encoding not in encodings and encodings != [""]:
                    break  # its beginning promises another than the whole was read in
                found += _of_table(table, source, account, wanted, tick, key, forgotten)
                if wanted.sheet is not None and {row.line for row in found} >= wanted.lines:
                    return found
            else:
                return found
        except ReadAgain:
            continue
    return []


def _of_table(
    table: ReadTable,
    source: Source,
    account: Account,
    wanted: WantedLines,
    tick: Callable[[], None],
    key: str,
    forgotten: Forgotten,
) -> list[ArchivedRow]:
    if not wanted.is_of(table.sheet):
        for _ in table.rows:  # a table must be read before the next
            tick()
        return []
    personal = {cell(f.position) for f in table.heading.fields if f.column.personal}
    personal |= {cell(table.heading.names.index(name)) for name in table.heading.unknown}
    taken: list[pl.DataFrame] = []
    rows: set[int] = set()

    def looked_at(blocks: Iterator[Block]) -> Iterator[Block]:
        for block in blocks:
            tick()
            some = block.frame.filter(wanted.pick(block.frame, personal))
            if some.height:
                taken.append(some)
            yield block
            if wanted.is_past(block.frame):
                return

    table.rows = looked_at(table.rows)
    for block in data_rows(table, source, Aside()):
        rows.update(block.frame.filter(wanted.pick(block.frame, personal))[LINE].to_list())
    cleaner = RowCleaner(source, table, _facts(account), key, forgotten)
    return [
        _row(table, source, frame[at], rows, cleaner)
        for frame in taken
        for at in range(frame.height)
    ]


def _facts(account: Account) -> FileFacts:
    day = account["partition"]
    return FileFacts(
        str(account["source_file_id"]),
        str(account["file_name"]),
        day if isinstance(day, date) else date(1970, 1, 1),
        0,
        "",
        str(account["landing_path"]),
    )


def _row(
    table: ReadTable, source: Source, row: pl.DataFrame, rows: set[int], cleaner: RowCleaner
) -> ArchivedRow:
    line = int(row[0, LINE])
    columns = {field.position: field.column for field in table.heading.fields}
    texts = {
        position: text
        for position in range(len(table.heading.names))
        if cell(position) in row.columns and (text := row[0, cell(position)]) is not None
    }
    persons = names_beside_persons(
        {columns[p].name: text for p, text in texts.items() if p in columns}
    )
    is_row = line in rows
    cleaned = cleaner.clean(Block(row)) if is_row else None  # of one row
    refused = cleaned.bad[0, "rule_ids"] if cleaned and cleaned.bad is not None else None
    broken = {row[0, MISFIT], *str(refused or "").split(";")}
    is_shifted = bool(broken & {*SHIFTED}) and any(c.personal for c in source.columns)
    is_forgotten = cleaned is not None and cleaned.forgotten is not None
    values = []
    for position, name in enumerate(table.heading.names):
        column, text = columns.get(position), texts.get(position)
        if text is not None:
            text = text.strip()
            if is_forgotten:
                text = kept_text(column, text)
            elif is_shifted or (column is not None and column.name in persons):
                text = doubtful(text, source.name)
            else:
                text = shown_text(text, column, source.name)
        if text or name.strip():
            known = column.name if column is not None else None
            values.append(ArchivedValue(mask_text(shown(name)), text, known))
    clean = cleaned.good if cleaned and refused is None else None
    return ArchivedRow(shown_sheet(table.sheet), line, tuple(values), is_row, clean, is_forgotten)


def _as_they_lie(
    limits: Settings, path: Path, account: Account, wanted: WantedLines, tick: Callable[[], None]
) -> Iterator[ArchivedRow]:
    """The wanted lines of a file that was refused, or lines that are in none of its tables."""
    source = str(account["source"])
    for sheet, line, pieces in lines_as_they_lie(path, str(account["file_name"]), limits):
        tick()
        if not wanted.is_of(sheet):
            continue
        if line not in wanted.lines:
            if wanted.sheet is not None and line > max(wanted.lines):
                return
            continue
        values = tuple(ArchivedValue("", doubtful(piece, source)) for piece in pieces)
        yield ArchivedRow(shown_sheet(sheet), line, values, is_row=False)
