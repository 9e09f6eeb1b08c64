"""The warehouse that the benchmark of the books writes at once is as one that was really loaded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from benchmarks.bookkeeping import FILES_A_DAY, made
from pipelines.settings import Settings
from pipelines.stages.build.inputs import inputs_of, settled_hash
from pipelines.stages.standing.resolve import resolve
from pipelines.stages.store.healing import Healed, heal
from pipelines.stages.store.zones import lake_folder


def stands(settings: Settings) -> list[tuple[object, ...]]:
    """Every file with its outcome and its rows, but for the clock's part."""
    return [
        (
            s.receipt.file_id, s.status, s.partition,
            # what the size of its amounts is was copied from the first
            replace(s.outcome, loaded_at="", scales=()),
            pl.read_parquet(
                lake_folder(settings, s.receipt, s.partition) / "*.parquet",
                columns=["source_file_id", "order_no", "export_date"],
            ).rows(),
        )
        for s in resolve(settings)
    ]  # fmt: skip


def test_written_at_once_or_really_loaded(tmp_path: Path) -> None:
    count = FILES_A_DAY + 2
    quick, really = (made(tmp_path / str(way), count, really=way) for way in (False, True))
    assert stands(quick) == stands(really)
    for settings in (quick, really):
        assert heal(settings) == Healed()
        assert settled_hash(settings) == inputs_of(settings).hash
