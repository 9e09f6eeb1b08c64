"""Lines of a block of text: the first ones, and all but the blank ones with their numbers kept."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.reading.blocks import LINE

_PLACES, _LOOK = 64, 256
_SHORT_LINE = 16  # bytes: text whose lines are shorter on average is mostly blank lines


def beginning(text: bytes, lines: int) -> bytes:
    """So many lines of `text` from its start: blocks are long, and a heading stands at the top."""
    end = 0
    for _ in range(lines):
        end = text.find(b"\n", end) + 1
        if end == 0:
            return text
    return text[:end]


def _blank_somewhere(piece: bytes) -> bool:
    """True when a look at some places of `piece` finds blank lines only."""
    step = max(len(piece) // _PLACES, 1)
    looks = (piece[at : at + _LOOK] for at in range(0, len(piece), step))
    return any(look.count(b"\n") * 2 > len(look) for look in looks)


def without_blank_lines(piece: bytes) -> tuple[bytes, pl.Series] | None:
    """`piece` without its blank lines, and how many lines stood before each that is left.

    None where lines are of a normal length: a table's parser skips a blank line here and there
    by itself, but takes minutes over millions of them.
    """
    if not _blank_somewhere(piece) or piece.count(b"\n") * _SHORT_LINE < len(piece):
        return None
    data = np.frombuffer(piece, dtype=np.uint8)
    ends = np.flatnonzero(data == 0x0A)
    if not piece.endswith(b"\n"):
        ends = np.append(ends, len(piece))
    starts = np.concatenate(([0], ends[:-1] + 1))
    length = ends - starts
    first = data.take(starts, mode="clip")
    kept = np.flatnonzero((length > 1) | ((length == 1) & (first != 0x0D)))
    lines = (piece[s : e + 1] for s, e in zip(starts[kept], ends[kept], strict=True))
    return b"".join(lines), pl.Series(kept, dtype=pl.Int64)


def renumber(frame: pl.DataFrame, line: int, before: pl.Series) -> pl.DataFrame:
    """`frame`, read from a compacted piece after `line` lines, with its true line numbers."""
    return frame.with_columns((before.gather(frame[LINE] - line - 1) + line + 1).alias(LINE))
