"""Where words go: results to stdout, everything else to stderr; and the troubles we foresee.

What is said belongs to the commands.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum

from rich.console import Console
from rich.table import Table


class Exit(IntEnum):
    """Exit statuses that people script against."""

    DONE = 0
    BLOCKED = 1
    USAGE = 2
    RUNNING = 3


class Format(StrEnum):
    """How rows are written to stdout."""

    table = "table"
    csv = "csv"
    json = "json"


class Trouble(Exception):  # noqa: N818  (what a person meets, not what broke)
    """Something a person can set right; the message says how. `status` is the exit status."""

    def __init__(self, message: str, status: Exit = Exit.USAGE) -> None:
        super().__init__(message)
        self.status = status


def out() -> Console:
    """Results. Bound at the call, so that a redirected stdout is honoured; never wraps a pipe."""
    console = Console(file=sys.stdout, highlight=False)
    return console if console.is_terminal else Console(file=sys.stdout, highlight=False, width=200)


def err() -> Console:
    """Progress, warnings, troubles."""
    return Console(file=sys.stderr, highlight=False)


def complain(message: str) -> None:
    """One sentence to stderr."""
    err().print(f"juandi: {message}", markup=False, soft_wrap=True)


def plain(value: object) -> object:
    """A value as JSON can say it: money as exact text, days and instants in ISO 8601."""
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
    """One JSON document on stdout."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


def print_rows(
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    title: str | None = None,
    right: Sequence[int] = (),
) -> None:
    """A table on stdout; `right` are the positions of columns that hold numbers."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for position, heading in enumerate(headings):
        is_number = position in right
        table.add_column(
            heading, justify="right" if is_number else "left", overflow="fold", no_wrap=is_number
        )
    for row in rows:
        table.add_row(*("—" if v is None else shown(v) for v in row))
    out().print(table, markup=False)


def shown(value: object) -> str:
    """A cell's text: thousands are set apart, instants lose their fractions."""
    if isinstance(value, bool):
        return "是 yes" if value else "否 no"
    if isinstance(value, int | Decimal):
        return f"{value:,}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)
