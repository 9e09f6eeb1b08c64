"""Rows of one file that say the same key twice: equal rows are duplicates, older ones superseded.

Found exactly and in flat time: hashes of the keys while streaming, and only for hashes met
twice a second look at the rows themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.cleaning.numbers import total
from pipelines.sources import Source
from pipelines.sources.contract import META_COLUMNS


@dataclass(frozen=True)
class Twice:
    """What was taken out of a file's lake parts."""

    rows_duplicate: int = 0
    rows_superseded: int = 0
    fen_duplicate: int = 0
    fen_superseded: int = 0


class KeyCheck:
    """Collects keys block by block; `settle` rewrites the parts that hold a key too often."""

    def __init__(self, source: Source, folder: Path) -> None:
        self._source, self._folder = source, folder
        self._hashes: list[pl.Series] = []

    def hashes(self, frame: pl.DataFrame) -> pl.Series | None:
        """Of the keys of a block. No key: nothing can be a duplicate."""
        return frame.select(self._hash()).to_series() if self._source.key else None

    def add(self, hashes: pl.Series | None) -> None:
        """Keeps the `hashes` of a block that was written."""
        if hashes is not None and len(hashes):
            self._hashes.append(hashes)

    def _hash(self) -> pl.Expr:
        key = self._source.key
        return (pl.struct(key) if len(key) > 1 else pl.col(key[0])).hash(seed=0)

    def settle(self) -> Twice:
        """Takes duplicate and superseded rows out of the parts; says how many and how much."""
        if not self._hashes:
            return Twice()
        hashes = pl.concat(self._hashes, rechunk=False)
        if hashes.n_unique() == len(hashes):
            return Twice()
        doubtful = hashes.filter(hashes.is_duplicated()).unique()
        rows = (
            pl.scan_parquet(self._folder / "*.parquet", include_file_paths="part")
            .filter(self._hash().is_in(doubtful.implode()))
            .collect(engine="streaming")
        )
        return self._take_out(self._verdicts(rows))

    def _verdicts(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Each row with its `fate`: loaded, duplicate or superseded. The last in the file wins."""
        key = list(self._source.key)
        said = [c for c in rows.columns if c not in META_COLUMNS and c not in ("part", *key)]
        ordered = rows.with_row_index("at").with_columns(
            # equal rows share the place of the first of them
            saying=pl.col("at").first().over([*key, *said])
        )
        repeat = pl.col("at") != pl.col("saying")
        stands = pl.col("saying") == pl.col("saying").last().over(key)
        fate = (
            pl.when(repeat)
            .then(pl.lit("duplicate"))
            .when(stands)
            .then(pl.lit("loaded"))
            .otherwise(pl.lit("superseded"))
        )
        return ordered.with_columns(fate.alias("fate"))

    def _take_out(self, verdicts: pl.DataFrame) -> Twice:
        gone = verdicts.filter(pl.col("fate") != "loaded")
        for (part,), rows in gone.group_by("part"):
            path = Path(str(part))
            place = ["source_sheet", "source_row"]
            kept = pl.read_parquet(path).join(
                rows.select(place), on=place, how="anti", nulls_equal=True, maintain_order="left"
            )
            kept.write_parquet(path, compression="lz4")
        return Twice(*self._sums(gone, "height"), *self._sums(gone, "fen"))

    def _sums(self, gone: pl.DataFrame, what: str) -> tuple[int, int]:
        money = self._source.money_column
        column = self._source.by_name[money].lake_name if money else None
        result = []
        for fate in ("duplicate", "superseded"):
            rows = gone.filter(pl.col("fate") == fate)
            if what == "height":
                result.append(rows.height)
            else:
                result.append(total(rows[column]) if column else 0)
        return result[0], result[1]
