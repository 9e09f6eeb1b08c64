"""Lines of text: what ends them, the first ones, and skipping blank ones.

A line ends with LF, CR LF, CR or CR CR LF (from a text written in text mode twice), wherever that
occurs. No other character ends a line: a vertical tab, form feed, NEL or U+2028 inside a
text is part of the text. `plain_ends` leaves only LF and CR LF, so that later stages need not know
the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
import polars as pl

from pipelines.reading.blocks import LINE
from pipelines.reading.encodings import ReadAgain

_PLACES, _LOOK = 64, 256
_SHORT_LINE = 16  # bytes: text whose lines are shorter on average is mostly blank lines
_STEP = 64 * 1024  # bytes compared at a time, so that intermediate arrays stay in the CPU's cache
_CR, _LF = 0x0D, 0x0A
_OTHER_END = re.compile(rb"\r\r?\n|\r")


def pairs(text: bytes, first: int, second: int) -> int:
    """How often byte `first` is directly followed by byte `second`."""
    data = np.frombuffer(text, dtype=np.uint8)
    found = 0
    for at in range(0, len(data), _STEP):
        part = data[at : at + _STEP + 1]
        found += int(np.count_nonzero((part[:-1] == first) & (part[1:] == second)))
    return found


def has_other_end(text: bytes) -> bool:
    """True if `text` has a `\\r` that is not directly followed by `\\n`."""
    data = np.frombuffer(text, dtype=np.uint8)
    steps = range(0, len(data), _STEP)
    returns = sum(int(np.count_nonzero(data[at : at + _STEP] == _CR)) for at in steps)
    return returns != pairs(text, _CR, _LF)


def plain_ends(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """`blocks` of UTF-8, none of them empty, whose lines end with `\\n` or `\\r\\n` only."""
    carry = b""
    for more in blocks:
        block = carry + more if carry else more
        carry = b""
        if b"\r" in block:
            if block.endswith(b"\r"):  # the next block shows what line end it belongs to
                whole = block.rstrip(b"\r")
                block, carry = whole, block[len(whole) :]
            if has_other_end(block):
                block = _OTHER_END.sub(b"\n", block)
        if block:
            yield block
    if carry:
        yield b"\n" * len(carry)


def as_pieces(blocks: Iterator[bytes], pieces: int) -> Iterator[tuple[bytes, bool]]:
    """So many of `blocks`, each a piece of whole lines, then all that is left as the last one; of
    each whether it is that.

    Raises ReadAgain if one before the last lacks its line end: a decoder held it back with the
    first bytes of what may be a character, so it came with the next one.
    """
    for piece in islice(blocks, pieces):
        if not piece.endswith(b"\n"):
            raise ReadAgain
        yield piece, False
    if last := b"".join(blocks):
        yield last, True


def split(text: bytes) -> list[str]:
    """The lines of whole `text` without their ends."""
    lines = text.decode().removesuffix("\n").split("\n")
    return [line.removesuffix("\r") for line in lines]


def beginning(text: bytes, lines: int) -> bytes:
    """The first `lines` lines of `text`: blocks are long, and a heading is near the top."""
    end = 0
    for _ in range(lines):
        end = text.find(b"\n", end) + 1
        if end == 0:
            return text
    return text[:end]


def _blank_somewhere(piece: bytes) -> bool:
    """True if one of several samples of `piece` consists mostly of blank lines."""
    step = max(len(piece) // _PLACES, 1)
    looks = (piece[at : at + _LOOK] for at in range(0, len(piece), step))
    return any(look.count(b"\n") * 2 > len(look) for look in looks)


def without_blank_lines(piece: bytes) -> tuple[bytes, pl.Series] | None:
    """`piece` without its blank lines, and for each remaining line the number of lines before it.

    None if lines are of normal length: the parser skips a few blank lines by itself, but takes
    minutes over millions of them.
    """
    if not _blank_somewhere(piece) or piece.count(b"\n") * _SHORT_LINE < len(piece):
        return None
    data = np.frombuffer(piece, dtype=np.uint8)
    ends = np.flatnonzero(data == _LF)
    if not piece.endswith(b"\n"):
        ends = np.append(ends, len(piece))
    starts = np.concatenate(([0], ends[:-1] + 1))
    length = ends - starts
    first = data.take(starts, mode="clip")
    kept = np.flatnonzero((length > 1) | ((length == 1) & (first != _CR)))
    lines = (piece[s : e + 1] for s, e in zip(starts[kept], ends[kept], strict=True))
    return b"".join(lines), pl.Series(kept, dtype=pl.Int64)


def renumber(frame: pl.DataFrame, line: int, before: pl.Series) -> pl.DataFrame:
    """`frame`, read from a compacted piece after `line` lines, with its true line numbers."""
    return frame.with_columns((before.gather(frame[LINE] - line - 1) + line + 1).alias(LINE))
