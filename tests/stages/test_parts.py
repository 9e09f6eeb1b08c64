"""A file's rows lie in few parts, in the order in which they came."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.stages.load import parts


def test_small_blocks_make_large_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_ROWS", 100)
    written = parts.Parts(tmp_path / "file")
    for first in range(0, 250, 30):
        written.add(pl.DataFrame({"n": range(first, min(first + 30, 250))}))
    written.flush()
    names = sorted(p.name for p in (tmp_path / "file").iterdir())
    assert names == ["00000.parquet", "00001.parquet", "00002.parquet"]
    assert pl.read_parquet(tmp_path / "file" / "*.parquet")["n"].to_list() == list(range(250))


def test_no_rows_leave_no_part(tmp_path: Path) -> None:
    written = parts.Parts(tmp_path / "file")
    written.add(pl.DataFrame({"n": []}))
    written.flush()
    assert not (tmp_path / "file").exists()
