"""JSON lines: one object per line, read by Polars where every line is like the first ones.

A key that the first lines lack is a column like any other: if one turns up, the file is read again
with all the keys that it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from pipelines.reading.blocks import CUT_OFF, LINE, MALFORMED, MISFIT, Block, ReadTable, cell
from pipelines.reading.encodings import NotUtf8, ReadAgain, is_utf8
from pipelines.reading.heading_rows import missing_columns
from pipelines.reading.headings import HeadingField, best_match
from pipelines.reading.items import (
    Item,
    View,
    as_it_is,
    is_ambiguous,
    keys_of,
    load,
    text_of,
    view_of,
)
from pipelines.reading.json_keys import Keys
from pipelines.reading.lines import as_pieces, beginning, renumber, without_blank_lines
from pipelines.reading.refusals import FileRefused
from pipelines.sources import Kind, Source

_IDS = (Kind.ID, Kind.USCC)
_SAMPLE_LINES = 2000
_SAMPLE_BYTES = 16 * 1024 * 1024
_PARTS = 16  # a piece that Polars cannot read is cut into so many parts, recursively
_SMALL = 32 * 1024  # bytes; parts of this size are read line by line


class LateKey(ReadAgain):
    """A line has a key that none of the first lines had."""


def matched(keys: Sequence[str], encoding: str, dialect: str, source: Source) -> ReadTable:
    """A table without rows yet, under the heading that `keys` make. Raises FileRefused."""
    heading = best_match(keys, source, structured=True)
    if heading.missing:
        raise FileRefused("file.no_heading", missing_columns(heading, source))
    return ReadTable(None, encoding, dialect, heading, [], iter(()))


def lines_table(
    head: bytes,
    blocks: Iterator[bytes],
    encoding: str,
    source: Source,
    keys: Sequence[str] | None = None,
) -> ReadTable:
    """The table of lines whose first block is `head`. Raises FileRefused.

    Iterating its rows raises LateKey if a line has a key that is not among `keys` or, without
    `keys`, not in the first lines.
    """
    result, reader = _headed_lines(head, encoding, source, keys)
    result.rows = reader.blocks(_pieces(head, blocks))
    return result


def top_lines(head: bytes) -> bytes:
    """What of `head` decides which keys there are."""
    return beginning(head[:_SAMPLE_BYTES], _SAMPLE_LINES)


def part_of_lines(
    head: bytes, blocks: Iterator[bytes], pieces: int, line: int, encoding: str, source: Source
) -> ReadTable:
    """Some lines of a text that begins with `head`: so many of `blocks`, each a piece, which come
    after `line` lines, then all that is left in `blocks` as the last piece. Raises FileRefused."""
    result, reader = _headed_lines(head, encoding, source)
    result.rows = reader.blocks(as_pieces(blocks, pieces), line)
    return result


def _headed_lines(
    head: bytes, encoding: str, source: Source, keys: Sequence[str] | None = None
) -> tuple[ReadTable, _Reader]:
    """The table of lines whose first block is `head`, without its rows, and who reads them."""
    items = list(_objects(_sample(head)))
    view = view_of(items, source)
    result = matched(keys or keys_of(items, view), encoding, "jsonl", source)
    return result, _Reader(view, Keys(items, result.heading.names), result)


def _pieces(head: bytes, blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """`head` and `blocks` cut at the ends of lines; of each piece whether it is the last."""
    carry = head
    for more in blocks:
        carry += more
        end = carry.rfind(b"\n") + 1
        yield carry[:end], False
        carry = carry[end:]
    yield carry, True


def keys_of_lines(head: bytes, blocks: Iterator[bytes], source: Source) -> list[str] | None:
    """Every key of lines whose first block is `head`, in order of appearance.

    None if the first lines do not fit the contract. Raises NotUtf8.
    """
    items = list(_objects(_sample(head)))
    view = view_of(items, source)
    names = keys_of(items, view)
    try:
        table = matched(names, "", "jsonl", source)
    except FileRefused:
        return None
    late: dict[str, None] = {}
    reader = _Reader(view, Keys(items, tuple(names)), table, late)
    for _ in reader.blocks(_pieces(head, blocks)):
        pass
    return [*names, *late]


def _sample(head: bytes) -> list[str]:
    return top_lines(head).decode("utf-8", errors="ignore").split("\n")[:_SAMPLE_LINES]


def _objects(lines: list[str]) -> Iterator[Item]:
    for line in lines:
        try:
            found = load(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found


def item_frame(rows: list[Item], positions: Sequence[int]) -> pl.DataFrame:
    """The frame of rows given as dicts of cells, line and misfit."""
    schema = {cell(p): pl.String for p in positions} | {LINE: pl.Int64, MISFIT: pl.String}
    return pl.DataFrame(rows, schema=schema)


def without_odd_ids(frame: pl.DataFrame, fields: Sequence[HeadingField]) -> pl.DataFrame:
    """`frame` with rows marked as misfits whose id is true, false, an object or a list."""
    ids = [cell(f.position) for f in fields if f.column.kind in _IDS]
    if not ids:
        return frame
    odd = (pl.col(c).str.contains(r"^(?:true|false)$|^[{\[]").fill_null(value=False) for c in ids)
    bad = pl.any_horizontal(odd)
    misfit = pl.when(bad & pl.col(MISFIT).is_null()).then(pl.lit(MALFORMED))
    return frame.with_columns(misfit.otherwise(pl.col(MISFIT)).alias(MISFIT))


class _Reader:
    """Reads lines under a heading. Late keys are collected in `late`; without it they raise."""

    def __init__(
        self, view: View, keys: Keys, table: ReadTable, late: dict[str, None] | None = None
    ) -> None:
        self._view, self._keys, self._late = view, keys, late
        self._fields = table.heading.fields
        self._positions = [f.position for f in self._fields]
        self._names = [table.heading.names[p] for p in self._positions]

    def blocks(self, pieces: Iterator[tuple[bytes, bool]], line: int = 0) -> Iterator[Block]:
        """The rows, block by block; `line` lines come before. Raises LateKey, NotUtf8."""
        for piece, is_last in pieces:
            if piece:
                yield Block(self._frame(piece, line, is_last=is_last))
                line += piece.count(b"\n")

    def _frame(self, piece: bytes, line: int, *, is_last: bool) -> pl.DataFrame:
        compact = without_blank_lines(piece)
        if compact:
            piece = compact[0]
        frame = self._through_polars(piece, line) if self._view is as_it_is else None
        if frame is None:
            if not is_utf8(piece):
                raise NotUtf8
            slowly = self._part_by_part if self._view is as_it_is else self._line_by_line
            frame = slowly(piece, line, is_last=is_last)
        is_nested = b"[" in piece or piece.count(b"{") > frame.height
        if is_nested or b"true" in piece or b"false" in piece:
            frame = without_odd_ids(frame, self._fields)
        return renumber(frame, line, compact[1]) if compact else frame

    def _through_polars(self, piece: bytes, line: int) -> pl.DataFrame | None:
        rows = piece.count(b"\n") + (not piece.endswith(b"\n"))
        try:
            # declared as text, so that Polars keeps a number's digits as written
            frame = pl.read_ndjson(piece, schema=dict.fromkeys(self._names, pl.String))
        except (pl.exceptions.PolarsError, ValueError):
            return None
        if frame.height != rows:
            return None  # there are blank lines: line numbers would be wrong
        if not self._keys.are_all(piece, frame):
            return None
        named = zip(self._names, self._positions, strict=True)
        return frame.select(
            *(pl.col(n).alias(cell(p)) for n, p in named),
            pl.int_range(line + 1, line + 1 + pl.len(), dtype=pl.Int64).alias(LINE),
            pl.lit(None, pl.String).alias(MISFIT),
        )

    def _part_by_part(self, piece: bytes, line: int, *, is_last: bool) -> pl.DataFrame:
        """Reads `piece` so that only a small part around a difficult line goes line by line."""
        if len(piece) <= _SMALL:
            return self._line_by_line(piece, line, is_last=is_last)
        frames, at, size = [], 0, max(len(piece) // _PARTS, _SMALL // 2)
        while at < len(piece):
            end = piece.find(b"\n", at + size) + 1 or len(piece)
            if end - at == len(piece):
                return self._line_by_line(piece, line, is_last=is_last)
            part = piece[at:end]
            frame = self._through_polars(part, line)
            if frame is None:
                frame = self._part_by_part(part, line, is_last=is_last and end == len(piece))
            frames.append(frame)
            at, line = end, line + part.count(b"\n")
        return pl.concat(frames, rechunk=True)

    def _line_by_line(self, piece: bytes, line: int, *, is_last: bool) -> pl.DataFrame:
        rows: list[Item] = []
        lines = piece.decode("utf-8", errors="ignore").split("\n")
        for number, text in enumerate(lines, 1):
            if not text.strip():
                continue
            try:
                found = load(text)
            except ValueError:
                found = None
            row: Item = {LINE: line + number, MISFIT: None}
            if isinstance(found, dict) and not is_ambiguous(found):
                self._keys.add_nested(found)
                found = self._view(found)
                if late := self._keys.unseen(found):
                    if self._late is None:
                        raise LateKey
                    self._late |= dict.fromkeys(late)
                named = zip(self._names, self._positions, strict=True)
                row |= {cell(p): text_of(found.get(n)) for n, p in named}
            else:
                cut = is_last and number == len(lines) and found is None
                row[MISFIT] = CUT_OFF if cut else MALFORMED
            rows.append(row)
        return item_frame(rows, self._positions)
