"""The lines of a file as they lie there, whatever they mean: no heading, no contract.

For looking at a line of a file that was refused, or at one that is no row. `tables` reads what
counts.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipelines.reading.containers import WORKBOOKS, Member, members, open_member
from pipelines.reading.encodings import Utf8Blocks, detect
from pipelines.reading.judging import judge
from pipelines.reading.lines import plain_ends
from pipelines.reading.workbooks import rows_as_they_lie
from pipelines.settings import Settings

_LONGEST = 64 * 1024  # bytes of a line that are kept: a file without line ends is one line
_PARTS = re.compile(r"[,\t;|{}\[\]\":]+")


class LyingLine(NamedTuple):
    """A line of a text or a row of a sheet, its number from 1, in pieces that hold a value each."""

    sheet: str | None
    line: int
    pieces: list[str]


def lines_as_they_lie(path: Path, name: str, limits: Settings) -> Iterator[LyingLine]:
    """Every line that is not blank, member by member. Raises FileRefused."""
    for member in members(path, name, limits):
        if member.content in WORKBOOKS:
            with tempfile.TemporaryDirectory(dir=limits.build) as scratch:
                for sheet, number, cells in rows_as_they_lie(member, limits, Path(scratch)):
                    yield LyingLine(sheet, number, [cell for cell in cells if cell.strip()])
        else:
            yield from _text_lines(member, limits)


def _text_lines(member: Member, limits: Settings) -> Iterator[LyingLine]:
    with open_member(member, limits) as stream:
        encoding = detect(stream.read(limits.block_bytes))
    if encoding is None:
        with open_member(member, limits) as stream:
            encoding = judge(stream)
    sheet = member.name if member.inner else None
    with open_member(member, limits) as stream:
        text = Utf8Blocks(stream, encoding, limits.block_bytes, damaged=True)
        number, carry = 1, b""
        for block in plain_ends(text):
            *whole, carry = (carry + block).split(b"\n")
            for line in whole:
                if line.strip():
                    yield LyingLine(sheet, number, _pieces(line))
                number += 1
            carry = carry[:_LONGEST]
        if carry.strip():
            yield LyingLine(sheet, number, _pieces(carry))


def _pieces(line: bytes) -> list[str]:
    text = line[:_LONGEST].decode("utf-8", errors="replace")
    return [piece.strip() for piece in _PARTS.split(text) if piece.strip()]
