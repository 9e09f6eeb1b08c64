"""Everything known of a number: of an order, a project, a grant, whatever sources key rows by.

The release says what counts; lake, quarantine and archive also have what does not: states that a
later export replaced, rows that were refused, rows that their own file repeats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import polars as pl

from pipelines.cleaning.identities import pseudonym_text
from pipelines.reading.refusals import FileRefused
from pipelines.settings import Settings
from pipelines.sources import SOURCES, Kind, Source
from pipelines.tables.registry import MODELS
from pipelines.tracing.archive import (
    Account,
    KeptBytes,
    WantedLines,
    archived_rows,
    kept,
    shown_sheet,
)
from pipelines.tracing.lines import TracedLine, trace_lines
from pipelines.tracing.release import (
    ReleaseReader,
    Row,
    accounts_without_release,
)

#: File, sheet, line.
Spot: TypeAlias = tuple[str, str, int]
_PLACE = ("source_file_id", "source_sheet", "source_row")
#: How `ops.quarantine` shows a row whose text it withholds.
_WITHHELD = "(withheld"


class PersonsNumber(ValueError):  # noqa: N818 - reads as what it says
    """A number that is a person's: nothing is looked up by it."""


@dataclass(frozen=True)
class InTable:
    """How many rows of a published table have the number, in which columns, and the first few."""

    table: str
    columns: tuple[str, ...]
    count: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class KnownNumber:
    """What is known of a number. `lines` are the first of `lines_found`.

    `unsearched` counts files that were refused as a whole: their lines are no rows.
    """

    number: str
    has_release: bool
    tables: tuple[InTable, ...]
    lines: tuple[TracedLine, ...]
    lines_found: int
    unsearched: int


def known_of(
    settings: Settings,
    release: ReleaseReader | None,
    number: str,
    most: int,
    tick: Callable[[], None] = lambda: None,
) -> KnownNumber:
    """All that release, lake, quarantine and archive have; of lines the first `most`.

    Raises PersonsNumber.
    """
    if pseudonym_text(number, "", by_machine=True) != number:
        raise PersonsNumber
    accounts = accounts_without_release(settings)
    if release is not None:
        told = release.rows("SELECT * FROM ops.load_audit")
        accounts = {str(one["source_file_id"]): one for one in told} | accounts
    places = set(_refused(settings, number, accounts))
    for source in SOURCES.values():
        places |= set(_in_lake(settings, source, number, accounts))
    # a sheet is named here as it is shown, which is how lines are told apart
    places = {(file_id, shown_sheet(sheet), row) for file_id, sheet, row in places}
    places |= set(_removed(settings, number, accounts, places, tick))
    places |= set(_copies(accounts, places))
    ordered = sorted(places, key=lambda place: _rank(accounts[place[0]], place))
    lines = [
        line
        for file_id, sheet, row in ordered[:most]
        for line in trace_lines(settings, release, accounts[file_id], row, sheet, tick, accounts)
    ]
    return KnownNumber(
        number,
        release is not None,
        tuple(_in_tables(release, number)) if release is not None else (),
        tuple(lines),
        len(ordered),
        sum(one["status"] == "refused" for one in accounts.values()),
    )


def _rank(account: Account, place: Spot) -> tuple[object, ...]:
    """As files were received; lines of gifts last, for a project may have thousands."""
    is_gift = SOURCES[str(account["source"])].holds_gifts
    return is_gift, str(account["received_at"]), *place


def _ids(source: Source) -> list[str]:
    return [c.lake_name for c in source.columns if c.kind is Kind.ID and not c.personal]


def _in_lake(
    settings: Settings, source: Source, number: str, accounts: Mapping[str, Account]
) -> Iterator[Spot]:
    """Where rows of the lake have it in an id. Parts that no outcome vouches for do not count."""
    folder, ids = settings.lake / source.name, _ids(source)
    if not ids or not any(folder.glob("export_date=*/*/*.parquet")):
        return
    is_it = pl.any_horizontal(pl.col(name).eq_missing(pl.lit(number)) for name in ids)
    found = (
        pl.scan_parquet(folder / "export_date=*/*/*.parquet", hive_partitioning=False)
        .filter(is_it)
        .select(_PLACE)
        .collect(engine="streaming")
    )
    yield from (place for place in found.iter_rows() if place[0] in accounts)


def _refused(settings: Settings, number: str, accounts: Mapping[str, Account]) -> Iterator[Spot]:
    """Where the text of refused rows has it."""
    alone = rf"(?:^|[^0-9A-Za-z]){re.escape(number)}(?:[^0-9A-Za-z]|$)"
    for source in SOURCES:
        folder = settings.quarantine / source
        if any(folder.glob("*/*.parquet")):
            found = (
                pl.scan_parquet(folder / "*/*.parquet", hive_partitioning=False)
                .filter(pl.col("raw_text").str.contains(alone))
                .select(_PLACE)
                .collect(engine="streaming")
            )
            yield from (place for place in found.iter_rows() if place[0] in accounts)


def _removed(
    settings: Settings,
    number: str,
    accounts: Mapping[str, Account],
    places: Iterable[Spot],
    tick: Callable[[], None],
) -> Iterator[Spot]:
    """Where the archive has it and neither lake nor quarantine tells: rows that their own file
    repeats, and refused rows whose text is withheld."""
    repeating = {file_id for file_id, _, _ in places if _repeats(accounts[file_id])}
    for file_id in sorted(repeating | _with_withheld(settings, accounts)):
        account = accounts[file_id]
        if kept(settings, account) is not KeptBytes.WHOLE:
            continue
        try:
            rows = archived_rows(settings, account, WantedLines(number=number), tick)
        except FileRefused:
            continue
        yield from ((file_id, row.sheet, row.line) for row in rows)


def _with_withheld(settings: Settings, accounts: Mapping[str, Account]) -> set[str]:
    found: set[str] = set()
    for source in SOURCES:
        folder = settings.quarantine / source
        if any(folder.glob("*/*.parquet")):
            frame = (
                pl.scan_parquet(folder / "*/*.parquet", hive_partitioning=False)
                .filter(pl.col("raw_text").str.starts_with(_WITHHELD))
                .select("source_file_id")
                .unique()
                .collect()
            )
            found |= set(frame["source_file_id"])
    return found & accounts.keys()


def _repeats(account: Account) -> bool:
    """True of a file some of whose rows are duplicate or superseded."""
    return account["rows_duplicate"] != 0 or account["rows_superseded"] != 0


def _copies(accounts: Mapping[str, Account], places: Iterable[Spot]) -> Iterator[Spot]:
    """The same lines in files of the very same bytes."""
    copies = [one for one in accounts.values() if one["status"] == "duplicate"]
    for file_id, sheet, row in list(places):
        for one in copies:
            if one.get("other_file_id") == file_id:
                yield str(one["source_file_id"]), sheet, row


def _in_tables(release: ReleaseReader, number: str, most: int = 5) -> Iterator[InTable]:
    for table in MODELS.values():
        there = release.columns.get(table.id, frozenset())
        ids = [c.name for c in table.columns if c.kind is Kind.ID and c.name in there]
        ids = [name for name in ids if not name.endswith(("_key", "file_id"))]
        if not ids:
            continue
        shown = ", ".join(f'"{c.name}"' for c in table.columns if c.name in there)
        where, values = _either(ids, number)
        count = release.rows(f"SELECT count(*) AS n FROM {table.id} WHERE {where}", values)[0]["n"]
        if count:
            rows = release.rows(
                f"SELECT {shown} FROM {table.id} WHERE {where} LIMIT {most}", values
            )
            own = tuple(name for name in ids if any(row[name] == number for row in rows))
            yield InTable(table.id, own, count, tuple(rows))


def _either(names: Sequence[str], number: str) -> tuple[str, list[object]]:
    return " OR ".join(f'"{name}" = ?' for name in names), [number] * len(names)
