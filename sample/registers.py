"""A register as rows of typed cells, written as CSV or as a workbook, with its title rows.

The layout of any table of the sample; `register_rows` and others make the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sample.landing import NOTICE, Dialect, Line, Text
from sample.manifest import Outcome, Planted, SampleTally
from sample.workbook import Cell, Sheet, workbook


@dataclass
class Row:
    """Cells under the headings, and their expected outcome."""

    cells: list[Cell]
    outcome: Outcome = "loaded"
    fen: int = 0
    planted: tuple[Planted, ...] = ()


@dataclass
class Register:
    """A table with a title, a notice that it is synthetic, and optionally a 截至日期."""

    source: str
    title: str
    headings: list[str]
    rows: list[Row] = field(default_factory=list)
    as_of: date | None = None
    notes: list[str] = field(default_factory=list)

    def position(self, heading: str) -> int:
        """The position of a heading."""
        return self.headings.index(heading)

    def _titles(self) -> list[str]:
        titles = [f"{NOTICE}（{self.title}）"]
        if self.as_of:
            titles.append(f"截至日期：{self.as_of:%Y-%m-%d}")
        return titles + self.notes

    def tally(self) -> SampleTally:
        """Rows and money by outcome."""
        rows = SampleTally()
        for row in self.rows:
            rows.add(row.outcome, 1, row.fen)
        return rows

    def to_text(self, dialect: Dialect | None = None) -> Text:
        """The register as delimited text."""
        dialect = dialect or Dialect()
        text = Text(dialect)
        for title in self._titles():
            text.cells([title])
        text.cells(self.headings)
        for row in self.rows:
            cells = [cell_text(c) for c in row.cells]
            text.add(Line(dialect.line(cells), row.outcome, row.fen, row.planted))
        return text

    def to_sheet(self, name: str = "Sheet1") -> tuple[Sheet, list[Planted]]:
        """The register as a sheet with merged titles, and what is planted, with rows."""
        sheet, planted = Sheet(name), list[Planted]()
        for title in self._titles():
            sheet.merged[sheet.add(title)] = len(self.headings)
        sheet.add(*self.headings)
        for row in self.rows:
            at = sheet.add(*row.cells)
            for one in row.planted:
                one.lines.append(at)
                planted.append(one)
        return sheet, planted

    def to_book(self, sheets: Sequence[Sheet] = ()) -> tuple[bytes, list[Planted]]:
        """A workbook of the register, followed by further sheets."""
        sheet, planted = self.to_sheet()
        return workbook([sheet, *sheets]), planted


def cell_text(cell: Cell) -> str:
    """A cell's text in a CSV file."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
