"""Small files of every kind, and reading them whole: shared by the tests of reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.reading.blocks import LINE, MISFIT, ReadTable, cell
from pipelines.reading.encodings import ReadAgain
from pipelines.reading.footers import Aside, data_rows
from pipelines.reading.tables import tables
from pipelines.settings import Settings, load_settings
from pipelines.sources import source

HEADING = "统一社会信用代码,名称,组织类型,净资产"


@dataclass
class Read:
    """A table as read: canonical name → texts, lines, misfits, asides."""

    table: ReadTable
    rows: dict[str, list[str | None]]
    lines: list[int]
    misfits: list[str | None]
    aside: Aside


def limits(tmp_path: Path, **changed: Any) -> Settings:
    """Settings of a warehouse in `tmp_path`, its build folder made."""
    settings = replace(load_settings(tmp_path / "warehouse", tmp_path, env={}), **changed)
    settings.build.mkdir(parents=True, exist_ok=True)
    return settings


def read(
    tmp_path: Path, data: bytes, of: str = "organizations", name: str = "file.csv", **changed: Any
) -> list[Read]:
    """Every table of a file holding `data`; as the load stage reads it, at most twice."""
    path = tmp_path / name
    path.write_bytes(data)
    try:
        return _read(path, of, tmp_path, changed, again=False)
    except ReadAgain:
        return _read(path, of, tmp_path, changed, again=True)


def _read(
    path: Path, of: str, tmp_path: Path, changed: dict[str, Any], *, again: bool
) -> list[Read]:
    contract = source(of)
    result = []
    for table in tables(path, path.name, contract, limits(tmp_path, **changed), again=again):
        fields = table.heading.fields
        aside = Aside()
        blocks = [b.frame for b in data_rows(table, contract, aside)]
        aside.totals.settle([])
        aside.totals.finish()
        frame = (
            pl.concat(blocks, how="diagonal") if blocks else pl.DataFrame({LINE: [], MISFIT: []})
        )
        rows = {f.column.name: frame[cell(f.position)].to_list() for f in fields if frame.height}
        result.append(Read(table, rows, frame[LINE].to_list(), frame[MISFIT].to_list(), aside))
    return result


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], **options: Any) -> bytes:
    """An xlsx of these sheets; its bytes."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), options) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    sheet.write(i, j, value)
    return path.read_bytes()
