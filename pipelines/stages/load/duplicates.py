"""Rows of one file that repeat a key: equal rows are duplicates, earlier ones superseded.

Keys are hashed while the file is streamed; only the rows whose hash occurs more than once are read
again and compared, so the result is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.cleaning.numbers import total
from pipelines.sources import Source
from pipelines.sources.contract import META_COLUMNS


@dataclass(frozen=True)
class Removed:
    """Rows and amounts (fen) taken out of a file's lake parts."""

    rows_duplicate: int = 0
    rows_superseded: int = 0
    fen_duplicate: int = 0
    fen_superseded: int = 0


class KeyCheck:
    """Collects keys block by block; `settle` rewrites the parts that hold repeated keys."""

    def __init__(self, source: Source, folder: Path) -> None:
        self._source, self._folder = source, folder
        self._hashes: list[pl.Series] = []

    def hashes(self, frame: pl.DataFrame) -> pl.Series | None:
        """Hashes of a block's keys; None for a source without a key, which has no duplicates."""
        return frame.select(self._hash()).to_series() if self._source.key else None

    def add(self, hashes: pl.Series | None) -> None:
        """Keeps the `hashes` of a block that was written."""
        if hashes is not None and len(hashes):
            self._hashes.append(hashes)

    @property
    def taken(self) -> list[pl.Series]:
        """The hashes so far, block by block."""
        return self._hashes

    def _hash(self) -> pl.Expr:
        key = self._source.key
        return (pl.struct(key) if len(key) > 1 else pl.col(key[0])).hash(seed=0)

    def settle(self) -> Removed:
        """Takes duplicate and superseded rows out of the parts; returns how many and how much."""
        if not self._hashes:
            return Removed()
        hashes = pl.concat(self._hashes, rechunk=False)
        if hashes.n_unique() == len(hashes):
            return Removed()
        repeated = hashes.filter(hashes.is_duplicated()).unique()
        rows = (
            pl.scan_parquet(self._folder / "*.parquet", include_file_paths="part")
            .filter(self._hash().is_in(repeated.implode()))
            .collect(engine="streaming")
        )
        return self._take_out(self._verdicts(rows))

    def _verdicts(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Each row with its `fate`: loaded, duplicate or superseded. The last in the file wins."""
        key = list(self._source.key)
        content = [c for c in rows.columns if c not in META_COLUMNS and c not in ("part", *key)]
        ordered = rows.with_row_index("at").with_columns(
            first_equal=pl.col("at").first().over([*key, *content])
        )
        repeat = pl.col("at") != pl.col("first_equal")
        stands = pl.col("first_equal") == pl.col("first_equal").last().over(key)
        fate = (
            pl.when(repeat)
            .then(pl.lit("duplicate"))
            .when(stands)
            .then(pl.lit("loaded"))
            .otherwise(pl.lit("superseded"))
        )
        return ordered.with_columns(fate.alias("fate"))

    def _take_out(self, verdicts: pl.DataFrame) -> Removed:
        removed = verdicts.filter(pl.col("fate") != "loaded")
        for (part,), rows in removed.group_by("part"):
            path = Path(str(part))
            place = ["source_sheet", "source_row"]
            kept = pl.read_parquet(path).join(
                rows.select(place), on=place, how="anti", nulls_equal=True, maintain_order="left"
            )
            kept.write_parquet(path, compression="lz4")
        return Removed(*self._sums(removed, "height"), *self._sums(removed, "fen"))

    def _sums(self, removed: pl.DataFrame, what: str) -> tuple[int, int]:
        money = self._source.money_column
        column = self._source.by_name[money].lake_name if money else None
        result = []
        for fate in ("duplicate", "superseded"):
            rows = removed.filter(pl.col("fate") == fate)
            if what == "height":
                result.append(rows.height)
            else:
                result.append(total(rows[column]) if column else 0)
        return result[0], result[1]
