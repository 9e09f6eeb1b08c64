"""Delimited text: the dialect, the heading row, and rows in blocks with their line numbers.

Where records end is `records`' business, and what their fields are that of `pieces`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

import polars as pl

from pipelines.reading.blocks import CUT_OFF, MISFIT, SHORT, Block, Table, blank_rows
from pipelines.reading.encodings import utf8_tail
from pipelines.reading.headings import Heading, search
from pipelines.reading.lines import beginning, renumber, without_blank_lines
from pipelines.reading.pieces import parse_piece
from pipelines.reading.records import LONGEST_RECORD, whole_records
from pipelines.reading.refusals import FileRefused
from pipelines.sources import Source

DELIMITERS = (",", "\t", ";", "|")
HEAD_LINES = 100
_LONGEST_LINE = 32 * 1024 * 1024  # without an end of line in sight, reading on only fills memory


def _parse(record: str, delimiter: str) -> list[str]:
    return next(csv.reader([record[:LONGEST_RECORD]], delimiter=delimiter), [])


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
    text = beginning(head[: 4 * LONGEST_RECORD], HEAD_LINES).decode("utf-8", errors="ignore")
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
        piece, carry = (carry, b"") if ended else whole_records(carry, delimiter)
        if len(carry) > _LONGEST_LINE:
            raise FileRefused("file.not_a_table", f"line {line + 1} is longer than 32 MiB")
        if piece:
            block, lines = _block(piece, line, delimiter, width, into, last=ended)
            yield block
            line += lines


def _block(
    piece: bytes, line: int, delimiter: str, width: int, into: Table, *, last: bool
) -> tuple[Block, int]:
    """The block of `piece`, and how many lines it took. Raises NotUtf8."""
    compact = None if b'"' in piece else without_blank_lines(piece)
    frame, lines = parse_piece(compact[0] if compact else piece, line, delimiter, width)
    blank = blank_rows(frame)
    if compact:
        frame = renumber(frame, line, compact[1])
        lines = piece.count(b"\n")
    if blank is not None and blank.any():
        frame = frame.filter(~blank)
    unended = last and frame.height > 0 and not (compact[0] if compact else piece).endswith(b"\n")
    # a last line that stops short of its fields was cut off in transit
    if unended and (into.truncated or frame[-1, MISFIT] == SHORT):
        at_end = pl.int_range(pl.len()) == pl.len() - 1
        cut = pl.when(at_end).then(pl.lit(CUT_OFF)).otherwise(pl.col(MISFIT))
        frame = frame.with_columns(cut.alias(MISFIT))
    return Block(frame), lines
