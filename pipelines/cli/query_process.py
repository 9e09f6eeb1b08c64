"""The process that runs the statement of `juandi sql`: if it crashes, nothing else is affected.

Reads the statement from stdin and writes the rows to stdout. Accepts a single reading statement, on
the release only, and no change of the engine's settings. `query` starts, watches and stops it.
"""

from __future__ import annotations

import csv
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.cli.console import Exit, Format, Trouble, complain, plain, print_rows
from pipelines.cli.release_file import open_file, refusals

if TYPE_CHECKING:
    import duckdb

#: Most rows of a table for people; CSV and JSON have no limit.
MOST_SHOWN = 10_000
_AT_ONCE = 2_000
_PRAGMAS = frozenset({"database_list", "database_size", "show_tables", "show_tables_expanded",
                      "table_info", "version", "storage_info"})  # fmt: skip # a table
_ONE_READING = (
    "只接受一条只读语句 / only a single reading statement is accepted: SELECT, FROM, WITH, VALUES, "
    "PIVOT, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN"
)


def checked(statement: str) -> str:
    """The statement, if it is a single one that only reads. Raises Trouble."""
    import duckdb

    found = duckdb.extract_statements(statement)
    if len(found) != 1:
        raise Trouble(f"the query was refused: {_ONE_READING}")
    text = found[0].query.strip().rstrip(";")
    match found[0].type.name:
        case "SELECT" | "MULTI":  # the engine takes PIVOT for several statements
            return statement
        case "EXPLAIN":
            _, _, explained = text.partition(" ")
            if explained.lower().startswith("analyze "):
                explained = explained[len("analyze ") :]
            checked(explained)
            return statement
        case "PRAGMA" if text.split()[-1].partition("(")[0].lower() in _PRAGMAS:
            return statement
        case kind:
            raise Trouble(f"the query was refused: {_ONE_READING}; this is {kind}")


def write(rows: Iterator[Sequence[Any]], headings: Sequence[str], form: Format) -> None:
    """Writes rows to stdout."""
    if form is Format.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows([plain(value) for value in row] for row in rows)
    elif form is Format.json:
        sys.stdout.write("[")
        for number, row in enumerate(rows):
            text = json.dumps(
                plain(dict(zip(headings, row, strict=True))), ensure_ascii=False, indent=2
            )
            sys.stdout.write(("," if number else "") + "\n" + text)
        sys.stdout.write("\n]\n")
    else:
        shown = [row for _, row in zip(range(MOST_SHOWN), rows, strict=False)]
        print_rows(headings, shown)
        if next(rows, None) is not None:
            complain(
                f"只显示前 {MOST_SHOWN:,} 行，其余请用 --format csv / only the first "
                f"{MOST_SHOWN:,} rows are shown; --format csv has them all"
            )
    sys.stdout.flush()


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[Sequence[Any]]:
    while rows := cursor.fetchmany(_AT_ONCE):
        yield from rows


def answer(file: Path, statement: str, form: Format, memory_limit: str) -> None:
    """Runs the statement on the release and writes its rows. Raises Trouble."""
    limits = {"memory_limit": memory_limit, "lock_configuration": "true"}
    with open_file(file, limits) as release, refusals(memory_limit):
        cursor = release.execute(checked(statement))
        headings = [column[0] for column in cursor.description or ()]
        write(_rows(cursor), headings, form)


def main(arguments: Sequence[str]) -> int:
    """The process: file, format, memory limit, seconds. Returns its exit status."""
    file, form, memory_limit, seconds = arguments
    if hasattr(signal, "alarm"):  # in case the parent process is gone
        signal.alarm(int(seconds) + 10)
    try:
        statement = sys.stdin.buffer.read().decode("utf-8", errors="replace")
        answer(Path(file), statement, Format(form), memory_limit)
    except Trouble as trouble:
        complain(str(trouble))
        return trouble.status
    except BrokenPipeError:  # the reader, such as `… | head`, has closed the pipe
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
