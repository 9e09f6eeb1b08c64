"""A large delimited text in stretches, to be read side by side with the same rows and verdicts.

A stretch is some of the very pieces in which the whole is read (`delimited`), so that all that is
decided piece by piece is decided alike. Where its pieces end is found in one pass over the bytes,
without decoding or splitting them, and only of texts of which that pass is sure: UTF-8, and GB18030
without any quote (none of its characters has the byte of a quote or of a line end in it), whose
lines all end in LF. `load` decides whether what was found in the stretches may be joined.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
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
from pipelines.reading.judging import judge
from pipelines.reading.lines import beginning, has_other_end, plain_ends
from pipelines.reading.parts import parts
from pipelines.reading.records import whole_records
from pipelines.reading.refusals import FileRefused
from pipelines.reading.structured import looks_structured
from pipelines.settings import Settings
from pipelines.sources import Source


@dataclass(frozen=True)
class Stretch:
    """Some pieces of a text. `borders` are the bytes of the file at which they begin, and the one
    after the last; `line` lines come before; `top` is the beginning of the text, as UTF-8."""

    number: int
    borders: tuple[int, ...]
    line: int
    is_last: bool
    top: bytes
    encoding: str


class _Unsure(Exception):  # noqa: N818 - a finding, not a mistake
    """A text that is not of the kind that can be cut into stretches."""


def stretches(path: Path, name: str, source: Source, limits: Settings, least: int) -> list[Stretch]:
    """The text at `path` in stretches of `least` bytes or more; none if it is to be read whole."""
    try:
        (member,) = members(path, name, limits)
        if member.content is not Content.TEXT or member.inner is not None or member.gzipped:
            return []
        with path.open("rb") as stream:
            encoding = _encoding(stream, limits)
            stream.seek(0)
            top, line, begins, borders, lines = _borders(stream, encoding, source, limits)
    except (FileRefused, ReadAgain, _Unsure, ValueError):
        return []  # who reads it whole says what is the matter
    found: list[Stretch] = []
    own, counted = [begins], line
    for border, ended in zip(borders, lines, strict=True):
        own.append(border)
        counted += ended
        if border - own[0] >= least:
            found.append(Stretch(len(found), tuple(own), line, False, top, encoding))
            own, line = [border], counted
    return [*found, Stretch(len(found), tuple(own), line, True, top, encoding)]


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


def _borders(
    stream: IO[bytes], encoding: str, source: Source, limits: Settings
) -> tuple[bytes, int, int, list[int], list[int]]:
    """The beginning of the text, the lines up to the heading and the byte after it; where pieces
    end, and how many lines each has."""
    is_damaged = encoding == GB18030
    head = head_of(plain_ends(Utf8Blocks(stream, encoding, limits.block_bytes, damaged=is_damaged)))
    if looks_structured(head):
        raise _Unsure
    table, line, delimiter = headed(head, encoding, source)
    read = stream.tell()
    stream.seek(0)
    raw = _sure(stream.read(read), encoding)
    mark = len(codecs.BOM_UTF8) if raw.startswith(codecs.BOM_UTF8) else 0
    begins = mark + len(beginning(raw[mark:], line))
    carry, ended, borders, lines = raw[begins:], begins, list[int](), list[int]()
    while more := stream.read(limits.block_bytes):
        piece, carry = whole_records(
            carry, _sure(more, encoding, carry), delimiter, len(table.heading.names)
        )
        if len(carry) > LONGEST_LINE:
            raise _Unsure
        if piece:
            ended += len(piece)
            borders.append(ended)
            lines.append(piece.count(b"\n"))
    if carry.endswith(b"\r"):
        raise _Unsure
    return top_of(head), line, begins, borders, lines


def _sure(block: bytes, encoding: str, before: bytes = b"") -> bytes:
    """`block`, if bytes tell where its lines and quotes are. Raises _Unsure."""
    if b"\x00" in block or (encoding == GB18030 and b'"' in block):
        raise _Unsure
    if b"\r" in block or before.endswith(b"\r"):
        # the last byte may be the first half of a line end
        text = before[-1:] + block if before.endswith(b"\r") else block
        if has_other_end(text.removesuffix(b"\r")):
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


def tables_of(
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
        pieces = len(stretch.borders) - 1
        table = part_of_table(
            stretch.top, plain_ends(text), pieces, stretch.line, stretch.encoding, source
        )
        table.rows = bad_rows(table.rows, text)
        yield from parts(table, source)
