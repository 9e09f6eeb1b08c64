"""Where the records of delimited text begin and end, where quotes may hold line breaks.

What a record is, Python's `csv` decides; whether it can be, this module. A quote that opens a field
by mistake would draw in the lines behind it until the next quote, and pair one row's number with
another row's amount. Such lines give themselves away: each has a row's fields by itself. How
records become a frame is `pieces`' business.

A record that is whole where it begins on its own line proves as much, by the book: as many fields
as the heading, every quote around a whole field.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Generator, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

import polars as pl

from pipelines.reading.blocks import STRAY_QUOTE
from pipelines.reading.encodings import NotUtf8
from pipelines.reading.lines import split

LONGEST_RECORD = 1024 * 1024
ANY_WIDTH = 1_000_000  # of rows above a heading nothing is known but their own fields
_LOOK = 64  # lines behind that a record may need to be whole
csv.field_size_limit(LONGEST_RECORD)


def whole_records(data: bytes, delimiter: str, width: int) -> tuple[bytes, bytes]:
    """`data` split after the last record that is whole. Raises NotUtf8."""
    end = data.rfind(b"\n") + 1
    if end and b'"' in data and has_odd_line(data[:end]):
        # the last record may have begun inside a quoted field: find where it starts
        *_, last = records(data[:end], delimiter, width, is_all=False)
        if last.is_open:
            end = 0
            for _ in range(last.lines_before):
                end = data.find(b"\n", end) + 1
    return data[:end], data[end:]


def has_odd_line(piece: bytes) -> bool:
    """True when a line of UTF-8 `piece` holds an odd number of quotes. Raises NotUtf8."""
    try:
        lines = pl.Series([piece], dtype=pl.Binary).cast(pl.String).str.split("\n").explode()
    except pl.exceptions.PolarsError as error:
        raise NotUtf8 from error
    return bool((lines.str.count_matches('"', literal=True) % 2 == 1).any())


class Record(NamedTuple):
    fields: list[str]
    lines_before: int
    lines: int  # how many it takes
    misfit: str | None = None
    is_open: bool = False  # the text ended inside a quoted field of it


def records(
    data: bytes, delimiter: str, width: int | None = None, *, is_all: bool = True
) -> Iterator[Record]:
    """The records of text that begins with one, under a heading of `width` fields.

    Without `width` nothing is known of rows, and every quote counts. `is_all`: no text follows, so
    a quote that is still open is a stray one; else its record is handed out as it is, the last.
    """
    try:
        lines = split(data)
    except UnicodeDecodeError as error:
        raise NotUtf8 from error
    start: int | None = 0
    strays: set[int] = set()
    while start is not None:
        start = yield from _until_stray(lines, start, delimiter, width, strays, is_all=is_all)


def _until_stray(
    lines: Sequence[str], start: int, delimiter: str, width: int | None, strays: set[int],
    *, is_all: bool,
) -> Generator[Record, None, int | None]:  # fmt: skip
    """The records from line `start` on; returns where to go on behind a line with a stray quote.

    Lines whose quotes are stray as well, as those that closed what a stray one opened, are added
    to `strays`.
    """
    reader = csv.reader((f"{line}\n" for line in islice(lines, start, None)), delimiter=delimiter)
    while True:
        at = start + reader.line_num
        try:
            fields = next(reader)
        except StopIteration:
            return None
        except csv.Error:  # no field is this long
            yield _literally(lines[at], at, delimiter)
            return at + 1
        end = start + reader.line_num
        # within quotes the end of a line is a part of the field
        is_open = end == len(lines) and bool(fields) and fields[-1].endswith("\n")
        holds: bool | None = False
        if width is not None and end - at > 1:
            holds = _holds_a_record(lines, at, end, delimiter, width, fields)
        if not is_all and (is_open or (holds is None and end > len(lines) - _LOOK)):
            yield Record(fields, at, end - at, is_open=True)
            return None
        if width is not None and (
            is_open or holds or _are_rows(lines[at:end], fields, delimiter, width)
        ):
            if not is_open and not holds and _closes_by_the_book(lines[end - 1], delimiter):
                strays.add(end - 1)
            yield _literally(lines[at], at, delimiter)
            return at + 1
        if end - at == 1 and at in strays:
            yield _literally(lines[at], at, delimiter)
        else:
            yield Record(fields, at, end - at)


def _literally(line: str, at: int, delimiter: str) -> Record:
    return Record(line[:LONGEST_RECORD].split(delimiter), at, 1, STRAY_QUOTE)


def _are_rows(span: Sequence[str], fields: Sequence[str], delimiter: str, width: int) -> bool:
    """True when the lines that a quote holds together are rows of their own.

    The lines inside tell, where there are any; else the first and the last. A row is as long as
    what came of the whole, for spreadsheets drop blank fields at the end.
    """
    if len(span) == 1:
        return False
    inner = [line for line in span[1:-1] if line.strip()]
    if inner and width == ANY_WIDTH and not any('"' in line for line in inner):
        # no field ends and begins on these: they may be rows as long as the line before them
        width = span[0].count(delimiter) + 1
    needed = max(min(width, len(fields)), 2)
    if not inner:
        return all(line.count(delimiter) + 1 >= needed for line in (span[0], span[-1]))
    rows = sum(line.count(delimiter) + 1 >= needed for line in inner)
    return rows * 2 >= len(inner)


@cache
def _by_the_book(delimiter: str, width: int) -> re.Pattern[str]:
    """A record of `width` fields or more whose quotes all stand around fields."""
    rest = re.escape(delimiter)
    one = rf'(?:=?"(?:[^"]|"")*+"|[^"\n{rest}]*+)'
    return re.compile(rf"{one}(?:{rest}{one}){{{width - 1},}}(?:\n|\Z)")


def _holds_a_record(
    lines: Sequence[str], at: int, end: int, delimiter: str, width: int, fields: Sequence[str]
) -> bool | None:
    """True when a line behind the first of those from `at` to `end` begins a record by the book,
    where the `fields` they make together are none; None where the text ends too early to tell."""
    if width == ANY_WIDTH:  # as many as its own line holds, whose quote may be the stray one
        width = max(lines[at].count(delimiter) + 1, 2)
    book = _by_the_book(delimiter, width)
    is_right = not any(extra.strip() for extra in fields[width:])
    if is_right and book.fullmatch("\n".join(lines[at:end])):
        return False
    doubtful = False
    for start in range(at + 1, end):
        if '"' not in lines[start]:
            if lines[start].count(delimiter) >= width - 1:
                return True
            continue
        if book.match("\n".join(lines[start : start + _LOOK])):
            return True
        doubtful = True
    return None if doubtful else False


def _closes_by_the_book(line: str, delimiter: str) -> bool:
    """True when the first quote of `line` ends a quoted field, as far as that line tells."""
    rest = line.replace('""', "").partition('"')[2]
    return not rest or rest.startswith(delimiter)
