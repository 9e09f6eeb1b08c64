"""A line of a received file, and what became of it.

Where the release, the lake and the archive are silent, so is the answer: `unknown` is no guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

import polars as pl

from pipelines.reading.refusals import FileRefused
from pipelines.settings import Settings
from pipelines.sources import SOURCES, Source
from pipelines.sources.contract import META_COLUMNS
from pipelines.stages.store.let_go import LetGo
from pipelines.tracing.archive import (
    Account,
    ArchivedRow,
    KeptBytes,
    WantedLines,
    archived_rows,
    kept,
    let_go_note,
    shown_sheet,
)
from pipelines.tracing.decided import Restated, correction_of, restated_of
from pipelines.tracing.references import reference_of
from pipelines.tracing.release import MadeRow, ReleaseReader, Row, account_of, made_of, of_key


class Fate(StrEnum):
    """What became of a line."""

    LOADED = "loaded"
    QUARANTINED = "quarantined"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"
    REFUSED = "refused"
    REISSUE = "reissue"
    HELD = "held"
    REJECTED = "rejected"
    NO_RECORD = "no_record"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Place:
    """Where a line lies: file, sheet (empty for a text, None if not known), number."""

    file_id: str
    file_name: str
    sheet: str | None
    line: int | None


@dataclass(frozen=True)
class TracedLine:
    """A line, its text and its fate.

    `other` is the line, or the file, that stands instead; `changed` the columns in which it
    differs. `refused` is its row of `ops.quarantine`, `made` the published rows made of it;
    `let_go`: when and by which rule the archived bytes went. `correction` is its row of
    `ops.corrections`, `restated` how files that replaced one another changed its record.
    """

    account: Account
    place: Place
    fate: Fate
    archive: KeptBytes
    archived: ArchivedRow | None
    refused: Row | None = None
    other: Place | None = None
    changed: tuple[str, ...] = ()
    made: tuple[MadeRow, ...] = ()
    has_release: bool = True
    let_go: LetGo | None = None
    correction: Row | None = None
    restated: tuple[Restated, ...] = ()


def lake_rows(settings: Settings, account: Account, where: pl.Expr) -> pl.DataFrame | None:
    """Rows that a file has in the lake; None where its part of the lake is not there."""
    return _parquet(
        settings.lake
        / str(account["source"])
        / f"export_date={account['partition']}"
        / str(account["source_file_id"]),
        where,
    )


def refused_rows(settings: Settings, account: Account, where: pl.Expr) -> pl.DataFrame | None:
    """Rows of a file that were refused; None where it has none."""
    return _parquet(
        settings.quarantine / str(account["source"]) / str(account["source_file_id"]), where
    )


def _parquet(folder: Path, where: pl.Expr) -> pl.DataFrame | None:
    if not any(folder.glob("*.parquet")):
        return None
    frame = pl.scan_parquet(folder / "*.parquet", hive_partitioning=False).filter(where)
    return frame.collect(engine="streaming")


def trace_lines(
    settings: Settings,
    release: ReleaseReader | None,
    account: Account,
    line: int,
    sheet: str | None = None,
    tick: Callable[[], None] = lambda: None,
    accounts: Mapping[str, Account] | None = None,
) -> list[TracedLine]:
    """The line of that number, once for every sheet of the file that has it (or of `sheet` only).

    `tick` is called while the archive is read and may raise. `accounts` are those of other files,
    where the release need not be asked for them.
    """
    archive = kept(settings, account)
    rows: list[ArchivedRow] = []
    if archive is KeptBytes.WHOLE:
        try:
            rows = archived_rows(settings, account, WantedLines(frozenset({line}), sheet), tick)
        except FileRefused:
            rows = []
    in_lake = lake_rows(settings, account, pl.col("source_row") == line)
    refused = refused_of(settings, release, account, line)
    named = [*(row.sheet for row in rows), *(row["source_sheet"] for row in refused)]
    named += [] if in_lake is None else in_lake["source_sheet"].to_list()
    # one name each: as the lake has it where it has it
    sheets = {shown_sheet(name): name or "" for name in named}
    if sheet is not None:
        sheets = {k: v for k, v in sheets.items() if k == shown_sheet(sheet)}
    if not sheets:
        sheets = {shown_sheet(sheet): sheet or ""}
    look = partial(_traced, settings, release, accounts or {}, account, archive, in_lake)
    return [
        look(
            Place(str(account["source_file_id"]), str(account["file_name"]), own, line),
            next((row for row in rows if row.sheet == name), None),
            next((row for row in refused if shown_sheet(row["source_sheet"]) == name), None),
        )
        for name, own in sorted(sheets.items())
    ]


def refused_of(
    settings: Settings, release: ReleaseReader | None, account: Account, line: int
) -> list[Row]:
    """The refused rows of a line, with what a person decided on them, if the release has them."""
    if release is not None:
        found = release.rows(
            "SELECT * FROM ops.quarantine WHERE source_file_id = ? AND source_row = ?",
            [account["source_file_id"], line],
        )
        if found:
            return found
    frame = refused_rows(settings, account, pl.col("source_row") == line)
    return [] if frame is None else frame.to_dicts()


def _traced(
    settings: Settings,
    release: ReleaseReader | None,
    accounts: Mapping[str, Account],
    account: Account,
    archive: KeptBytes,
    in_lake: pl.DataFrame | None,
    place: Place,
    archived: ArchivedRow | None,
    refused: Row | None,
) -> TracedLine:
    source = SOURCES[str(account["source"])]
    own = None
    if in_lake is not None:
        is_here = [shown_sheet(s) == shown_sheet(place.sheet) for s in in_lake["source_sheet"]]
        own = next(iter(in_lake.filter(pl.Series(is_here, dtype=pl.Boolean)).to_dicts()), None)
    clean = archived.clean.to_dicts()[0] if archived and archived.clean is not None else None
    found = TracedLine(
        account, place, Fate.UNKNOWN, archive, archived, refused,
        has_release=release is not None,
        let_go=let_go_note(settings, account) if archive is KeptBytes.LET_GO else None,
    )  # fmt: skip # a record
    judge = _Judge(settings, release, accounts, source, found, own, clean)
    return replace(
        judge.judged(has_lake=in_lake is not None),
        correction=correction_of(release, reference_of(place.file_id, place.sheet, place.line)),
        restated=restated_of(release, source, place.file_id, judge.key, judge.row_in),
    )


class _Judge:
    """Decides what became of one line."""

    def __init__(
        self,
        settings: Settings,
        release: ReleaseReader | None,
        accounts: Mapping[str, Account],
        source: Source,
        found: TracedLine,
        own: Row | None,
        clean: Row | None,
    ) -> None:
        self._settings, self._release, self._source = settings, release, source
        self._accounts = accounts
        self._found, self._own, self._clean = found, own, clean
        row = own or clean or {}
        self.key = {name: row[name] for name in source.key if row.get(name) is not None}

    def row_in(self, file_id: str) -> Row | None:
        """The row of the lake that another file has of the line's record."""
        account = self._account(file_id)
        return _with_key(self._settings, account, self._source, self.key) if account else None

    def judged(self, *, has_lake: bool) -> TracedLine:
        """The line with its fate."""
        status, archived = str(self._found.account["status"]), self._found.archived
        if status == "refused":
            return self._as(Fate.REFUSED)
        if self._found.refused is not None:
            return self._as(Fate.QUARANTINED)
        if archived is not None and not archived.is_row and self._own is None:
            return self._as(Fate.NO_RECORD)
        if self._own is None and has_lake and self._clean is not None:
            return self._repeated()
        if status != "loaded":
            return self._with_its_file(Fate(status))
        if self._own is not None:
            return self._loaded()
        is_gone = archived is None and self._found.archive is KeptBytes.WHOLE
        return self._as(Fate.NOT_FOUND if is_gone else Fate.UNKNOWN)

    def _account(self, file_id: object) -> Account | None:
        if file_id is None or file_id in self._accounts or self._release is None:
            return self._accounts.get(str(file_id))
        return account_of(self._release, str(file_id))

    def _as(
        self,
        fate: Fate,
        other: Place | None = None,
        changed: tuple[str, ...] = (),
        made: list[MadeRow] | None = None,
    ) -> TracedLine:
        return replace(self._found, fate=fate, other=other, changed=changed, made=tuple(made or ()))

    def _repeated(self) -> TracedLine:
        """A row that its own file repeats: the one further down, or the first of equals, stands."""
        account = self._found.account
        if not self.key:
            return self._as(Fate.UNKNOWN)
        same = _with_key(self._settings, account, self._source, self.key)
        if same is None:
            return self._as(Fate.UNKNOWN)
        changed = self._differs(same)
        fate = Fate.SUPERSEDED if changed else Fate.DUPLICATE
        return self._as(fate, _place(account, same), changed)

    def _with_its_file(self, fate: Fate) -> TracedLine:
        """A row of a file that does not stand: its like in the file that does."""
        account = self._found.account
        other = self._account(account.get("other_file_id"))
        if other is None:
            return self._as(fate)
        if fate is Fate.DUPLICATE:  # the very bytes, so the very line
            place = self._found.place
            return self._as(fate, Place(str(other["source_file_id"]), str(other["file_name"]),
                                        place.sheet, place.line))  # fmt: skip # a place
        same = _with_key(self._settings, other, self._source, self.key) if self.key else None
        if same is None:
            lake = lake_rows(self._settings, other, pl.lit(value=False))
            is_gone = fate is Fate.SUPERSEDED and lake is not None and bool(self.key)
            return self._as(Fate.RETRACTED if is_gone else fate, _place(other, None))
        return self._as(fate, _place(other, same), self._differs(same))

    def _differs(self, other: Row | None) -> tuple[str, ...]:
        """The columns that another row of the key has otherwise."""
        own = self._own or self._clean or {}
        names = (name for name in own if name not in META_COLUMNS)
        return tuple(n for n in names if other is not None and other.get(n) != own[n])

    def _loaded(self) -> TracedLine:
        """A row that stands: what was made of it, or the later one that counts instead."""
        if self._release is None:
            return self._as(Fate.LOADED)
        place = self._found.place
        made = made_of(
            self._release, self._found.account, place.sheet, int(place.line or 0), self.key
        )
        if made:
            return self._as(Fate.LOADED, made=made)
        later = of_key(self._release, self._source, self.key)
        if not later:
            return self._as(Fate.LOADED)
        row = later[0].row
        other = self._account(row["source_file_id"])
        if other is None:
            return self._as(Fate.LOADED)
        same = _with_key(self._settings, other, self._source, self.key)
        return self._as(Fate.SUPERSEDED, _place(other, same or row), self._differs(same))


def _with_key(settings: Settings, account: Account, source: Source, key: Row) -> Row | None:
    """The row of a file's part of the lake that has a key."""
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.lit(key.get(name))) for name in source.key)
    frame = lake_rows(settings, account, same)
    return frame.to_dicts()[0] if frame is not None and frame.height else None


def _place(account: Account, row: Row | None) -> Place:
    return Place(
        str(account["source_file_id"]),
        str(account["file_name"]),
        str(row["source_sheet"] or "") if row and "source_sheet" in row else None,
        int(row["source_row"]) if row else None,
    )
