"""Splits off rows that are not data: totals, notes, repeated headings, a summary table at the end.

Totals and claims are compared with the rows and never trusted, because real ones are often wrong.
`totals` recognises a total; `parts` handles a separate table below this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from pipelines.cleaning.columns import clean_money
from pipelines.cleaning.text import CELL_ERROR
from pipelines.reading.blocks import CUT_OFF, MISFIT, TOTAL_ROW, Block, ReadTable, cell
from pipelines.reading.claims import MARKS, in_line, in_summary, summary_names
from pipelines.reading.left_out import LeftKind, LeftOut
from pipelines.reading.totals import (
    DOUBTFUL,
    NUMERIC,
    Total,
    Totals,
    folded,
    is_label,
    printed_fen,
)
from pipelines.reading.units import in_other_money, money_units
from pipelines.sources import Claim, Source

_FIRST, _BEYOND = "0", "\x7f"  # bounds of plain first cells; blanks and # sort before
_LETTER = "A"  # a first cell that sorts before it is a number, not an English label
#: A quick pattern for cells that may hold a total's label; `totals.is_label` decides.
_MAY_TOTAL = (
    r"(?i)[合总總共小累][\s　]*[计計]|[总總][\s　]*[额額和数金人笔次件捐收善]"
    r"|[汇匯][\s　]*[总總]|合[\s　]*共|求和|其中|[前上次下][\s　]*[页頁]|total|sum"
)


@dataclass
class Aside:
    """What was split off from a file's tables."""

    footer_rows: int = 0
    totals: Totals = field(default_factory=Totals)
    claimed: dict[str, Decimal] = field(default_factory=dict)  # claim → the figure printed
    summary: tuple[str | None, ...] | None = None  # heading row of a summary table, once found
    repeated_headings: int = 0
    notes: int = 0
    truncated: bool = False


def data_rows(table: ReadTable, source: Source, aside: Aside) -> Iterator[Block]:
    """The table's blocks without rows that are not data; these are added to `aside`.

    The source's claims are searched for above the heading, in `#` lines and in a summary table,
    which ends the rows. Cells without a heading are counted.
    """
    claims = source.claims
    aside.summary = None
    for title in table.titles:
        aside.claimed |= in_line(title, claims)
    split = _Split(table, source, aside)
    for block in table.rows:
        if table.holds_objects:
            yield block
            continue
        frame = block.frame
        if claims:
            frame = _before_summary(frame, len(table.heading.names), claims, aside)
        if not (block.is_plain or begins_plainly(frame, table, source)):
            frame = split.rows(frame)
        split.count(frame)
        aside.truncated |= frame.height > 0 and frame[-1, MISFIT] == CUT_OFF
        split.blocks += 1
        yield Block(frame)
    split.report()


def begins_plainly(frame: pl.DataFrame, table: ReadTable, source: Source) -> bool:
    """True if no row can be a total, a note or a heading, judged by the first cells.

    That is so if all of them begin with an ASCII character from `0` on, as an order's number does,
    and the heading does not; the least and the greatest text show it for all. If records have no
    key, a total may have a plain first cell, so this is never true.
    """
    first = frame[cell(0)]
    heading = table.heading.names[0].strip() or _FIRST
    if not (frame.height and source.key) or first.null_count() or _FIRST <= heading < _BEYOND:
        return False
    last = str(first.max())
    if str(first.min()) < _FIRST or last >= _BEYOND:
        return False
    return last < _LETTER or not first.str.contains("(?i)total|sum").any()


class _Split:
    """Splits the rows of one table into data and the rest."""

    def __init__(self, table: ReadTable, source: Source, aside: Aside) -> None:
        self.table, self.source, self.aside = table, source, aside
        self.blocks = 0
        names = table.heading.names
        self._width = len(names)
        self._printed = {cell(i): n.strip() for i, n in enumerate(names) if n.strip()}
        self._units = money_units(table)
        self._money = table.heading.of(source.money_column)
        self._keys = [f.position for f in table.heading.fields if f.column.key]
        needed = table.heading.form.needed(source.columns)
        self._named = {f.position for f in table.heading.fields if f.column.name in needed}
        self._outside = {i: LeftKind.CELLS for i, n in enumerate(names) if not n.strip()}
        self._outside |= dict.fromkeys(table.heading.left, LeftKind.COLUMN)
        self._left: dict[int, int] = {}

    def rows(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of `frame` that are data; those that may be totals are marked as misfits."""
        cells = [c for i in range(self._width) if (c := cell(i)) in frame.columns]
        first, name = next((c, n) for c, n in self._printed.items() if c in cells)
        recorded = self._has_key(frame)
        may_total = pl.any_horizontal(pl.col(c).str.contains(_MAY_TOTAL) for c in cells)
        marks = frame.select(
            again=pl.col(first).str.contains(name, literal=True),
            note=self._is_note(frame),
            may_total=pl.lit(value=False) if recorded.all() else may_total,
        ).fill_null(value=False)
        if marks["again"].any():
            whole = (pl.col(c).str.strip_chars() == n for c, n in self._printed.items())
            again = frame.select(again=pl.all_horizontal(whole).fill_null(value=False))
            marks = marks.with_columns(again)
        if not marks.select(pl.any_horizontal(pl.all().any())).item():
            return frame
        self.aside.repeated_headings += int(marks["again"].sum())
        self.aside.notes += int(marks["note"].sum())
        if self.source.claims and marks["note"].any():
            notes = frame.filter(marks["note"])
            _notes(notes, self._width, self.source.claims, self.aside)
        totals: list[int] = []
        doubtful: list[int] = []
        suspects = (marks["may_total"] & ~marks["again"] & ~marks["note"] & ~recorded).arg_true()
        for index, row in zip(suspects, frame.select(cells)[suspects].iter_rows(), strict=True):
            is_total = self._total(row)
            if is_total is None:
                doubtful.append(index)
            elif is_total:
                totals.append(index)
        self._keep_totals(frame, cells, totals)
        at = pl.int_range(pl.len())
        misfit = pl.when(at.is_in(doubtful)).then(pl.lit(TOTAL_ROW)).otherwise(pl.col(MISFIT))
        if doubtful:
            frame = frame.with_columns(misfit.alias(MISFIT))
        aside = marks["again"] | marks["note"]
        return frame.filter(~aside & ~pl.Series(range(frame.height)).is_in(totals))

    def _has_key(self, frame: pl.DataFrame) -> pl.Series:
        """Rows with a key that is not a label: they are records, whatever words they contain."""
        keys = [pl.col(c) for i in self._keys if (c := cell(i)) in frame.columns]
        if not keys:
            return pl.repeat(value=False, n=frame.height, eager=True)
        is_key = (k.str.contains(r"\S") & ~k.str.contains(_MAY_TOTAL) for k in keys)
        return frame.select(pl.any_horizontal(is_key).fill_null(value=False).alias("k")).to_series()

    def _is_note(self, frame: pl.DataFrame) -> pl.Expr:
        """A line that begins with `#`, unless all required columns are filled: then a record."""
        first = pl.col(cell(0))
        named = [pl.col(c).is_not_null() for i in self._named if (c := cell(i)) in frame.columns]
        is_record = pl.all_horizontal(named) if len(named) > 1 else pl.lit(value=False)
        is_note = first.str.starts_with("#") & ~first.str.contains(CELL_ERROR)
        return is_note & ~is_record

    def _total(self, row: Sequence[str | None]) -> bool | None:
        """True if a row is a total; None if it may be a total or a record."""
        filled = {i: folded(c) for i, c in enumerate(row) if c and c.strip()}
        labels = [i for i, t in filled.items() if is_label(t)]
        others = [i for i, t in filled.items() if i not in labels and not re.match(NUMERIC, t)]
        has_key = any(i in filled and i not in labels for i in self._keys)
        if labels and not has_key:
            if not others or labels[0] in self._keys:
                return True
            if labels[0] in self._named or labels[0] == min(filled):
                return None
        doubtful = [i for i in others if re.match(DOUBTFUL, filled[i])]
        if not has_key and len(others) == 1 and doubtful:
            return None
        return False

    def _keep_totals(self, frame: pl.DataFrame, cells: Sequence[str], totals: list[int]) -> None:
        self.aside.footer_rows += len(totals)
        if not (totals and self._money):
            return
        upto = self._fen(frame).set(pl.Series(range(frame.height)).is_in(totals), 0).cum_sum()
        unit = self._units[self._money[0].position]
        for index in totals:
            row = dict(zip(cells, frame.select(cells).row(index), strict=True))
            texts = {c: folded(t) for c, t in row.items() if t and t.strip()}
            label = next(c for c, t in texts.items() if is_label(t))
            amounts = [row.get(cell(f.position)) for f in self._money]
            printed = printed_fen(row[label] or "", amounts, unit)
            if printed is not None:
                total = Total(texts[label], printed, self.blocks, int(upto[index]))
                self.aside.totals.found.append(total)

    def _fen(self, frame: pl.DataFrame) -> pl.Series:
        """The amount of every row in fen; 0 where it cannot be read."""
        other = in_other_money(self.table.heading, frame)
        parts = [
            clean_money(frame[cell(f.position)], self._units[f.position], other=other).values
            for f in self._money
        ]
        named = pl.DataFrame([p.alias(str(i)) for i, p in enumerate(parts)])
        joined = pl.sum_horizontal(pl.all()) if self._money[0].adds else pl.coalesce(pl.all())
        return named.select(joined.fill_null(0)).to_series()

    def count(self, frame: pl.DataFrame) -> None:
        """Counts filled cells without a heading, and those of sub-columns that are not read."""
        for position in self._outside:
            if cell(position) not in frame.columns:
                continue
            texts = frame[cell(position)].str.strip_chars()
            cells = int((texts.is_not_null() & (texts != "")).sum())
            if cells:
                self._left[position] = self._left.get(position, 0) + cells

    def report(self) -> None:
        """Adds what was counted to the table's `left_out`."""
        self.table.left_out += [
            LeftOut(self._outside[p], self.table.place(p), cells, cells)
            for p, cells in sorted(self._left.items())
        ]


def _before_summary(
    frame: pl.DataFrame, width: int, claims: Sequence[Claim], aside: Aside
) -> pl.DataFrame:
    """The rows before a summary table, whose heading and values go to `aside`."""
    begins = frame.height if aside.summary is None else 0
    if aside.summary is None:
        first = frame[cell(0)].str.strip_chars(MARKS).is_in(summary_names(claims))
        begins = int(first.arg_max() or 0) if first.any() else frame.height
    names = [c for i in range(width) if (c := cell(i)) in frame.columns]
    for row in frame[begins:].select(names).iter_rows():
        aside.footer_rows += 1
        if aside.summary is None:
            aside.summary = row
        else:
            aside.claimed |= in_summary(aside.summary, row, claims)
    return frame[:begins]


def _notes(notes: pl.DataFrame, width: int, claims: Sequence[Claim], aside: Aside) -> None:
    for row in notes.select(cell(i) for i in range(width)).iter_rows():
        found = in_line(row, claims)
        aside.footer_rows += bool(found)
        aside.claimed |= found
