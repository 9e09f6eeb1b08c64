"""The tables of one file of any kind: the only entry point for the load stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from pipelines.reading import delimited, structured, workbooks
from pipelines.reading.ahead import ahead
from pipelines.reading.blocks import ReadTable
from pipelines.reading.containers import WORKBOOKS, members, open_member
from pipelines.reading.encodings import UTF16, Utf8Blocks, bad_rows, detect
from pipelines.reading.judging import judge
from pipelines.reading.lines import plain_ends
from pipelines.reading.parts import parts
from pipelines.settings import Settings
from pipelines.sources import Source


def tables(
    path: Path, name: str, source: Source, limits: Settings, *, again: bool = False
) -> Iterator[ReadTable]:
    """Every table in the file at `path`, which came as `name`. Raises FileRefused.

    Encoding and keys of a text are taken from its beginning. If that turns out wrong, ReadAgain is
    raised, and the file must be read with `again`, which surveys the whole file first. A table's
    rows must be read before the next table is requested, because its stream is closed then.
    """
    found = members(path, name, limits)
    for member in found:
        if member.content in WORKBOOKS:
            for sheet in workbooks.tables(member, source, limits):
                yield from parts(sheet, source)
            continue
        with open_member(member, limits) as stream:
            encoding = detect(stream.read(limits.block_bytes))
        damaged = encoding is None or (again and encoding != UTF16)
        if damaged:
            with open_member(member, limits) as stream:
                encoding = judge(stream)
        text = partial(
            Utf8Blocks, encoding=str(encoding), block_bytes=limits.block_bytes, damaged=damaged
        )

        keys = None
        if again:
            with open_member(member, limits) as stream:
                keys = structured.all_keys(plain_ends(text(stream)), source)
        with open_member(member, limits) as stream:
            decoded = text(stream)
            blocks = plain_ends(decoded)
            if not decoded.is_as_it_is and path.stat().st_size > limits.block_bytes:
                blocks = ahead(blocks)  # decoding takes as long as all later steps together
            table = _text_table(blocks, str(encoding), source, keys)
            table.sheet = member.name if member.inner else None
            table.rows = bad_rows(table.rows, decoded)
            yield from parts(table, source)


def _text_table(
    blocks: Iterator[bytes], encoding: str, source: Source, keys: Sequence[str] | None
) -> ReadTable:
    head = next(blocks, b"")

    def whole() -> Iterator[bytes]:
        yield head
        yield from blocks

    if structured.looks_structured(head):
        return structured.table(whole(), encoding, source, keys)
    return delimited.table(whole(), encoding, source)
