"""JSON: an object per line, an array, or an array inside an envelope (also JSONP).

As what flat fields an item is seen is the business of `items`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

import polars as pl

from pipelines.reading.blocks import CUT_OFF, LINE, MALFORMED, MISFIT, Block, Table, cell
from pipelines.reading.heading_rows import missing_columns
from pipelines.reading.encodings import NotUtf8, is_utf8
from pipelines.reading.headings import best_match
from pipelines.reading.items import (
    Item,
    View,
    as_it_is,
    first_list,
    fits,
    keys_of,
    load,
    only_record,
    text_of,
    unpacked,
    view_of,
)
from pipelines.reading.lines import beginning, renumber, without_blank_lines
from pipelines.reading.refusals import FileRefused
from pipelines.sources import Source

_ENVELOPE = re.compile(r"^\s*[\w.$]+\s*\((?P<body>.*)\)\s*;?\s*$", re.DOTALL)
_LARGEST_DOCUMENT = 256 * 1024 * 1024
_SAMPLE_LINES = 2000
_PARTS = 16  # that a piece is cut into, and each again that holds what was in the way
_SMALL = 32 * 1024  # bytes that may as well be read line by line


def looks_structured(head: bytes) -> bool:
    """True when text begins as JSON or JSONP rather than as a table."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200]
    return start[:1] in (b"{", b"[") or re.match(rb"[\w.$]+\s*\(\s*[\[{]", start) is not None


def table(blocks: Iterator[bytes], encoding: str, source: Source) -> Table:
    """The table in `blocks` of UTF-8 JSON. Raises FileRefused."""
    head = next(blocks, b"")
    first, _, rest = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    try:
        found = load(first.decode())
    except (ValueError, UnicodeError):
        found = None
    # one object alone is a record if it fits the contract, else an envelope around records
    by_line = isinstance(found, dict) and (bool(rest.strip()) or fits(found, unpacked, source))
    read = _lines if by_line else _document
    return read(head, blocks, encoding, source)


def _objects(lines: list[str]) -> Iterator[Item]:
    for line in lines:
        try:
            found = load(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found


def _matched(keys: list[str], encoding: str, dialect: str, source: Source) -> Table:
    heading = best_match(keys, source, structured=True)
    if heading.missing:
        raise FileRefused("file.no_heading", missing_columns(heading, source))
    return Table(None, encoding, dialect, heading, [], iter(()))


def _lines(head: bytes, blocks: Iterator[bytes], encoding: str, source: Source) -> Table:
    sample = beginning(head[: 16 * 1024 * 1024], _SAMPLE_LINES)
    shown = sample.decode("utf-8", errors="ignore").splitlines()[:_SAMPLE_LINES]
    items = list(_objects(shown))
    view = view_of(items, source)
    result = _matched(keys_of(items, view), encoding, "jsonl", source)

    def pieces() -> Iterator[Block]:
        carry, line, late = head, 0, False
        while not late:
            more = next(blocks, None)
            late = more is None
            carry += more or b""
            end = len(carry) if late else carry.rfind(b"\n") + 1
            piece, carry = carry[:end], carry[end:]
            if piece:
                yield _block(piece, line, result, view, last=late)
                line += piece.count(b"\n")

    result.rows = pieces()
    return result


def _block(piece: bytes, line: int, into: Table, view: View, *, last: bool) -> Block:
    names = [into.heading.names[f.position] for f in into.heading.fields]
    positions = [f.position for f in into.heading.fields]
    compact = without_blank_lines(piece)
    if compact:
        piece = compact[0]
    is_flat = view is as_it_is
    frame = _through_polars(piece, line, names, positions) if is_flat else None
    if frame is None:
        if not is_utf8(piece):
            raise NotUtf8
        slowly = _part_by_part if is_flat else partial(_line_by_line, view=view)
        frame = slowly(piece, line, names, positions, last=last)
    if compact:
        frame = renumber(frame, line, compact[1])
    return Block(frame)


def _through_polars(
    piece: bytes, line: int, names: list[str], positions: list[int]
) -> pl.DataFrame | None:
    rows = piece.count(b"\n") + (not piece.endswith(b"\n"))
    try:
        # every field is declared text: Polars keeps a number's digits as written
        frame = pl.read_ndjson(piece, schema=dict.fromkeys(names, pl.String))
    except (pl.exceptions.PolarsError, ValueError):
        return None
    if frame.height != rows:
        return None  # blank lines: the line numbers would slip
    return frame.select(
        *(pl.col(n).alias(cell(p)) for n, p in zip(names, positions, strict=True)),
        pl.int_range(line + 1, line + 1 + pl.len(), dtype=pl.Int64).alias(LINE),
        pl.lit(None, pl.String).alias(MISFIT),
    )


def _part_by_part(
    piece: bytes, line: int, names: list[str], positions: list[int], *, last: bool
) -> pl.DataFrame:
    """Only a small part around a line that Polars cannot read goes line by line."""
    if len(piece) <= _SMALL:
        return _line_by_line(piece, line, names, positions, last=last)
    frames, at, size = [], 0, max(len(piece) // _PARTS, _SMALL // 2)
    while at < len(piece):
        end = piece.find(b"\n", at + size) + 1 or len(piece)
        if end - at == len(piece):
            return _line_by_line(piece, line, names, positions, last=last)
        part = piece[at:end]
        frame = _through_polars(part, line, names, positions)
        if frame is None:
            is_last = last and end == len(piece)
            frame = _part_by_part(part, line, names, positions, last=is_last)
        frames.append(frame)
        at, line = end, line + part.count(b"\n")
    return pl.concat(frames, rechunk=True)


def _line_by_line(
    piece: bytes, line: int, names: list[str], positions: list[int], *, last: bool,
    view: View = as_it_is,
) -> pl.DataFrame:  # fmt: skip
    rows: list[Item] = []
    texts = piece.decode("utf-8", errors="ignore").split("\n")
    for number, text in enumerate(texts, 1):
        if not text.strip():
            continue
        try:
            found = load(text)
        except ValueError:
            found = None
        row: Item = {LINE: line + number, MISFIT: None}
        if isinstance(found, dict):
            found = view(found)
            row |= {cell(p): text_of(found.get(n)) for n, p in zip(names, positions, strict=True)}
        else:
            cut = last and number == len(texts)
            row[MISFIT] = CUT_OFF if cut else MALFORMED
        rows.append(row)
    return _frame(rows, positions)


def _frame(rows: list[Item], positions: list[int]) -> pl.DataFrame:
    schema = {cell(p): pl.String for p in positions} | {LINE: pl.Int64, MISFIT: pl.String}
    return pl.DataFrame(rows, schema=schema)


def _document(head: bytes, blocks: Iterator[bytes], encoding: str, source: Source) -> Table:
    body = head
    for more in blocks:
        body += more
        if len(body) > _LARGEST_DOCUMENT:
            raise FileRefused("file.too_large", "one JSON document; one object a line has no limit")
    text = body.decode("utf-8-sig", errors="ignore").strip()
    wrapped = _ENVELOPE.match(text) if text[:1] not in "{[" else None
    try:
        found = load(wrapped["body"] if wrapped else text)
    except ValueError as error:
        raise FileRefused("file.malformed", f"line {getattr(error, 'lineno', '?')}") from error
    records = only_record(found, source) or first_list(found)
    if not records:
        raise FileRefused("file.empty")
    view = view_of(records, source)
    keys = keys_of(records, view)
    result = _matched(keys, encoding, "json", source)
    positions = [f.position for f in result.heading.fields]
    names = [keys[p] for p in positions]
    rows: list[Item] = []
    for number, record in enumerate(map(view, records), 1):
        row: Item = {LINE: number, MISFIT: None}
        row |= {cell(p): text_of(record.get(n)) for n, p in zip(names, positions, strict=True)}
        rows.append(row)
    result.rows = iter([Block(_frame(rows, positions))])
    return result
