"""Marks of xls workbooks: errors, currency formats and the 1904 flag, from BIFF8 records.

An xls is a compound file; its stream `Workbook` is a sequence of records. Only information that the
parser does not return is read here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pipelines.reading.number_formats import Decoration, decoration
from pipelines.reading.workbook_marks import ERRORS, Mark, Marks, Place

_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
_SMALL = 4096  # shorter streams are stored elsewhere in the file; a workbook's is never so short
DATEMODE, FORMAT, XF, BOUNDSHEET = 0x22, 0x41E, 0xE0, 0x85
NUMBER, RK, MULRK, FORMULA, BOOLERR, EOF = 0x203, 0x27E, 0xBD, 0x06, 0x205, 0x0A


def old_book(data: bytes) -> Marks:
    """Marks of the xls in `data`; none if its structure is not understood."""
    try:
        return _marks(_workbook(data))
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        return Marks(date_1904=False, of_sheet=lambda _: {})


def _workbook(data: bytes) -> bytes:
    """The bytes of the stream `Workbook` (or `Book`)."""
    if data[:4] != b"\xd0\xcf\x11\xe0":
        return data  # the bare stream, as very old programs write it
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    tables, first_directory = struct.unpack_from("<I", data, 44)[0], 48
    places = list(struct.unpack_from("<109I", data, 76))[:tables]
    following: list[int] = []
    for place in places:
        if place < _END:
            following += struct.unpack_from(f"<{size // 4}I", data, (place + 1) * size)

    def stream(start: int) -> bytes:
        parts, seen = [], set[int]()
        while start < _END and start not in seen:
            seen.add(start)
            parts.append(data[(start + 1) * size : (start + 2) * size])
            start = following[start]
        return b"".join(parts)

    directory = stream(struct.unpack_from("<I", data, first_directory)[0])
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(length - 2, 0)].decode("utf-16-le")
        if name in ("Workbook", "Book"):
            start, length = struct.unpack_from("<II", directory, at + 116)
            return stream(start)[:length] if length >= _SMALL else b""
    return b""


def _records(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        yield kind, data[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == EOF:
            return


def _text(body: bytes, at: int, length: int) -> str:
    wide = body[at] & 1
    raw = body[at + 1 : at + 1 + (2 * length if wide else length)]
    return raw.decode("utf-16-le" if wide else "latin-1")


def _marks(data: bytes) -> Marks:
    codes: dict[int, str] = {}
    formats: list[int] = []
    sheets: dict[str, int] = {}
    date_1904 = False
    for kind, body in _records(data, 0):
        if kind == DATEMODE:
            date_1904 = struct.unpack_from("<H", body)[0] == 1
        elif kind == FORMAT:
            number, length = struct.unpack_from("<HH", body)
            codes[number] = _text(body, 4, length)
        elif kind == XF:
            formats.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == BOUNDSHEET:
            sheets[_text(body, 7, body[6])] = struct.unpack_from("<I", body)[0]
    styles = [decoration(n, codes.get(n)) for n in formats]

    def of_sheet(name: str) -> dict[Place, Mark]:
        return dict(_cells(data, sheets[name], styles)) if name in sheets else {}

    return Marks(date_1904, of_sheet)


def _cells(
    data: bytes, start: int, styles: list[Decoration | None]
) -> Iterator[tuple[Place, Mark]]:
    def around(row: int, column: int, style: int) -> Iterator[tuple[Place, Mark]]:
        if style < len(styles) and styles[style]:
            yield (row, column), Mark(around=styles[style])

    for kind, body in _records(data, start):
        if kind not in (NUMBER, RK, MULRK, FORMULA, BOOLERR):
            continue
        row, column, style = struct.unpack_from("<HHH", body)
        if kind == BOOLERR and body[7]:
            yield (row, column), Mark(ERRORS.get(body[6], "#UNKNOWN!"))
        elif kind == FORMULA and body[12:14] == b"\xff\xff":
            if body[6] == 2:
                yield (row, column), Mark(ERRORS.get(body[8], "#UNKNOWN!"))
        elif kind == MULRK:
            for number in range((len(body) - 6) // 6):
                one = struct.unpack_from("<H", body, 4 + 6 * number)[0]
                yield from around(row, column + number, one)
        elif kind != BOOLERR:
            yield from around(row, column, style)
