"""Rows that are no data: totals at the end, notes, headings printed again.

Footers are split off and reconciled against the rows, never trusted: real ones are often wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from pipelines.cleaning.numbers import FEN, read_fen
from pipelines.reading.blocks import CUT_OFF, MISFIT, Block, Table, cell
from pipelines.reading.claims import MARKS, in_line, in_summary, summary_names
from pipelines.reading.headings import Field
from pipelines.sources import Claim

_TOTAL = r"^\s*(?:合\s*计|总\s*计|共\s*计|总\s*额|汇\s*总)\s*(?:[:：(（].*)?$"
_SUBTOTAL = r"^\s*小\s*计\s*(?:[:：(（].*)?$"
_FIRST, _BEYOND = "0", "\x7f"  # what plain first cells lie between; blanks and # come before
_LOOKED_AT = 4  # a total's label stands in one of the first columns


@dataclass
class Aside:
    """What a table held beside its rows."""

    footer_rows: int = 0
    footer_fen: int | None = None  # the last grand total, in fen
    claimed: dict[str, Decimal] = field(default_factory=dict)  # claim → the figure printed
    summary: tuple[str | None, ...] | None = None  # heading row of a summary table, once met
    repeated_headings: int = 0
    notes: int = 0
    truncated: bool = False


def data_rows(
    table: Table, money: Field | None, unit: str, aside: Aside, claims: Sequence[Claim] = ()
) -> Iterator[Block]:
    """The table's blocks without asides, which are added to `aside` as they are met.

    `claims` are the figures that the source's files print of themselves: looked for above the
    heading, in `#` lines and in a summary table, with which the rows end.
    """
    aside.summary = None
    for title in table.titles:
        aside.claimed |= in_line(title, claims)
    width = len(table.heading.names)
    printed = {cell(i): n.strip() for i, n in enumerate(table.heading.names) if n.strip()}
    for block in table.rows:
        frame = block.frame
        if cell(0) not in frame.columns:  # JSON objects carry neither footers nor headings
            yield block
            continue
        if claims:
            frame = _before_summary(frame, width, claims, aside)
        if _begins_plainly(frame, printed):
            aside.truncated |= _is_cut(frame)
            yield Block(frame)
            continue
        # a total's label is the first cell of its row that is filled
        label = pl.coalesce(c for i in range(_LOOKED_AT) if (c := cell(i)) in frame.columns)
        head = next(iter(printed.items()))
        marks = frame.select(
            again=pl.col(head[0]).str.contains(head[1], literal=True),
            note=pl.col(cell(0)).str.starts_with("#"),
            total=label.str.contains(_TOTAL),
            sub=label.str.contains(_SUBTOTAL),
        ).fill_null(value=False)
        if marks["again"].any():
            whole = (pl.col(c).str.strip_chars() == n for c, n in printed.items())
            again = frame.select(again=pl.all_horizontal(whole).fill_null(value=False))
            marks = marks.with_columns(again)
        if not marks.select(pl.any_horizontal(pl.all().any())).item():
            aside.truncated |= _is_cut(frame)
            yield Block(frame)
            continue
        aside.repeated_headings += int(marks["again"].sum())
        aside.notes += int(marks["note"].sum())
        if claims and marks["note"].any():
            _notes(frame.filter(marks["note"]), width, claims, aside)
        footers = frame.filter(marks["total"])
        aside.footer_rows += footers.height + int(marks["sub"].sum())
        for row in footers.iter_rows(named=True):
            aside.footer_fen = _footer_fen(row, money, unit, width, aside.footer_fen)
        rest = frame.filter(~marks.select(pl.any_horizontal(pl.all())).to_series())
        aside.truncated |= _is_cut(rest)
        yield Block(rest)


def _begins_plainly(frame: pl.DataFrame, printed: Mapping[str, str]) -> bool:
    """True where every row begins in ASCII from `0` on, as an order's number does, and the heading
    does not: there is no total, note or heading among them. Two texts tell for all."""
    first, heading = frame[cell(0)], printed.get(cell(0), _FIRST)
    if not frame.height or first.null_count() or _FIRST <= heading < _BEYOND:
        return False
    return str(first.min()) >= _FIRST and str(first.max()) < _BEYOND


def _before_summary(
    frame: pl.DataFrame, width: int, claims: Sequence[Claim], aside: Aside
) -> pl.DataFrame:
    """The rows before a summary table; its heading and its row of values go to `aside`."""
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


def _is_cut(frame: pl.DataFrame) -> bool:
    return frame.height > 0 and frame[-1, MISFIT] == CUT_OFF


def _footer_fen(
    row: dict[str, str | None], money: Field | None, unit: str, width: int, before: int | None
) -> int | None:
    if money is None:
        return before
    said = row.get(cell(money.position))
    if said is None or not said.strip():
        # "合计：1,234.00元" in one cell
        inline = next((v for i in range(width) if (v := row.get(cell(i))) and "计" in v), "")
        said = inline.replace(":", "：").rpartition("：")[2]
    found = _noisy_fen(said, unit)
    return before if found is None else found


def _noisy_fen(text: str, unit: str) -> int | None:
    exact = read_fen(text, unit)
    if exact is not None:
        return exact
    try:  # the sum of floats: 38422322.23999998 means 38422322.24
        return round(Decimal(text.strip()) * FEN[unit])
    except (ArithmeticError, ValueError):  # no number, or `NaN`
        return None
