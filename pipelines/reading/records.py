"""Finds where records of delimited text begin and end, as quotes may contain line breaks.

Python's `csv` decides what a record is; this module decides whether that can be right. A stray
quote at the start of a field would swallow the following lines up to the next quote, and pair one
row's number with another row's amount. Such lines are recognisable: each is a complete row by
itself. `pieces` turns records into a frame.

A line proves that a record begins there if it is well-formed ("by the book"): as many fields as the
heading, and every quote around a whole field.
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
_OWN_DIGITS = 5  # any text may have a line that begins with fewer digits
ANY_WIDTH = 1_000_000  # above a heading, the number of fields is not known
_LOOK = 64  # lines after its first that a record may need to be complete
csv.field_size_limit(LONGEST_RECORD)


def whole_records(carry: bytes, more: bytes, delimiter: str, width: int) -> tuple[bytes, bytes]:
    """`carry` and `more` after it, split after their last complete record. Raises NotUtf8."""
    end = more.rfind(b"\n") + 1
    if end and b'"' not in carry and b'"' not in more:
        return b"".join((carry, memoryview(more)[:end])), more[end:]  # blocks are long: one copy
    data = carry + more
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
    """True if a line of UTF-8 `piece` has an odd number of quotes. Raises NotUtf8."""
    try:
        lines = pl.Series([piece], dtype=pl.Binary).cast(pl.String).str.split("\n").explode()
    except pl.exceptions.PolarsError as error:
        raise NotUtf8 from error
    return bool((lines.str.count_matches('"', literal=True) % 2 == 1).any())


class Record(NamedTuple):
    fields: list[str]
    lines_before: int
    lines: int  # number of lines that it spans
    misfit: str | None = None
    is_open: bool = False  # the text ended inside a quoted field of it


def records(
    data: bytes, delimiter: str, width: int | None = None, *, is_all: bool = True
) -> Iterator[Record]:
    """The records of text that begins with one, under a heading of `width` fields.

    Without `width` every quote is taken as meant. `is_all`: no text follows, so a quote that is
    still open is a stray one; otherwise its record is yielded last, as open.
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
    lines: Sequence[str],
    start: int,
    delimiter: str,
    width: int | None,
    strays: set[int],
    *,
    is_all: bool,
) -> Generator[Record, None, int | None]:
    """The records from line `start` on; returns the line after one with a stray quote.

    Of the lines that it swallowed, those that are not rows by themselves are added to `strays`,
    and also the line that closed it, if it did so by the book: its quote is stray, too.
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
        # inside quotes a line end is part of the field
        is_open = end == len(lines) and bool(fields) and fields[-1].endswith("\n")
        holds: bool | None = False
        if width is not None and end - at > 1:
            holds = _holds_a_record(lines, at, end, delimiter, width, fields)
        if not is_all and (is_open or (holds is None and end > len(lines) - _LOOK)):
            yield Record(fields, at, end - at, is_open=True)
            return None
        if at in strays:
            yield _literally(lines[at], at, delimiter)
            if end - at > 1:
                return at + 1
        elif width is None or (end - at == 1 and not is_open):
            yield Record(fields, at, end - at)
        else:
            own = width
            if width == ANY_WIDTH:  # a record by the book has as many fields as csv found
                book = _by_the_book(delimiter, len(fields))
                is_whole = book.fullmatch("\n".join(lines[at:end])) is not None
                own = len(fields) if is_whole else lines[at].count(delimiter) + 1
            # spreadsheets drop blank fields at the end: a row may be as short as the joined record
            needed = max(min(own, len(fields)), 2)
            rows = [line.count(delimiter) + 1 >= needed for line in lines[at:end]]
            begin = _begin_like_the_first(lines[at:end], delimiter)
            closes = not is_open and _closes_by_the_book(lines[end - 1], delimiter)
            if closes and not (holds or any(begin) or _are_rows(lines[at:end], rows)):
                yield Record(fields, at, end - at)
                continue
            if not holds:  # else the next lines are records by the book, perhaps of several lines
                strays.update(at + n for n, is_row in enumerate(rows) if not is_row)
                strays.update([end - 1] if closes else [])
            yield _literally(lines[at], at, delimiter)
            return at + 1


def _literally(line: str, at: int, delimiter: str) -> Record:
    return Record(line[:LONGEST_RECORD].split(delimiter), at, 1, STRAY_QUOTE)


def _are_rows(span: Sequence[str], rows: Sequence[bool]) -> bool:
    """True if the lines that a quote joins are rows by themselves, as `rows` says of each.

    The inner lines decide, if there are any; otherwise the first and the last.
    """
    inner = [is_row for line, is_row in zip(span, rows, strict=True) if line.strip()][1:-1]
    return sum(inner) * 2 >= len(inner) if inner else rows[0] and rows[-1]


def _begin_like_the_first(span: Sequence[str], delimiter: str) -> list[bool]:
    """Which further lines begin with a number or time of the same shape as the first line."""
    first, *further = (
        re.sub(r"\d", "9", line.partition(delimiter)[0].strip(" \t`'\"")) for line in span
    )
    return [begin == first and first.count("9") >= _OWN_DIGITS for begin in further]


@cache
def _by_the_book(delimiter: str, width: int) -> re.Pattern[str]:
    """A record of at least `width` fields, every quote around a whole field."""
    rest = re.escape(delimiter)
    one = rf'(?:=?"(?:[^"]|"")*+"|[^"\n{rest}]*+)'
    return re.compile(rf"{one}(?:{rest}{one}){{{width - 1},}}(?:\n|\Z)")


def _holds_a_record(
    lines: Sequence[str], at: int, end: int, delimiter: str, width: int, fields: Sequence[str]
) -> bool | None:
    """True if a later line between `at` and `end` begins a record by the book.

    False if all these lines together (`fields`) are one. None if the text ends too early to tell.
    """
    if width == ANY_WIDTH:  # at least as many as its first line, whose quote may be stray
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
    """True if the first quote of `line` ends a quoted field rather than beginning one."""
    text, _, rest = line.replace('""', "").partition('"')
    return (not rest or rest.startswith(delimiter)) and not text.endswith(delimiter)
