"""What tracing asks of the published release: its accounts, its refused rows, rows of a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from pipelines.settings import Settings
from pipelines.sources import SOURCES, Source
from pipelines.stages.build.accounts import load_record
from pipelines.stages.standing.resolve import resolve
from pipelines.tables.declaration import Table
from pipelines.tables.registry import MODELS
from pipelines.tracing.archive import Account

Row = dict[str, Any]
#: Rows of one line or one key that are looked at in a table.
MOST_ROWS = 50


class ReleaseReader(Protocol):
    """The published release, open for reading: `schema.table` → columns, and queries."""

    columns: Mapping[str, frozenset[str]]

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query; its values are bound."""


@dataclass(frozen=True)
class MadeRow:
    """A row of a published table and the key that tells it apart."""

    table: str
    key: Row
    row: Row


def account_of(release: ReleaseReader, file_id: str) -> Account | None:
    """A received file as the release accounts for it."""
    return next(
        iter(release.rows("SELECT * FROM ops.load_audit WHERE source_file_id = ?", [file_id])), None
    )


def accounts_without_release(settings: Settings) -> dict[str, Account]:
    """The same of every file that was read, from the catalogues; a release may not know it yet."""
    if not settings.archive.is_dir():
        return {}
    return {s.receipt.file_id: asdict(load_record(s)) for s in resolve(settings)}


def tables_of(source: Source, release: ReleaseReader) -> Iterator[Table]:
    """The published tables whose rows may know a line of the source."""
    for table in MODELS.values():
        there = release.columns.get(table.id, frozenset())
        is_gifts = table.name == "fact_donation"
        if {"source_file_id", "source_row"} <= there and (source.holds_gifts or not is_gifts):
            yield table


def made_of(
    release: ReleaseReader, account: Account, sheet: str | None, line: int, key: Row
) -> list[MadeRow]:
    """The rows that were made of a line. `key` tells lines of several sheets apart where a table
    does not name the sheet."""
    found: list[MadeRow] = []
    for table in tables_of(SOURCES[str(account["source"])], release):
        there = release.columns[table.id]
        where, values = ["source_file_id = ?", "source_row = ?"], [account["source_file_id"], line]
        if "source_sheet" in there:
            if sheet is not None:
                where.append("coalesce(source_sheet, '') = ?")
                values.append(sheet)
        else:
            own = {name: value for name, value in key.items() if name in there}
            where += [f'"{name}" = ?' for name in own]
            values += own.values()
        if "export_date" in there and account["partition"] is not None:
            where.append("export_date = ?")
            values.append(account["partition"])
        found += _rows(release, table, where, values)
    return found


def of_key(release: ReleaseReader, source: Source, key: Row) -> list[MadeRow]:
    """The rows of the source's tables that have a key, whichever line they were made of."""
    found: list[MadeRow] = []
    for table in tables_of(source, release):
        if not key or not set(key) <= release.columns[table.id]:
            continue
        where = [f'"{name}" = ?' for name in key]
        where.append(
            "source_file_id IN (SELECT source_file_id FROM ops.load_audit WHERE source = ?)"
        )
        found += _rows(release, table, where, [*key.values(), source.name])
    return found


def _rows(
    release: ReleaseReader, table: Table, where: Sequence[str], values: Sequence[object]
) -> Iterator[MadeRow]:
    there = release.columns[table.id]
    names = ", ".join(f'"{c.name}"' for c in table.columns if c.name in there)
    sql = f"SELECT {names} FROM {table.id} WHERE {' AND '.join(where)} LIMIT {MOST_ROWS}"
    for row in release.rows(sql, values):
        yield MadeRow(table.id, {name: row.get(name) for name in table.keys}, row)
