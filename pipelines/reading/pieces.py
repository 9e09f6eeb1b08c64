"""A piece of delimited text, made of whole records, as a frame of texts with line numbers.

A piece takes the fastest way that is exact for it: without quotes straight through Polars, with
quotes inside lines through Polars' quoting, with quoted line breaks record by record. If one
line among a hundred thousand is difficult, only the part around it takes the slow way.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.reading.blocks import (
    FIELD_COUNT,
    LINE,
    MISFIT,
    SHORT,
    blank_rows,
    cell,
    text_frame,
)
from pipelines.reading.encodings import NotUtf8, is_utf8
from pipelines.reading.records import has_odd_line, records

_PARTS = 16  # a piece that Polars cannot read is cut into so many parts, recursively
_SMALL = 32 * 1024  # bytes; parts of this size are read record by record


def parse_piece(piece: bytes, line: int, delimiter: str, width: int) -> tuple[pl.DataFrame, int]:
    """The rows of `piece`, which comes after `line` lines, and its number of lines.

    Raises NotUtf8.
    """
    quoted = b'"' in piece
    is_plain = not quoted or not has_odd_line(piece)
    frame = _through_polars(piece, line, delimiter, width, quoted=quoted) if is_plain else None
    lines = piece.count(b"\n") + (not piece.endswith(b"\n"))
    # with quotes, an equal number of rows and lines shows that no line was drawn into another
    if frame is not None and (not quoted or frame.height == lines):
        return frame, lines
    lines = piece.count(b"\n")
    if len(piece) > _SMALL:
        return _part_by_part(piece, line, delimiter, width), lines
    return _record_by_record(piece, line, delimiter, width), lines


def _part_by_part(piece: bytes, line: int, delimiter: str, width: int) -> pl.DataFrame:
    """As `parse_piece`, in parts that end where a record does."""
    frames, at, size = [], 0, max(len(piece) // _PARTS, _SMALL)
    while at < len(piece):
        end = _end_of_line(piece, at + size)
        # a quote leaves the last record open: lengthen the part until it is closed
        while end < len(piece) and _is_open(piece[at:end], delimiter, width):
            end = _end_of_line(piece, end + size)
        if end - at == len(piece):
            return _record_by_record(piece, line, delimiter, width)
        part = piece[at:end]
        frames.append(parse_piece(part, line, delimiter, width)[0])
        at, line = end, line + part.count(b"\n")
    return pl.concat(frames, rechunk=True)


def _end_of_line(piece: bytes, at: int) -> int:
    return piece.find(b"\n", at) + 1 or len(piece)


def _is_open(part: bytes, delimiter: str, width: int) -> bool:
    if b'"' not in part or not has_odd_line(part):
        return False
    *_, last = records(part, delimiter, width, is_all=False)
    return last.is_open


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
    blank = blank_rows(frame)
    if blank is not None:
        expected -= int(blank.sum()) * (width - 1)
    exact = _count(piece, delimiter) == expected
    if quoted and not exact:
        # with quotes, delimiters cannot be counted: only a null last field hints at a short
        # row, and then the records are read one by one
        doubtful = over.any() or frame[names[-1]].null_count() > 0
        return None if doubtful else _numbered(frame, line, names)
    if not exact or over.any():
        return _with_misfits(piece, frame, line, delimiter, width)
    return _numbered(frame, line, names)


def _count(piece: bytes, delimiter: str) -> int:
    """Like `piece.count`, which takes three times as long if the byte is frequent."""
    return int(np.count_nonzero(np.frombuffer(piece, dtype=np.uint8) == ord(delimiter)))


def _numbered(frame: pl.DataFrame, line: int, names: list[str]) -> pl.DataFrame:
    return frame.select(
        *names,
        pl.int_range(line + 1, line + 1 + pl.len(), dtype=pl.Int64).alias(LINE),
        pl.lit(None, pl.String).alias(MISFIT),
    )


def _with_misfits(
    piece: bytes, frame: pl.DataFrame, line: int, delimiter: str, width: int
) -> pl.DataFrame:
    """`frame` with rows of too few or too many fields marked, counted line by line."""
    lines = pl.Series([piece.removesuffix(b"\n")]).cast(pl.String).str.split("\n").explode()
    if len(lines) != frame.height:
        return _record_by_record(piece, line, delimiter, width)
    # spreadsheets write blank fields beyond the last heading: that is no misfit
    filled = lines.str.strip_chars_end(delimiter + " \t\r")
    many = filled.str.count_matches(delimiter, literal=True) >= width
    short = lines.str.count_matches(delimiter, literal=True) < width - 1
    names = [cell(i) for i in range(width)]
    misfit = pl.when(many).then(pl.lit(FIELD_COUNT)).when(short).then(pl.lit(SHORT))
    return _numbered(frame, line, names).with_columns(misfit.alias(MISFIT))


def _record_by_record(piece: bytes, line: int, delimiter: str, width: int) -> pl.DataFrame:
    found = [r for r in records(piece, delimiter, width) if any(f.strip() for f in r.fields)]
    lines = [line + record.lines_before + 1 for record in found]
    return text_frame([r.fields for r in found], lines, width, [r.misfit for r in found])
