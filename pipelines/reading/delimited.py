"""Delimited text: rows in blocks with their line numbers, under the heading that was found.

`records` finds where records end, `pieces` splits them into fields, `heading_rows` finds the
heading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
from pipelines.reading.lines import as_pieces, beginning, renumber, without_blank_lines
from pipelines.reading.pieces import parse_piece
from pipelines.reading.reached import Reached
from pipelines.reading.records import LONGEST_RECORD, whole_records
from pipelines.reading.refusals import FileRefused
from pipelines.sources import Source

HEAD_BYTES = 65_536  # that a heading is looked for in, at least
LONGEST_LINE = 32 * 1024 * 1024  # beyond this, reading on for a line end only fills memory


def table(blocks: Iterator[bytes], encoding: str, source: Source) -> ReadTable:
    """The table in `blocks` of UTF-8. Raises FileRefused."""
    head = head_of(blocks)
    if not head.strip():
        raise FileRefused("file.empty")
    result, lines, delimiter = headed(head, encoding, source)
    rest = head[len(beginning(head, lines)) :]
    pieces = _pieces(rest, blocks, lines, delimiter, result)
    result.rows = _rows(pieces, lines, delimiter, result)
    return result


def head_of(blocks: Iterator[bytes]) -> bytes:
    """The first of `blocks`, in which the heading is looked for."""
    head = next(blocks, b"")
    while len(head) < HEAD_BYTES and (more := next(blocks, b"")):
        head += more
    return head


def top_of(head: bytes) -> bytes:
    """What of `head` decides where the heading is."""
    return beginning(head[: 4 * LONGEST_RECORD], HEAD_LINES)


def headed(head: bytes, encoding: str, source: Source) -> tuple[ReadTable, int, str]:
    """The table of a text that begins with `head`, without its rows; the lines up to the heading,
    and the delimiter. Raises FileRefused."""
    text = top_of(head).decode("utf-8", errors="ignore")
    try:
        found = find_heading(text.encode(), source)
    except FileRefused as refusal:
        answer = in_words(text) if len(text) == len(head.decode("utf-8", errors="ignore")) else None
        raise (FileRefused("file.not_a_table", answer) if answer else refusal) from None
    dialect = f"csv {found.delimiter!r}"
    result = ReadTable(None, encoding, dialect, found.heading, found.titles, iter(()))
    return result, found.lines, found.delimiter


def part_of_table(
    head: bytes, blocks: Iterator[bytes], pieces: int, line: int, encoding: str, source: Source
) -> ReadTable:
    """Some rows of a text that begins with `head`: so many of `blocks`, each a piece, which come
    after `line` lines, then all that is left in `blocks` as the last piece. Raises FileRefused."""
    result, _, delimiter = headed(head, encoding, source)
    every = as_pieces(blocks, pieces)
    whole = ((_last(piece, result) if is_last else piece, is_last) for piece, is_last in every)
    result.rows = _rows(whole, line, delimiter, result)
    return result


def _pieces(
    rest: bytes, blocks: Iterator[bytes], line: int, delimiter: str, into: ReadTable
) -> Iterator[tuple[bytes, bool]]:
    """`rest` and `blocks` cut at the ends of records; of each piece whether it is the last."""
    width, carry = len(into.heading.names), rest
    for more in blocks:
        piece, carry = whole_records(carry, more, delimiter, width)
        line += piece.count(b"\n")
        if len(carry) > LONGEST_LINE:
            raise FileRefused("file.not_a_table", f"line {line + 1} is longer than 32 MiB")
        yield piece, False
    yield _last(carry, into), True


def _last(piece: bytes, into: ReadTable) -> bytes:
    """The last piece, without a character that was cut off."""
    tail = utf8_tail(piece)
    into.truncated = into.truncated or tail > 0
    return piece[: len(piece) - tail]


def _rows(
    pieces: Iterable[tuple[bytes, bool]], line: int, delimiter: str, into: ReadTable
) -> Iterator[Block]:
    """The rows of `pieces`; `line` lines come before."""
    width = len(into.heading.names)
    reached = Reached(width)
    for piece, is_last in pieces:
        if piece:
            frame, lines = _frame(piece, line, delimiter, width, into, last=is_last)
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
