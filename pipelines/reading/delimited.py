"""Delimited text: rows in blocks with their line numbers, under the heading that was found.

`records` finds where records end, `pieces` splits them into fields, `heading_rows` finds the
heading.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.reading.answers import in_words
from pipelines.reading.blocks import (
    CUT_OFF,
    MISFIT,
    SHORT,
    STRAY_QUOTE,
    Block,
    ReadTable,
    blank_rows,
)
from pipelines.reading.encodings import utf8_tail
from pipelines.reading.heading_rows import HEAD_LINES, find_heading
from pipelines.reading.lines import beginning, renumber, without_blank_lines
from pipelines.reading.pieces import parse_piece
from pipelines.reading.reached import Reached
from pipelines.reading.records import LONGEST_RECORD, whole_records
from pipelines.reading.refusals import FileRefused
from pipelines.sources import Source

_LONGEST_LINE = 32 * 1024 * 1024  # beyond this, reading on for a line end only fills memory


def table(blocks: Iterator[bytes], encoding: str, source: Source) -> ReadTable:
    """The table in `blocks` of UTF-8. Raises FileRefused."""
    head = next(blocks, b"")
    while len(head) < 65_536 and (more := next(blocks, b"")):
        head += more
    if not head.strip():
        raise FileRefused("file.empty")
    text = beginning(head[: 4 * LONGEST_RECORD], HEAD_LINES).decode("utf-8", errors="ignore")
    try:
        found = find_heading(text.encode(), source)
    except FileRefused as refusal:
        answer = in_words(text) if len(text) == len(head.decode("utf-8", errors="ignore")) else None
        raise (FileRefused("file.not_a_table", answer) if answer else refusal) from None
    start = len(beginning(head, found.lines))
    result = ReadTable(
        None, encoding, f"csv {found.delimiter!r}", found.heading, found.titles, iter(())
    )
    result.rows = _rows(head[start:], blocks, found.lines, found.delimiter, result)
    return result


def _rows(
    rest: bytes, blocks: Iterator[bytes], line: int, delimiter: str, into: ReadTable
) -> Iterator[Block]:
    """The rows of `rest` and `blocks`, cut at the ends of records; `line` lines come before."""
    width = len(into.heading.names)
    reached = Reached(width)
    carry = rest
    ended = False
    while not ended:
        more = next(blocks, None)
        ended = more is None
        if more is None:
            tail = utf8_tail(carry)
            into.truncated = into.truncated or tail > 0
            piece, carry = carry[: len(carry) - tail], b""
        else:
            piece, carry = whole_records(carry, more, delimiter, width)
        if len(carry) > _LONGEST_LINE:
            raise FileRefused("file.not_a_table", f"line {line + 1} is longer than 32 MiB")
        if piece:
            frame, lines = _frame(piece, line, delimiter, width, into, last=ended)
            reached.add(piece, frame, line, delimiter)
            blank = blank_rows(frame)
            yield Block(frame.filter(~blank) if blank is not None and blank.any() else frame)
            line += lines
    reached.settle()


def _frame(
    piece: bytes, line: int, delimiter: str, width: int, into: ReadTable, *, last: bool
) -> tuple[pl.DataFrame, int]:
    """The rows of `piece`, including blank ones, and its number of lines. Raises NotUtf8."""
    compact = None if b'"' in piece else without_blank_lines(piece)
    frame, lines = parse_piece(compact[0] if compact else piece, line, delimiter, width)
    if compact:
        frame = renumber(frame, line, compact[1])
        lines = piece.count(b"\n")
    unended = last and frame.height > 0 and not (compact[0] if compact else piece).endswith(b"\n")
    # a last line without an end and with too few fields was cut off in transit
    if unended and (into.truncated or frame[-1, MISFIT] in (SHORT, STRAY_QUOTE)):
        at_end = pl.int_range(pl.len()) == pl.len() - 1
        cut = pl.when(at_end).then(pl.lit(CUT_OFF)).otherwise(pl.col(MISFIT))
        frame = frame.with_columns(cut.alias(MISFIT))
    return frame, lines
