"""Delimited text: the dialect, the heading row, and rows in blocks with their line numbers.

A block goes the quickest way that is exact for it: without quotes straight through Polars, with
quotes inside lines through Polars' quoting, with quoted line breaks record by record.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from pipelines.reading.blocks import (
    CUT_OFF,
    FIELD_COUNT,
    LINE,
    MISFIT,
    SHORT,
    Block,
    Table,
    cell,
    text_frame,
)
from pipelines.reading.encodings import NotUtf8, is_utf8, utf8_tail
from pipelines.reading.headings import Heading, search
from pipelines.reading.lines import renumber, without_blank_lines
from pipelines.reading.refusals import FileRefused
from pipelines.sources import Source

DELIMITERS = (",", "\t", ";", "|")
HEAD_LINES = 100
_LONGEST_RECORD = 1024 * 1024
_LONGEST_LINE = 32 * 1024 * 1024  # without an end of line in sight, reading on only fills memory
csv.field_size_limit(_LONGEST_RECORD)


def _parse(record: str, delimiter: str) -> list[str]:
    return next(csv.reader([record[:_LONGEST_RECORD]], delimiter=delimiter), [])


def find_heading(head: str, source: Source) -> tuple[int, str, Heading, list[list[str]]]:
    """Heading's line index, delimiter, match and the rows above it. Raises FileRefused."""
    lines = head.splitlines()[:HEAD_LINES]
    best: tuple[int, str, Heading, list[list[str]]] | None = None
    nearest: Heading | None = None
    for delimiter in DELIMITERS:
        rows = [_parse(line, delimiter) for line in lines]
        index, heading = search(rows, source)
        if index is not None and heading and (best is None or heading.score > best[2].score):
            best = (index, delimiter, heading, rows[:index])
        elif heading and (nearest is None or heading.score > nearest.score):
            nearest = heading
    if best is None:
        raise FileRefused("file.no_heading", missing_columns(nearest, source))
    return best


def missing_columns(nearest: Heading | None, source: Source) -> str:
    """What keeps the nearest row from being the heading, for a refusal."""
    if nearest is None:
        return "no row holds a heading of this source"
    by_name = source.by_name
    labels = (f"{n} ({' | '.join(by_name[n].accepted[1:3])})" for n in nearest.missing)
    return "missing: " + ", ".join(labels)


def table(blocks: Iterator[bytes], encoding: str, source: Source) -> Table:
    """The table in `blocks` of UTF-8. Raises FileRefused."""
    head = next(blocks, b"")
    while len(head) < 65_536 and (more := next(blocks, b"")):
        head += more
    if not head.strip():
        raise FileRefused("file.empty")
    text = head[: 4 * _LONGEST_RECORD].decode("utf-8", errors="ignore")
    index, delimiter, heading, titles = find_heading(text, source)
    start = 0
    for _ in range(index + 1):
        start = head.find(b"\n", start) + 1
        if start == 0:
            start = len(head)
            break
    result = Table(None, encoding, f"csv {delimiter!r}", heading, titles, iter(()))
    result.rows = _rows(head[start:], blocks, index + 1, delimiter, len(heading.names), result)
    return result


def _rows(
    rest: bytes, blocks: Iterator[bytes], line: int, delimiter: str, width: int, into: Table
) -> Iterator[Block]:
    """`line` lines stand before `rest`. Cuts at the end of a record and parses piece by piece."""
    carry = rest
    ended = False
    while not ended:
        more = next(blocks, None)
        ended = more is None
        if more:
            carry = carry + more if carry else more
        elif ended:
            tail = utf8_tail(carry)
            into.truncated = into.truncated or tail > 0
            carry = carry[: len(carry) - tail]
        piece, carry = (carry, b"") if ended else _cut(carry, delimiter)
        if len(carry) > _LONGEST_LINE:
            raise FileRefused("file.not_a_table", f"line {line + 1} is longer than 32 MiB")
        if piece:
            block, lines = _block(piece, line, delimiter, width, into, last=ended)
            yield block
            line += lines


def _cut(data: bytes, delimiter: str) -> tuple[bytes, bytes]:
    """`data` split after the last record that is whole."""
    end = data.rfind(b"\n") + 1
    if end and b'"' in data and _has_odd_line(data[:end]):
        # the last record may have begun inside a quoted field: find where it starts
        *_, last = _records(data[:end], delimiter)
        if last.is_open:
            end = last.offset
    return data[:end], data[end:]


def _has_odd_line(piece: bytes) -> bool:
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


class _Record(NamedTuple):
    text: str
    lines_before: int
    is_open: bool  # the text ended inside a quoted field of it
    offset: int  # of its first byte


def _records(data: bytes, delimiter: str) -> Iterator[_Record]:
    """The records of text with quotes, some of which may hold line breaks."""
    held: list[str] = []
    began = offset = begin = 0
    for number, raw in enumerate(data.removesuffix(b"\n").split(b"\n")):
        line = raw.decode()
        odd = line.count('"') % 2 == 1
        if held:
            held.append(line)
            if odd:
                yield _Record("\n".join(held), began, is_open=False, offset=begin)
                held = []
        elif odd and _opens(line.rstrip("\r"), delimiter):
            held, began, begin = [line], number, offset
        else:
            yield _Record(line, number, is_open=False, offset=offset)
        offset += len(raw) + 1
        if held and offset - begin > _LONGEST_RECORD:
            # no record is this long: the quote was a stray one, its line stands for itself
            for extra, later in enumerate(held):
                yield _Record(later, began + extra, is_open=False, offset=begin)
            held = []
    if held:
        yield _Record("\n".join(held), began, is_open=True, offset=begin)


def _block(
    piece: bytes, line: int, delimiter: str, width: int, into: Table, *, last: bool
) -> tuple[Block, int]:
    """The block of `piece`, and how many lines it took. Raises NotUtf8."""
    quoted = b'"' in piece
    frame, lines = None, 0
    compact = None if quoted else without_blank_lines(piece)
    if compact:
        lines = piece.count(b"\n")
        piece = compact[0]
    if not quoted or not _has_odd_line(piece):
        frame = _through_polars(piece, line, delimiter, width, quoted=quoted)
    if frame is None:
        frame, lines = _record_by_record(piece, line, delimiter, width), piece.count(b"\n")
    blank = frame.select(pl.all_horizontal(pl.exclude(LINE, MISFIT).is_null())).to_series()
    lines = lines or frame.height
    if compact:
        frame = renumber(frame, line, compact[1])
    if blank.any():
        frame = frame.filter(~blank)
    unended = last and frame.height > 0 and not piece.endswith(b"\n")
    # a last line that stops short of its fields was cut off in transit
    if unended and (into.truncated or frame[-1, MISFIT] == SHORT):
        at_end = pl.int_range(pl.len()) == pl.len() - 1
        cut = pl.when(at_end).then(pl.lit(CUT_OFF)).otherwise(pl.col(MISFIT))
        frame = frame.with_columns(cut.alias(MISFIT))
    return Block(frame), lines


def _through_polars(
    piece: bytes, line: int, delimiter: str, width: int, *, quoted: bool
) -> pl.DataFrame | None:
    names = [cell(i) for i in range(width)]
    try:
        frame = pl.read_csv(
            piece,
            has_header=False,
            separator=delimiter,
            quote_char='"' if quoted else None,
            schema=dict.fromkeys([*names, "over"], pl.String),
            missing_columns="insert",
            extra_columns="ignore",
        )
    except pl.exceptions.NoDataError:
        return text_frame([], [], width)
    except pl.exceptions.ComputeError as error:
        if not is_utf8(piece):
            raise NotUtf8 from error
        return None
    expected = frame.height * (width - 1)
    over = frame["over"].is_not_null()
    blank = int(frame.select(pl.all_horizontal(pl.all().is_null()).sum()).item())
    exact = piece.count(delimiter.encode()) == expected - blank * (width - 1)
    if quoted and not exact:
        # with quotes about, delimiters cannot be counted: only a null last field tells of a
        # short row, and then the records are read one by one
        doubtful = over.any() or frame[names[-1]].null_count() > 0
        return None if doubtful else _numbered(frame, line, names)
    if not exact or over.any():
        return _with_misfits(piece, frame, line, delimiter, width)
    return _numbered(frame, line, names)


def _numbered(frame: pl.DataFrame, line: int, names: list[str]) -> pl.DataFrame:
    return frame.select(
        *names,
        pl.int_range(line + 1, line + 1 + pl.len(), dtype=pl.Int64).alias(LINE),
        pl.lit(None, pl.String).alias(MISFIT),
    )


def _with_misfits(
    piece: bytes, frame: pl.DataFrame, line: int, delimiter: str, width: int
) -> pl.DataFrame:
    """Rows with too few or too many fields named; counted line by line."""
    lines = pl.Series([piece.removesuffix(b"\n")]).cast(pl.String).str.split("\n").explode()
    if len(lines) != frame.height:
        return _record_by_record(piece, line, delimiter, width)
    # blank fields beyond the last heading are a spreadsheet's habit, not a misfit
    filled = lines.str.strip_chars_end(delimiter + " \t\r")
    many = filled.str.count_matches(delimiter, literal=True) >= width
    short = lines.str.count_matches(delimiter, literal=True) < width - 1
    names = [cell(i) for i in range(width)]
    misfit = pl.when(many).then(pl.lit(FIELD_COUNT)).when(short).then(pl.lit(SHORT))
    return _numbered(frame, line, names).with_columns(misfit.alias(MISFIT))


def _record_by_record(piece: bytes, line: int, delimiter: str, width: int) -> pl.DataFrame:
    rows: list[list[str]] = []
    lines: list[int] = []
    for record in _records(piece, delimiter):
        text = io.StringIO(record.text[:_LONGEST_RECORD].rstrip("\r"), newline="")
        fields = next(csv.reader(text, delimiter=delimiter), [])
        if any(f.strip() for f in fields):
            rows.append(fields)
            lines.append(line + record.lines_before + 1)
    return text_frame(rows, lines, width)
