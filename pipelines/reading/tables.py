"""The tables of one file, whatever it is: the single way in for the load stage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.reading import delimited, structured, workbooks
from pipelines.reading.ahead import ahead
from pipelines.reading.blocks import Table
from pipelines.reading.containers import WORKBOOKS, members, open_member
from pipelines.reading.encodings import UTF8, UTF8_MARK, detect, utf8_blocks
from pipelines.reading.parts import parts
from pipelines.settings import Settings
from pipelines.sources import Source


def tables(
    path: Path, name: str, source: Source, limits: Settings, encoding: str | None = None
) -> Iterator[Table]:
    """Every table in the file at `path`, which came as `name`. Raises FileRefused.

    Text is read as `encoding`, or as what its beginning says it is; NotUtf8 is raised where
    that turns out wrong, and the file has to be read again as GB18030. A table's rows must be
    read before the next table is asked for: streams close behind it.
    """
    found = members(path, name, limits)
    for member in found:
        if member.content in WORKBOOKS:
            for sheet in workbooks.tables(member, source, limits):
                yield from parts(sheet, source)
            continue
        with open_member(member, limits) as stream:
            head = stream.read(limits.block_bytes)
        told = detect(head)
        if encoding and told == UTF8:
            told = encoding
        with open_member(member, limits) as stream:
            blocks = utf8_blocks(stream, told, limits.block_bytes)
            if told not in (UTF8, UTF8_MARK):
                blocks = ahead(blocks)  # decoding takes as long as everything after it
            table = _text_table(blocks, told, source)
            table.sheet = member.name if member.inner else None
            yield from parts(table, source)


def _text_table(blocks: Iterator[bytes], encoding: str, source: Source) -> Table:
    head = next(blocks, b"")

    def whole() -> Iterator[bytes]:
        yield head
        yield from blocks

    read = structured.table if structured.looks_structured(head) else delimited.table
    return read(whole(), encoding, source)
