"""The Parquet parts of a file's rows: few and large, however small the blocks they were read in.

A part holds some hundred thousand rows, so that a campaign of tens of millions of gifts is
hundreds of files to whoever scans it and not thousands. Which rows are written is `load`'s.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

#: Rows that are gathered before they are written; DuckDB's own row groups hold 122,880.
PART_ROWS = 245_760


def write_part(frame: pl.DataFrame, folder: Path, number: int) -> None:
    """One part of `folder`; names sort as the rows stood in the file."""
    folder.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(
        folder / f"{number:05d}.parquet", compression="lz4", row_group_size=PART_ROWS // 2
    )


class Parts:
    """Gathers the blocks of one file, in their order, into parts below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: list[pl.DataFrame] = []
        self._rows = self._written = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Takes a block's rows; writes a part when there are enough for one."""
        if not frame.height:
            return
        self._held.append(frame)
        self._rows += frame.height
        if self._rows >= PART_ROWS:
            self.flush()

    def flush(self) -> None:
        """Writes what is held; call it after the last block."""
        if self._held:
            write_part(pl.concat(self._held, rechunk=False), self._folder, self._written)
            self._held, self._rows = [], 0
            self._written += 1
