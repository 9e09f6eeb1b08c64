"""Several tables where one heading was found: blocks side by side, and tables below one another.

`爱心榜` repeats its heading to the right; a notice prints gifts and, below them, goods. Each part
with a heading of the source is a table; any other part is counted as left out. An identical
heading printed again does not begin a part: `footers` drops it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

import polars as pl

from pipelines.cleaning.identities import mask_text
from pipelines.reading.above import titles_and_left
from pipelines.reading.blocks import LINE, MISFIT, SHORT, Block, ReadTable, cell
from pipelines.reading.claims import MARKS, summary_names
from pipelines.reading.footers import begins_plainly
from pipelines.reading.headings import Heading, best_match, find, normal, search, vocabulary
from pipelines.reading.left_out import LeftKind, LeftOut
from pipelines.reading.totals import NUMERIC, folded, is_label
from pipelines.sources import Source

#: Words in the headings of lists of any kind.
_HEADING_WORD = re.compile(
    r"^(?:序号|编号|姓名|名称|单位|数量|件数|个数|份数|箱数|重量|规格|型号|品名|品种|品牌|物资|物品|货物|实物|用途|"
    r"去向|流向|金额|价值|单价|总价|总值|折价|折算|估值|日期|时间|备注|说明|项目|类别|类型|来源|地址|电话|经办人|"
    r"接收人|捐赠|捐款|物资名称|物品名称|捐赠物资|捐赠单位|捐赠人|捐赠者|捐赠方|联系方式|计量)"
    r"(?:名称|单位|数量|金额|日期|时间|类型|编号)?(?:\([^()]*\))?$"
)
_DIGIT = r"[0-9０-９]"


def parts(table: ReadTable, source: Source) -> Iterator[ReadTable]:
    """The tables in `table`, in order. Each must be read before the next is requested."""
    if table.holds_objects:
        yield table
        return
    table.titles, left = titles_and_left(table.titles, table.heading, source)
    if left is not None:
        place = left.place if table.sheet is None else f"{mask_text(table.sheet)}: {left.place}"
        table.left_out.append(left._replace(place=place))
    for below in _below(table, source):
        yield from _side_by_side(below, source)


def _side_by_side(table: ReadTable, source: Source) -> Iterator[ReadTable]:
    starts = _starts(table.heading, source)
    if len(starts) < 2:
        yield table
        return
    names = table.heading.names
    # columns to the left of the first heading belong to the first block
    frames = [block.frame for block in table.rows]
    for first, end in zip([0, *starts[1:]], [*starts[1:], len(names)], strict=True):
        heading = best_match(names[first:end], source)
        label = table.place(first).rpartition("!")[2]
        sheet = table.sheet if first == 0 else f"{table.sheet or ''}!{label}"
        one = ReadTable(
            sheet, table.encoding, table.dialect, heading, table.titles, iter(()),
            table.date_1904, table.truncated, first_column=table.first_column + first,
        )  # fmt: skip # a record
        one.rows = map(partial(_block, first=first, end=end), frames)
        if not first:
            one.left_out = table.left_out
        yield one


def _block(frame: pl.DataFrame, *, first: int, end: int) -> Block:
    """Columns `first` to `end` as a separate block, without rows that are blank there."""
    named = {cell(i): cell(i - first) for i in range(first, end) if cell(i) in frame.columns}
    part = frame.select(*named, LINE, MISFIT).rename(named)
    filled = pl.any_horizontal(pl.col(c).str.contains(r"\S") for c in named.values())
    short = pl.col(MISFIT).eq_missing(SHORT)
    part = part.with_columns(pl.when(~short).then(pl.col(MISFIT)).alias(MISFIT))
    return Block(part.filter(filled.fill_null(value=False)))


def _starts(heading: Heading, source: Source) -> list[int]:
    """Where blocks begin; several if the heading repeats the form's columns."""
    if heading.left or any(f.adds for f in heading.fields):
        return [0]
    fields = sorted(heading.fields, key=lambda f: f.position)
    starts, known = [fields[0].position], set[str]()
    needed = set(heading.form.needed(source.columns)) | set(heading.form.required or ())
    for field in fields:
        rest = {f.column.name for f in fields if f.position >= field.position}
        if field.column.name in known and needed and needed <= known and needed <= rest:
            starts.append(field.position)
            known = set()
        known.add(field.column.name)
    ends = [*starts[1:], len(heading.names)]
    whole = (best_match(heading.names[a:b], source) for a, b in zip(starts, ends, strict=True))
    return [0] if any(h.missing for h in whole) else starts


def _below(table: ReadTable, source: Source) -> Iterator[ReadTable]:
    """`table` up to the next heading among its rows, then the table under that, and so on."""
    rows, whole, reported = _Rows(table.rows), table, 0
    while True:
        section = _Section(table, source, rows)
        table.rows = section.read()
        yield table
        if section.next is None:
            return
        reported = max(reported, len(whole.left_out))
        heading, titles = section.next
        table = _Later(
            table.sheet, table.encoding, table.dialect, heading, titles, iter(()),
            table.date_1904, first_column=table.first_column,
        )  # fmt: skip # a record
        table.whole, table.reported = whole, reported


class _Later(ReadTable):
    """A table below another. What the reader finds at the end of the file is added to it."""

    whole: ReadTable
    reported: int  # entries of `whole.left_out` that belong to the tables above

    def take_over(self) -> None:
        """Takes over what was found about the whole since the table above was read."""
        self.truncated = self.whole.truncated
        self.left_out += self.whole.left_out[self.reported :]


class _Rows:
    """An iterator of blocks to which frames can be returned."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks, self._back = blocks, list[pl.DataFrame]()

    def __iter__(self) -> Iterator[Block]:
        while True:
            if self._back:
                frame = self._back.pop()
                if frame.height:
                    yield Block(frame)
                continue
            block = next(self._blocks, None)
            if block is None:
                return
            yield block

    def give_back(self, frame: pl.DataFrame) -> None:
        self._back.append(frame)


class _Section:
    """The rows of one table, and the heading that ends it."""

    def __init__(self, table: ReadTable, source: Source, rows: _Rows) -> None:
        self._table, self._source, self._rows = table, source, rows
        self._summary = set(summary_names(source.claims))
        self._words = vocabulary(source.name, table.heading.form.name)
        self._keys = [cell(f.position) for f in table.heading.fields if f.column.key]
        numbers = (pl.col(c).str.contains(_DIGIT).fill_null(value=False) for c in self._keys)
        self._is_wordy = ~pl.any_horizontal(numbers) if self._keys else pl.lit(value=True)
        self.next: tuple[Heading, list[list[str]]] | None = None

    def read(self) -> Iterator[Block]:
        unread: LeftOut | None = None  # a table without a heading of the source
        for block in self._rows:
            frame = block.frame
            plain = unread is None and begins_plainly(frame, self._table, self._source)
            at = None if plain else self._heading(frame, again=unread is not None)
            if at is None:
                if unread is None:
                    yield Block(frame, plain)
                else:
                    unread = _with(unread, frame)
                continue
            index, taken, heading = at
            titles, kept = _titles(frame, index)
            if unread is not None:
                unread = _with(unread, frame[:kept])
            elif kept:
                yield Block(frame[:kept])
            if unread is not None and (heading is None or not heading.missing):
                self._table.left_out.append(unread)
                unread = None
            if heading is not None and not heading.missing:
                self._rows.give_back(frame[index + taken :])
                self.next = heading, titles
                return
            if unread is None:
                place = self._table.place(0) + str(frame[index, LINE])
                unread = LeftOut(LeftKind.BLOCK, place, 0, 0)
            self._rows.give_back(frame[index + taken :])
        if unread is not None:
            self._table.left_out.append(unread)
        if isinstance(self._table, _Later):
            self._table.take_over()

    def _heading(
        self, frame: pl.DataFrame, *, again: bool
    ) -> tuple[int, int, Heading | None] | None:
        """Index of the first row that looks like another heading, how many rows it takes, and its
        match, which is None for a heading of another kind of list."""
        if self._keys and not frame.select(self._is_wordy).to_series().any():
            return None  # every row has a number in its key
        columns = [c for c in frame.columns if c not in (LINE, MISFIT)]
        texts = frame.select(pl.col(columns).str.strip_chars())
        filled = pl.sum_horizontal((pl.col(c).fill_null("") != "") for c in columns)
        worded = pl.sum_horizontal(
            (pl.col(c).fill_null("") != "") & ~pl.col(c).str.contains(_DIGIT) for c in columns
        )
        wordy = texts.select(m=(filled > 1) & (worded * 4 >= filled * 3)).to_series().arg_true()
        printed = [n.strip() for n in self._table.heading.names]
        for index in wordy:
            row = [c or "" for c in texts.row(index)]
            if row[0].strip(MARKS) in self._summary or row[0].startswith("#"):
                continue
            if not again and row == (printed + [""] * len(row))[: len(row)]:
                continue
            found = self._match(row, texts[index + 1 :].head(1).rows())
            if found is not None:
                return index, *found
        return None

    def _match(
        self, row: Sequence[str], below: Sequence[Sequence[str | None]]
    ) -> tuple[int, Heading | None] | None:
        cells = [c for c in row if c]
        words = [c for c in cells if find(c, self._words) or _HEADING_WORD.match(normal(c))]
        if len(words) < 2 or len(words) * 2 < len(cells):
            return None
        under = [[c or "" for c in r] for r in below]
        index, heading = search([row, *under], self._source)
        # the row below may itself be the heading of the next part
        is_one = index == 0 or (heading and under and heading.names != tuple(under[0]))
        return (index + 1, heading) if index is not None and is_one else (1, None)


def _with(left: LeftOut, frame: pl.DataFrame) -> LeftOut:
    """`left` plus the rows of `frame` and their filled cells."""
    cells = (
        frame.drop(LINE, MISFIT)
        .select(pl.sum_horizontal(pl.all().str.contains(r"\S").fill_null(value=False)))
        .to_series()
    )
    return left._replace(
        rows=left.rows + int((cells > 0).sum()), cells=left.cells + int(cells.sum() or 0)
    )


def _titles(frame: pl.DataFrame, heading: int) -> tuple[list[list[str]], int]:
    """The rows directly above a heading with a single text each, and where they begin."""
    titles: list[list[str]] = []
    columns = frame.drop(LINE, MISFIT)
    first = heading
    while first:
        filled = [c.strip() for c in columns.row(first - 1) if c and c.strip()]
        text = folded(filled[0]) if filled else ""
        if len(filled) > 1 or re.match(NUMERIC, text) or is_label(text):
            break
        titles.insert(0, filled)
        first -= 1
    return [t for t in titles if t], first
