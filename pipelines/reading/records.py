"""Where the records of delimited text begin and end, where quotes may hold line breaks.

What the fields of a record are is `pieces`' business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from pipelines.reading.encodings import NotUtf8

LONGEST_RECORD = 1024 * 1024


def whole_records(data: bytes, delimiter: str) -> tuple[bytes, bytes]:
    """`data` split after the last record that is whole."""
    end = data.rfind(b"\n") + 1
    if end and b'"' in data and has_odd_line(data[:end]):
        # the last record may have begun inside a quoted field: find where it starts
        *_, last = records(data[:end], delimiter)
        if last.is_open:
            end = last.offset
    return data[:end], data[end:]


def has_odd_line(piece: bytes) -> bool:
    """True when a line of UTF-8 `piece` holds an odd number of quotes. Raises NotUtf8."""
    try:
        lines = pl.Series([piece], dtype=pl.Binary).cast(pl.String).str.split("\n").explode()
    except pl.exceptions.PolarsError as error:
        raise NotUtf8 from error
    return bool((lines.str.count_matches('"', literal=True) % 2 == 1).any())


def _opens(line: str, delimiter: str) -> bool:
    """True when `line` ends inside a quoted field that it opened by the book."""
    start = re.compile(rf'(?:^|{re.escape(delimiter)})"((?:[^"]|"")*)$')
    closed = re.sub(
        rf'(?:(?<=^)|(?<={re.escape(delimiter)}))"(?:[^"]|"")*"(?={re.escape(delimiter)}|\r?$)',
        "",
        line,
    )
    return start.search(closed) is not None


class Record(NamedTuple):
    text: str
    lines_before: int
    is_open: bool  # the text ended inside a quoted field of it
    offset: int  # of its first byte


def records(data: bytes, delimiter: str) -> Iterator[Record]:
    """The records of text with quotes, some of which may hold line breaks."""
    held: list[str] = []
    began = offset = begin = 0
    for number, raw in enumerate(data.removesuffix(b"\n").split(b"\n")):
        line = raw.decode()
        odd = line.count('"') % 2 == 1
        if held:
            held.append(line)
            if odd:
                yield Record("\n".join(held), began, is_open=False, offset=begin)
                held = []
        elif odd and _opens(line.rstrip("\r"), delimiter):
            held, began, begin = [line], number, offset
        else:
            yield Record(line, number, is_open=False, offset=offset)
        offset += len(raw) + 1
        if held and offset - begin > LONGEST_RECORD:
            # no record is this long: the quote was a stray one, its line stands for itself
            for extra, later in enumerate(held):
                yield Record(later, began + extra, is_open=False, offset=begin)
            held = []
    if held:
        yield Record("\n".join(held), began, is_open=True, offset=begin)
