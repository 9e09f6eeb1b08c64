"""`juandi trace`: from a figure to the rows behind it, to the line of a file, to what became of it.

    juandi trace campaign_summary net_cny --where campaign_id=scsl-2024
    juandi trace 0123456789abcdef::7        a line, as `ops.quarantine` and these answers name it
    juandi trace 1000…                      an order, a project: everything known of it

Finding is `pipelines.tracing`'s; `trace_cell` is the way from a figure to its rows, `trace_print`
what is written for people. Numbers of persons are neither searched for nor printed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import Exit, Trouble, complain, print_json
from pipelines.cli.options import Json, Seconds, Warehouse
from pipelines.cli.query import STOPPED
from pipelines.cli.release_file import NONE_YET
from pipelines.settings import Settings, load_settings

if TYPE_CHECKING:
    from pages.data import Reader

_NO_FILE = (
    '没有收到编号为 {0} 的文件，`juandi sql "from ops.load_audit"` 列出全部 / '
    'no file {0} was received; `juandi sql "from ops.load_audit"` lists them all'
)
_PERSONS = (
    "这像是个人的号码：不查找，也不显示 / this looks like a person's number: "
    "nothing is looked up by it"
)


def trace(
    what: Annotated[
        str,
        typer.Argument(
            metavar="TABLE|NUMBER|FILE:SHEET:LINE",
            help="表名，或订单、项目等编号，或某一行 / A table, a number, or a line.",
        ),
    ],
    column: Annotated[
        str, typer.Argument(metavar="[COLUMN]", help="表中的数字列 / A figure of the table.")
    ] = "",
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            envvar="JUANDI_WHERE",
            metavar="NAME=VALUE",
            help="哪一行，可多次 / Which row of the table, as campaign_id=scsl-2024.",
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit", envvar="JUANDI_LIMIT", min=1, help="最多行数 / Show at most so many lines."
        ),
    ] = 20,
    warehouse: Warehouse = None,
    as_json: Json = False,
    seconds: Seconds = 600,
) -> None:
    """追溯 / From a figure to its rows and lines; everything known of a number.

    juandi trace campaign_summary net_cny --where campaign_id=scsl-2024
    """
    from pipelines.cli import trace_cell, trace_print
    from pipelines.tracing.references import read_reference

    settings = load_settings(warehouse)
    with _release(settings, seconds) as release:
        table = trace_cell.table_of(what)
        if table is not None or column or where:
            if release is None:
                raise Trouble(NONE_YET.format(settings.warehouse))
            cell = trace_cell.cell(release, what, column, where or [], limit)
            print_json(cell.data) if as_json else trace_print.cell(cell)
            return
        if release is None:
            complain(NONE_YET.format(settings.warehouse))
        place = read_reference(what)
        if place is not None:
            _line(settings, release, *place, as_json=as_json)
        else:
            _number(settings, release, what.strip(), limit, as_json=as_json)


@contextmanager
def _release(settings: Settings, seconds: int) -> Iterator[Reader | None]:
    """The published release, None if there is none. Raises Trouble."""
    from pages.data import Limits, NoRelease, Releases, TooSlow

    releases = Releases(settings, Limits(seconds=seconds, memory=settings.memory_limit))
    try:
        if not settings.published.is_file():
            yield None
            return
        with releases.reader() as reader:
            yield reader
    except NoRelease as error:
        raise Trouble(f"无法打开发布 / the release cannot be opened: {error}") from None
    except TooSlow:
        raise Trouble(STOPPED.format(seconds), Exit.BLOCKED) from None
    finally:
        releases.close()


def _line(
    settings: Settings,
    release: Reader | None,
    file_id: str,
    sheet: str | None,
    line: int,
    *,
    as_json: bool,
) -> None:
    from pipelines.cli import trace_print
    from pipelines.tracing.lines import trace_lines
    from pipelines.tracing.release import account_of, accounts_without_release
    from pipelines.tracing.told import as_data

    accounts = {}
    account = account_of(release, file_id) if release is not None else None
    if account is None:
        accounts = accounts_without_release(settings)
        account = accounts.get(file_id)
    if account is None:
        raise Trouble(_NO_FILE.format(file_id))
    found = trace_lines(settings, release, account, line, sheet, accounts=accounts)
    if as_json:
        print_json({"release": _id(release), "lines": [as_data(one) for one in found]})
    else:
        trace_print.lines(found)


def _number(
    settings: Settings, release: Reader | None, number: str, limit: int, *, as_json: bool
) -> None:
    from pipelines.cleaning.identities import mask_text
    from pipelines.cli import trace_cell, trace_print
    from pipelines.tracing.numbers import PersonsNumber, known_of
    from pipelines.tracing.told import as_data

    try:
        known = known_of(settings, release, number, limit)
    except PersonsNumber:
        raise Trouble(_PERSONS) from None
    except sqlite3.DatabaseError as error:
        raise Trouble(f"无法读取目录 / the catalogue cannot be read: {error}") from None
    if not known.tables and not known.lines_found:
        near = get_close_matches(number, trace_cell.names(), n=4, cutoff=0.6)
        meant = f"；若指表，相近的 / tables of such a name: {', '.join(near)}" if near else ""
        raise Trouble(
            f"发布、湖、隔离中均无此编号 / nothing is known of this number: "
            f"{mask_text(number)}{meant}",
            Exit.BLOCKED,
        )
    if as_json:
        print_json(
            {
                "release": _id(release),
                "number": number,
                "tables": [
                    {"table": t.table, "columns": t.columns, "rows": t.count, "first": t.rows}
                    for t in known.tables
                ],
                "lines_found": known.lines_found,
                "lines": [as_data(line) for line in known.lines],
                "refused_files_not_searched": known.unsearched,
            }
        )
    else:
        trace_print.number(known)


def _id(release: Reader | None) -> str | None:
    return release.release.release_id if release is not None else None
