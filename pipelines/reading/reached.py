"""Checks that the bytes of a delimited text became rows: bytes without rows are no empty table.

In a text that lost its line ends, rows run together in a few long lines. They cannot be separated
with certainty, so the file is refused with a description of its bytes; the bytes themselves are
never shown.
"""

from __future__ import annotations

import polars as pl

from pipelines.reading.blocks import FIELD_COUNT, LINE, MISFIT
from pipelines.reading.refusals import FileRefused


class Reached:
    """Counts what was found below a heading of `width` fields, piece by piece."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._rows = self._together = self._bytes = self._nuls = self._lines = 0
        self._first_together: int | None = None

    def add(self, piece: bytes, frame: pl.DataFrame, line: int, delimiter: str) -> None:
        """Counts a `frame` that was read from `piece`, which comes after `line` lines."""
        self._rows += frame.height
        if not frame.height:
            self._bytes += len(piece.strip())
            self._nuls += piece.count(b"\x00")
            self._lines += piece.count(b"\n") + 1
            return
        if frame[MISFIT].null_count() == frame.height:
            return
        long = frame.filter(pl.col(MISFIT) == FIELD_COUNT)[LINE]
        if len(long) * 2 < frame.height or self._width < 2:
            return  # without line ends, nearly all rows would have run together
        lines = piece.split(b"\n")
        needed = 2 * (self._width - 1)
        for number in long:
            text = lines[number - line - 1].rstrip(b"\r\t ").rstrip(delimiter.encode())
            if text.count(delimiter.encode()) >= needed:
                self._together += 1
                self._first_together = self._first_together or number

    def settle(self) -> None:
        """Call at the end. Raises FileRefused if no row was read, or most had run together."""
        if not self._rows and self._bytes:
            nuls = f", {self._nuls:,} of them NUL" if self._nuls else ""
            raise FileRefused(
                "file.no_rows", f"{self._bytes:,} bytes in {self._lines:,} lines{nuls}"
            )
        if self._together and self._together * 2 >= self._rows:
            raise FileRefused(
                "file.line_ends",
                f"{self._together:,} of {self._rows:,} rows have the fields of two or more,"
                f" the first in line {self._first_together:,}",
            )
