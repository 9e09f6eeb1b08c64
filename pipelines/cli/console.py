"""Output: results to stdout, everything else to stderr; and the exception for foreseen troubles.

The commands decide what is written.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum

from rich.console import Console, JustifyMethod
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from pipelines.logs import is_json, log


class Exit(IntEnum):
    """Exit statuses that people script against."""

    DONE = 0
    BLOCKED = 1
    USAGE = 2
    RUNNING = 3
    STOPPED = 130  # Ctrl-C, as in shells


class Format(StrEnum):
    """How rows are written to stdout."""

    table = "table"
    csv = "csv"
    json = "json"


class Trouble(Exception):  # noqa: N818 - a problem for a person, not a bug
    """A problem that a person can solve; the message says how. `status` is the exit status."""

    def __init__(self, message: str, status: Exit = Exit.USAGE) -> None:
        super().__init__(message)
        self.status = status


#: Tables with up to so many columns are folded, not turned on their side, if they are too wide.
FEW_COLUMNS = 8
#: Width of a table, in characters, if there is no terminal.
PIPE_WIDTH = 240


def out() -> Console:
    """The console for results. Created at each call, so that a redirected stdout is honoured."""
    console = Console(file=sys.stdout, highlight=False)
    if console.is_terminal:
        return console
    return Console(file=sys.stdout, highlight=False, width=PIPE_WIDTH)


def err() -> Console:
    """The console for progress, warnings and troubles."""
    return Console(file=sys.stderr, highlight=False)


#: What messages quote: it may be a cell of a row.
_QUOTED = re.compile(r"""'[^']*'|"[^"]*"|`[^`]*`|“[^”]*”""")
_MOST_LOGGED = 500


def unquoted(message: str) -> str:
    """A sentence for a log: without what it quotes, and without numbers of people."""
    from pipelines.cleaning.identities import mask_text

    return mask_text(_QUOTED.sub("…", message))[:_MOST_LOGGED]


def complain(message: str) -> None:
    """Writes one sentence to stderr; as a line of the log, where lines are wanted."""
    if is_json():
        log("message", text=unquoted(message))
        return
    err().print(f"juandi: {message}", markup=False, soft_wrap=True)


def plain(value: object) -> object:
    """A value for JSON: money as exact text, days and instants in ISO 8601."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return [plain(v) for v in value]
    return value if isinstance(value, float) else str(value)


def print_json(value: object) -> None:
    """Writes one JSON document to stdout."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


def print_rows(
    headings: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[int] = ()
) -> None:
    """Writes a table to stdout; `right` are the positions of right-aligned columns.

    If rows are too wide for the screen, each becomes a table with one value per line.
    """
    console = out()
    cells = [["—" if value is None else shown(value) for value in row] for row in rows]
    table = _table(headings, cells, right)
    whole = Measurement.get(console, console.options.update(width=100_000), table).maximum
    if cells and whole > console.width and len(headings) > FEW_COLUMNS:
        for row in cells:
            console.print(_table(("列 column", "值 value"), list(zip(headings, row, strict=True))))
        return
    console.print(table)


def _table(
    headings: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[int] = ()
) -> Table:
    table = Table(header_style="bold")
    for position, heading in enumerate(headings):
        justify: JustifyMethod = "right" if position in right else "left"
        table.add_column(Text(heading), justify=justify, overflow="fold")
    for row in cells:
        table.add_row(*map(Text, row))
    return table


def shown(value: object) -> str:
    """A cell's text, with thousands separators, and instants without fractions of a second."""
    if isinstance(value, bool):
        return "是 yes" if value else "否 no"
    if isinstance(value, int | Decimal):
        return f"{value:,}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)
