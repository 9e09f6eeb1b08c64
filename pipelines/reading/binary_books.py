"""Marks of xlsb workbooks: errors, currency formats and the 1904 flag, from BIFF12 records."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator

from pipelines.reading.number_formats import Decoration, decoration
from pipelines.reading.workbook_marks import ERRORS, Mark, Marks, Place, relations

_ROW, _RK, _ERROR, _REAL, _FORMULA_NUMBER, _FORMULA_ERROR = 0, 2, 3, 5, 9, 11
_FORMAT, _STYLE, _BEGIN_STYLES, _END_STYLES, _PROPERTIES, _SHEET = 44, 47, 617, 618, 153, 156


def binary_book(packed: zipfile.ZipFile) -> Marks:
    """Marks of an xlsb."""
    targets = relations(packed, "workbook.bin")
    sheets: dict[str, str] = {}
    date_1904 = False
    for kind, body in _records(packed.read("xl/workbook.bin")):
        if kind == _PROPERTIES:
            date_1904 = bool(body[0] & 1)
        elif kind == _SHEET:
            relation, at = _text(body, 8)
            sheets[_text(body, at)[0]] = targets.get(relation, "")
    styles = _styles(packed)

    def of_sheet(name: str) -> dict[Place, Mark]:
        part = sheets.get(name, "")
        return dict(_cells(packed.read(part), styles)) if part in packed.namelist() else {}

    return Marks(date_1904, of_sheet)


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        kind, at = data[at], at + 1
        if kind & 0x80:
            kind, at = (kind & 0x7F) | (data[at] << 7), at + 1
        length = shift = 0
        while True:
            part, at = data[at], at + 1
            length |= (part & 0x7F) << shift
            shift += 7
            if not part & 0x80:
                break
        yield kind, data[at : at + length]
        at += length


def _text(body: bytes, at: int) -> tuple[str, int]:
    length = struct.unpack_from("<I", body, at)[0]
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le"), end


def _styles(packed: zipfile.ZipFile) -> list[Decoration | None]:
    if "xl/styles.bin" not in packed.namelist():
        return []
    codes: dict[int, str] = {}
    ids: list[int] = []
    is_cell = False
    for kind, body in _records(packed.read("xl/styles.bin")):
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = _text(body, 2)[0]
        elif kind in (_BEGIN_STYLES, _END_STYLES):
            is_cell = kind == _BEGIN_STYLES
        elif kind == _STYLE and is_cell:
            ids.append(struct.unpack_from("<H", body, 2)[0])
    return [decoration(i, codes.get(i)) for i in ids]


def _cells(data: bytes, styles: list[Decoration | None]) -> Iterator[tuple[Place, Mark]]:
    row = 0
    for kind, body in _records(data):
        if kind == _ROW:
            row = struct.unpack_from("<I", body)[0]
        elif kind in (_ERROR, _FORMULA_ERROR):
            column = struct.unpack_from("<I", body)[0]
            yield (row, column), Mark(ERRORS.get(body[8], "#UNKNOWN!"))
        elif kind in (_RK, _REAL, _FORMULA_NUMBER):
            column, style = struct.unpack_from("<II", body)
            style &= 0xFFFFFF
            if style < len(styles) and styles[style]:
                yield (row, column), Mark(around=styles[style])
