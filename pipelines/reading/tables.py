"""The tables of one file, whatever it is: the single way in for the load stage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from pipelines.reading import delimited, structured, workbooks
from pipelines.reading.blocks import Table
from pipelines.reading.containers import WORKBOOKS, Member, members, open_member
from pipelines.reading.encodings import detect, utf8_blocks
from pipelines.settings import Settings
from pipelines.sources import Source


def tables(path: Path, name: str, source: Source, limits: Settings) -> Iterator[Table]:
    """Every table in the file at `path`, which came as `name`. Raises FileRefused.

    A table's rows must be read before the next table is asked for: streams close behind it.
    """
    found = members(path, name, limits)
    for member in found:
        if member.content in WORKBOOKS:
            yield from workbooks.tables(member, source, limits)
            continue
        with open_member(member, limits) as stream:
            encoding = detect(stream, limits.block_bytes)
        with ExitStack() as stack:
            stream = stack.enter_context(open_member(member, limits))
            table = _text_table(utf8_blocks(stream, encoding, limits.block_bytes), encoding, source)
            table.sheet = member.name if member.inner else None
            yield table


def _text_table(blocks: Iterator[bytes], encoding: str, source: Source) -> Table:
    head = next(blocks, b"")

    def whole() -> Iterator[bytes]:
        yield head
        yield from blocks

    read = structured.table if structured.looks_structured(head) else delimited.table
    return read(whole(), encoding, source)


__all__ = ["Member", "tables"]
