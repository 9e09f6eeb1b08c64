"""A large text of records in stretches, to be read side by side with the same rows and verdicts.

A stretch is some of the very pieces in which the whole is read (`delimited`, `json_lines`), so that
all that is decided piece by piece is decided alike. Where pieces end is found in one pass over the
bytes, undecoded, and only of texts of which that pass is sure: UTF-8, and GB18030 where no record
can hold a line end (none of its characters has the byte of one, or of a quote, in it), whose lines
all end in LF. Whether what was found in stretches may be joined is decided where they are loaded.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise
from pathlib import Path
from typing import IO, cast

from pipelines.reading.blocks import ReadTable
from pipelines.reading.containers import Content, members
from pipelines.reading.delimited import LONGEST_LINE, head_of, headed, part_of_table, top_of
from pipelines.reading.encodings import (
    GB18030,
    UTF8,
    UTF8_MARK,
    ReadAgain,
    Utf8Blocks,
    bad_rows,
    detect,
)
from pipelines.reading.json_lines import part_of_lines, top_lines
from pipelines.reading.judging import judge
from pipelines.reading.lines import beginning, has_other_end, plain_ends
from pipelines.reading.parts import parts
from pipelines.reading.records import whole_records
from pipelines.reading.refusals import FileRefused
from pipelines.reading.structured import is_by_line, looks_structured
from pipelines.settings import Settings
from pipelines.sources import Source


@dataclass(frozen=True)
class Stretch:
    """Some pieces of a text. `borders` are the bytes of the file at which they begin, and the one
    after the last; `line` lines come before; `top` is the beginning of the text, as UTF-8.
    `is_json`: it has an object a line."""

    number: int
    borders: tuple[int, ...]
    line: int
    is_last: bool
    top: bytes
    encoding: str
    is_json: bool


@dataclass
class _Text:
    """What of a text has to be known to cut it: its beginning, the lines up to the rows and the
    byte at which they begin; where pieces end, and how many lines each has."""

    encoding: str
    top: bytes
    is_json: bool
    line: int = 0
    begins: int = 0
    ends: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


class _Unsure(Exception):  # noqa: N818 - a finding, not a mistake
    """A text that is not of the kind that can be cut into stretches."""


def stretches(path: Path, name: str, source: Source, limits: Settings, least: int) -> list[Stretch]:
    """The text at `path` in stretches of `least` bytes or more; none if it is to be read whole."""
    try:
        (member,) = members(path, name, limits)
        if member.content is not Content.TEXT or member.inner is not None or member.gzipped:
            return []
        with path.open("rb") as stream:
            text = _cut(stream, source, limits)
    except (FileRefused, ReadAgain, _Unsure, ValueError):
        return []  # who reads it whole says what is the matter
    found: list[Stretch] = []
    own, line, before = [text.begins], text.line, text.line

    def add(*, is_last: bool) -> None:
        found.append(
            Stretch(len(found), tuple(own), before, is_last, text.top, text.encoding, text.is_json)
        )

    for end, lines in zip(text.ends, text.lines, strict=True):
        own.append(end)
        line += lines
        if end - own[0] >= least:
            add(is_last=False)
            own, before = [end], line
    add(is_last=True)
    return found


def _encoding(stream: IO[bytes], limits: Settings) -> str:
    """As the whole is read: by its beginning, else by its characters."""
    encoding = detect(stream.read(limits.block_bytes))
    if encoding is None:
        stream.seek(0)
        encoding = judge(stream)
        if encoding != GB18030:  # UTF-8 with damaged characters is decoded leniently
            raise _Unsure
    elif encoding not in (UTF8, UTF8_MARK):
        raise _Unsure
    return encoding


def _cut(stream: IO[bytes], source: Source, limits: Settings) -> _Text:
    """Where the pieces of a text end: as where it is read whole, found in its bytes.

    Raises _Unsure, FileRefused, ReadAgain.
    """
    encoding = _encoding(stream, limits)
    stream.seek(0)
    decoded = plain_ends(
        Utf8Blocks(stream, encoding, limits.block_bytes, damaged=encoding == GB18030)
    )
    head, delimiter, width = next(decoded, b""), "", 0
    if looks_structured(head):
        if not is_by_line(head, source):
            raise _Unsure
        text = _Text(encoding, top_lines(head), is_json=True)
    else:
        head = head_of(chain([head], decoded))
        table, line, delimiter = headed(head, encoding, source)
        width = len(table.heading.names)
        text = _Text(encoding, top_of(head), is_json=False, line=line)
    read = stream.tell()
    stream.seek(0)
    raw = _sure(stream.read(read), text)
    mark = len(codecs.BOM_UTF8) if raw.startswith(codecs.BOM_UTF8) else 0
    text.begins = ended = mark + len(beginning(raw[mark:], text.line))
    carry = raw[text.begins :]
    while more := stream.read(limits.block_bytes):
        _sure(more, text, carry)
        if text.is_json:
            carry += more
            end = carry.rfind(b"\n") + 1
            piece, carry = carry[:end], carry[end:]
        else:
            piece, carry = whole_records(carry, more, delimiter, width)
        if len(carry) > LONGEST_LINE:
            raise _Unsure
        if piece:
            ended += len(piece)
            text.ends.append(ended)
            text.lines.append(piece.count(b"\n"))
    if carry.endswith(b"\r"):
        raise _Unsure
    return text


def _sure(block: bytes, text: _Text, before: bytes = b"") -> bytes:
    """`block`, if its bytes tell where records end. Raises _Unsure."""
    has_quotes = b'"' in block and not text.is_json  # in a line of JSON no quote holds a line end
    if b"\x00" in block or (text.encoding == GB18030 and has_quotes):
        raise _Unsure
    if b"\r" in block or before.endswith(b"\r"):
        # the last byte may be the first half of a line end
        joined = before[-1:] + block if before.endswith(b"\r") else block
        if has_other_end(joined.removesuffix(b"\r")):
            raise _Unsure
    return block


class _Pieces(io.RawIOBase):
    """The pieces of a stretch, one a call; of the last stretch also what is left of the file."""

    def __init__(self, stream: IO[bytes], stretch: Stretch) -> None:
        self._stream, self._is_last = stream, stretch.is_last
        self._sizes = iter([end - begin for begin, end in pairwise(stretch.borders)])
        stream.seek(stretch.borders[0])

    def read(self, _: int = -1, /) -> bytes:
        size = next(self._sizes, None)
        if size is not None:
            return self._stream.read(size)
        return self._stream.read() if self._is_last else b""


def stretch_tables(
    path: Path, stretch: Stretch, source: Source, limits: Settings
) -> Iterator[ReadTable]:
    """The tables in a stretch, as `tables.tables` has those of a file: one, in a plain file.

    Raises FileRefused, ReadAgain.
    """
    with path.open("rb") as stream:
        text = Utf8Blocks(
            cast("IO[bytes]", _Pieces(stream, stretch)),
            stretch.encoding,
            limits.block_bytes,
            damaged=stretch.encoding == GB18030,
            is_beginning=False,
        )
        read, pieces = part_of_lines if stretch.is_json else part_of_table, len(stretch.borders) - 1
        table = read(stretch.top, plain_ends(text), pieces, stretch.line, stretch.encoding, source)
        table.rows = bad_rows(table.rows, text)
        yield from parts(table, source)
