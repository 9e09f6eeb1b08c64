"""Workbooks (xlsx, xlsm, xlsb, xls, ods): every visible sheet with a heading is a table.

`workbook_worker` opens the file in a separate process; here its rows become blocks. A text file
that was pasted into one column, a whole line per cell, is split into fields again.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from pipelines.cleaning.identities import mask_text
from pipelines.reading.blocks import Block, ReadTable, text_frame
from pipelines.reading.containers import Content, Member, open_member
from pipelines.reading.heading_rows import HEAD_LINES, missing_columns
from pipelines.reading.headings import Heading, search
from pipelines.reading.left_out import LeftKind, LeftOut
from pipelines.reading.refusals import FileRefused
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.sources import Source

_WORKER = "pipelines.reading.workbook_worker"
_BLOCK_ROWS = 50_000
_SEPARATORS = (",", "\t", ";", "|")
_NUMBER = re.compile(r"^[-+¥$]?[\d,]+(?:\.\d+)?$")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def tables(member: Member, source: Source, limits: Settings) -> Iterator[ReadTable]:
    """The tables of a workbook, one per sheet with a heading. Raises FileRefused."""
    with tempfile.TemporaryDirectory(dir=limits.build) as scratch:
        path = _on_disk(member, limits, Path(scratch))
        _check(path, member.content, limits)
        rows = Path(scratch) / "rows.jsonl"
        _run_worker(path, rows, limits)
        found: list[tuple[_Sheet, _Found]] = []
        left: list[LeftOut] = []
        nearest: Heading | None = None
        for sheet in _sheets(rows):
            match = _heading(rows, sheet, source)
            if isinstance(match, _Found) and not sheet.is_hidden:
                found.append((sheet, match))
                continue
            left += _left(rows, sheet, member)
            missed = None if isinstance(match, _Found) else match
            if missed and (nearest is None or missed.score > nearest.score):
                nearest = missed
        if not found:
            hidden = " (hidden sheets are not read)" if left and nearest is None else ""
            raise FileRefused("file.no_heading", missing_columns(nearest, source) + hidden)
        for sheet, match in found:
            name = f"{member.name}/{sheet.name}" if member.inner else sheet.name
            titles = [cells for _, cells in match.head[: match.row + 1 - match.heading.rows]]
            result = ReadTable(
                name, "binary", str(member.content), match.heading, titles, iter(()),
                sheet.date_1904, first_column=sheet.first_column,
            )  # fmt: skip # a record
            result.left_out += left
            left = []
            last = match.head[match.row][0]
            width = len(match.heading.names)
            result.rows = _blocks(rows, sheet.start, last, width, match.separator)
            yield result


def rows_as_they_lie(
    member: Member, limits: Settings, scratch: Path
) -> Iterator[tuple[str, int, list[str]]]:
    """(sheet, row number, cells) of every row that is not blank, hidden sheets too, whatever they
    mean. `scratch` is a folder for the time of reading. Raises FileRefused."""
    path = _on_disk(member, limits, scratch)
    _check(path, member.content, limits)
    rows = scratch / "rows.jsonl"
    _run_worker(path, rows, limits)
    for sheet in _sheets(rows):
        name = f"{member.name}/{sheet.name}" if member.inner else sheet.name
        for number, cells in _sheet_rows(rows, sheet.start):
            yield name, number, cells


class _Sheet(NamedTuple):
    """A sheet in the worker's output; `start` is the byte offset of its first row."""

    name: str
    is_hidden: bool
    first_column: int
    date_1904: bool
    start: int


class _Found(NamedTuple):
    """The heading of a sheet, at `row` of the first rows; a separator if cells hold whole lines."""

    heading: Heading
    row: int
    head: list[tuple[int, list[str]]]
    separator: str | None


def _heading(rows: Path, sheet: _Sheet, source: Source) -> _Found | Heading | None:
    """The heading of a sheet, else the nearest miss."""
    head = _head(rows, sheet.start)
    index, heading = search([cells for _, cells in head], source)
    separator = None if index is not None else _separator(head, source)
    if separator:
        head = [(number, _apart(cells, separator)) for number, cells in head]
        index, heading = search([cells for _, cells in head], source)
    return heading if index is None or heading is None else _Found(heading, index, head, separator)


def _left(rows: Path, sheet: _Sheet, member: Member) -> list[LeftOut]:
    """The entry for a sheet that is not read; none for a blank sheet, or for notes and covers.

    A hidden sheet is reported if it has any content, another if it looks like a table: a number
    beside another filled cell.
    """
    lines = [[c for c in cells if c.strip()] for _, cells in _sheet_rows(rows, sheet.start)]
    is_table = any(len(line) > 1 and any(_NUMBER.match(c) for c in line) for line in lines)
    cells = sum(map(len, lines))
    if not cells or not (sheet.is_hidden or is_table):
        return []
    name = f"{member.name}/{sheet.name}" if member.inner else sheet.name
    return [LeftOut(LeftKind.SHEET, mask_text(name), sum(map(bool, lines)), cells)]


def _on_disk(member: Member, limits: Settings, scratch: Path) -> Path:
    if member.inner is None and not member.gzipped:
        return member.path
    path = scratch / "workbook"
    with open_member(member, limits) as packed, path.open("wb") as out:
        while part := packed.read(1024 * 1024):
            out.write(part)
    return path


def _check(path: Path, content: Content, limits: Settings) -> None:
    """Refuses passwords and bombs before a parser sees them."""
    if content is Content.XLS:
        with path.open("rb") as raw:
            if _ENCRYPTED in raw.read(limits.max_workbook_bytes):
                raise FileRefused("file.password")
        return
    try:
        with zipfile.ZipFile(path) as packed:
            total = 0
            for info in packed.infolist():
                with packed.open(info) as part:
                    # a declared size may be false: count the bytes that come out
                    while piece := part.read(1024 * 1024):
                        total += len(piece)
                        if total > limits.max_workbook_bytes:
                            raise FileRefused("file.too_large", f"{info.filename}")
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
        raise FileRefused("file.damaged", str(error)) from error
    except RuntimeError as error:  # zipfile's word for an encrypted member
        raise FileRefused("file.password", str(error)) from error


def _run_worker(path: Path, rows: Path, limits: Settings) -> None:
    command = [
        sys.executable,
        "-m",
        _WORKER,
        str(path),
        str(limits.workbook_memory),
        str(limits.workbook_seconds),
    ]
    with rows.open("wb") as out:
        try:
            done = subprocess.run(  # noqa: S603 - our own module, paths of ours
                command,
                stdout=out,
                stderr=subprocess.PIPE,
                cwd=PROJECT_ROOT,
                timeout=2 * limits.workbook_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise FileRefused("file.too_slow") from error
    if done.returncode == 3:
        raise FileRefused("file.password")
    if done.returncode == 4:
        raise FileRefused("file.damaged", done.stderr.decode(errors="replace")[-200:])
    if done.returncode != 0:
        raise FileRefused("file.too_slow", f"the reader ended with status {done.returncode}")


def _sheets(rows: Path) -> Iterator[_Sheet]:
    """Every sheet, in order."""
    with rows.open("rb") as lines:
        while line := lines.readline():
            if line.startswith(b"{"):
                head = json.loads(line)
                yield _Sheet(
                    head["sheet"],
                    head["hidden"],
                    head["first_column"],
                    head["date_1904"],
                    lines.tell(),
                )


def _sheet_rows(rows: Path, start: int) -> Iterator[tuple[int, list[str]]]:
    stream: IO[bytes]
    with rows.open("rb") as stream:
        stream.seek(start)
        while (line := stream.readline()) and not line.startswith(b"{"):
            number, *cells = json.loads(line)
            yield number, cells


def _head(rows: Path, start: int) -> list[tuple[int, list[str]]]:
    head = []
    for row in _sheet_rows(rows, start):
        head.append(row)
        if len(head) == HEAD_LINES:
            break
    return head


def _separator(head: list[tuple[int, list[str]]], source: Source) -> str | None:
    """The separator of lines that are whole in one cell, if splitting them yields a heading."""
    for separator in _SEPARATORS:
        index, _ = search([_apart(cells, separator) for _, cells in head], source)
        # separate cells are not a line, even if they would read like one side by side
        if index is not None and separator in next(c for c in head[index][1] if c):
            return separator
    return None


def _apart(cells: list[str], separator: str) -> list[str]:
    """The line in a row's first filled cell, split into fields, followed by the other cells."""
    first, *beside = [c for c in cells if c] or [""]
    return [*next(csv.reader([first], delimiter=separator), []), *beside]


def _blocks(
    rows: Path, start: int, heading_row: int, width: int, separator: str | None
) -> Iterator[Block]:
    cells: list[list[str]] = []
    lines: list[int] = []
    for number, row in _sheet_rows(rows, start):
        if number <= heading_row:
            continue
        cells.append(_apart(row, separator) if separator else row)
        lines.append(number)
        if len(cells) == _BLOCK_ROWS:
            yield Block(text_frame(cells, lines, width))
            cells, lines = [], []
    if cells:
        yield Block(text_frame(cells, lines, width))
