"""Writes a file's rows as Parquet parts: few and large, however small the blocks they came in.

A part holds some hundred thousand rows, so that a campaign of tens of millions of gifts is
hundreds of files to scan, not thousands. `load` decides which rows are written.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

#: Rows gathered before a part is written: two of DuckDB's row groups of 122,880.
PART_ROWS = 245_760


def write_part(frame: pl.DataFrame, folder: Path, number: int, before: str = "") -> None:
    """Writes one part into `folder`; names sort in the order of the file's rows."""
    folder.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(
        folder / f"{before}{number:05d}.parquet", compression="lz4", row_group_size=PART_ROWS // 2
    )


class Parts:
    """Gathers the blocks of one file, in their order, into parts below `folder`.

    `before` is what their names begin with, where others write other blocks of the file.
    """

    def __init__(self, folder: Path, before: str = "") -> None:
        self._folder, self._before = folder, before
        self._blocks: list[pl.DataFrame] = []
        self._rows = self._written = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Takes a block's rows; writes a part when there are enough for one."""
        if not frame.height:
            return
        self._blocks.append(frame)
        self._rows += frame.height
        if self._rows >= PART_ROWS:
            self.flush()

    def flush(self) -> None:
        """Writes the gathered rows; call it after the last block."""
        if self._blocks:
            rows = pl.concat(self._blocks, rechunk=False)
            write_part(rows, self._folder, self._written, self._before)
            self._blocks, self._rows = [], 0
            self._written += 1
