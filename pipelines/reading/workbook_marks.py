"""What a workbook says about its cells beyond values: errors, uncalculated formulas, currencies.

The parser returns an error or a formula without a result as a blank, and a number without its
format. So the file is read once more for these: xlsx and xlsm, xlsb (`binary_books`), xls
(`old_books`) and ods. Runs in the worker's process and imports little.

Not detected: in ods, the format of a number that is not typed as currency; in xls and xlsb, a
formula without a result, which these formats cannot store.
"""

# ruff: noqa: S314 - the worker's process has limits of memory and time; expat expands nothing outside
from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from pipelines.reading.number_formats import Decoration, decoration

Place = tuple[int, int]  # row and column, from 0


class Mark(NamedTuple):
    """A cell's text in place of its value, or what its format puts around a number."""

    text: str | None = None
    around: Decoration | None = None


@dataclass(frozen=True)
class Marks:
    """Marks of a workbook; those of a sheet are read when `of_sheet` is called."""

    date_1904: bool
    of_sheet: Callable[[str], dict[Place, Mark]]


ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
          0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA"}  # fmt: skip # a table
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ERROR_OR_FORMULA = re.compile(rb"""\bt=["']e["']|<(?:\w+:)?f[\s/>]""")
_CHUNK = 1024 * 1024


def marks(path: str) -> Marks:
    """Marks of the workbook at `path`, whatever its kind."""
    if not zipfile.is_zipfile(path):
        from pipelines.reading.old_books import old_book

        return old_book(Path(path).read_bytes())
    packed = zipfile.ZipFile(path)
    names = packed.namelist()
    if "xl/workbook.bin" in names:
        from pipelines.reading.binary_books import binary_book

        return binary_book(packed)
    return _xlsx(packed) if "xl/workbook.xml" in names else _ods(packed)


def local(tag: str) -> str:
    """An element's name without its namespace."""
    return tag.rpartition("}")[2]


def relations(packed: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Relation id → part of the archive, for a part in `xl/`."""
    targets = {}
    for found in ET.fromstring(packed.read(f"xl/_rels/{part}.rels")):
        target = found.get("Target", "")
        targets[found.get("Id", "")] = target.lstrip("/") if target[:1] == "/" else f"xl/{target}"
    return targets


def _xlsx(packed: zipfile.ZipFile) -> Marks:
    book = ET.fromstring(packed.read("xl/workbook.xml"))
    targets = relations(packed, "workbook.xml")
    sheets: dict[str, str] = {}
    date_1904 = False
    for element in book.iter():
        if local(element.tag) == "sheet":
            strict = (v for k, v in element.attrib.items() if local(k) == "id" and "}" in k)
            key = element.get(_RELATION) or next(strict, "")
            sheets[element.get("name", "")] = targets.get(key, "")
        elif local(element.tag) == "workbookPr":
            date_1904 = element.get("date1904") in ("1", "true", "on")
    styles = _styles(packed)

    def of_sheet(name: str) -> dict[Place, Mark]:
        part = sheets.get(name, "")
        if part not in packed.namelist() or not (any(styles) or _has_marks(packed, part)):
            return {}
        with packed.open(part) as stream:
            return dict(_xlsx_cells(ET.iterparse(stream, ("start", "end")), styles))

    return Marks(date_1904, of_sheet)


def _has_marks(packed: zipfile.ZipFile, part: str) -> bool:
    """True if a sheet has an error or a formula at all."""
    tail = b""
    with packed.open(part) as stream:
        while piece := stream.read(_CHUNK):
            if _ERROR_OR_FORMULA.search(tail + piece):
                return True
            tail = piece[-16:]
    return False


def _styles(packed: zipfile.ZipFile) -> list[Decoration | None]:
    """What each cell style adds around a number."""
    if "xl/styles.xml" not in packed.namelist():
        return []
    root = ET.fromstring(packed.read("xl/styles.xml"))
    codes: dict[int, str] = {}
    ids: list[int] = []
    for element in root:
        if local(element.tag) == "numFmts":
            codes = {int(f.get("numFmtId", 0)): f.get("formatCode", "") for f in element}
        elif local(element.tag) == "cellXfs":
            ids = [int(xf.get("numFmtId", 0)) for xf in element]
    return [decoration(i, codes.get(i)) for i in ids]


def _xlsx_cells(
    events: Iterator[tuple[str, ET.Element]], styles: list[Decoration | None]
) -> Iterator[tuple[Place, Mark]]:
    row = column = -1
    for event, element in events:
        name = local(element.tag)
        if event == "start":
            if name == "row":
                row = int(element.get("r", row + 2)) - 1
                column = -1
            elif name == "c":
                column = _column(element.get("r", "")) if element.get("r") else column + 1
            continue
        if name == "c":
            mark = _xlsx_mark(element, styles)
            if mark is not None:
                yield (row, column), mark
        if name == "row":
            element.clear()


def _xlsx_mark(cell: ET.Element, styles: list[Decoration | None]) -> Mark | None:
    kind = cell.get("t", "n")
    parts = {local(e.tag): e for e in cell}
    value = parts["v"].text if "v" in parts else None
    if kind == "e":
        return Mark(value or "#UNKNOWN!")
    if "f" in parts and not value and kind != "str":
        return Mark(f"#FORMULA! ={parts['f'].text or ''}")
    style = int(cell.get("s", 0))
    if kind == "n" and style < len(styles) and (around := styles[style]):
        return Mark(around=around)
    return None


def _column(reference: str) -> int:
    number = 0
    for letter in reference:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - ord("A") + 1
    return number - 1


def _ods(packed: zipfile.ZipFile) -> Marks:
    found: dict[str, dict[Place, Mark]] = {}
    date_1904 = False
    sheet, row, column = "", 0, 0
    with packed.open("content.xml") as stream:
        for event, element in ET.iterparse(stream, ("start", "end")):
            name = local(element.tag)
            attributes = {local(k): v for k, v in element.attrib.items()}
            if event == "start":
                if name == "table":
                    sheet, row = attributes.get("name", ""), 0
                    found[sheet] = {}
                elif name == "table-row":
                    column = 0
                elif name == "null-date":
                    date_1904 = attributes.get("date-value", "").startswith("1904")
                continue
            if name in ("table-cell", "covered-table-cell"):
                repeats = int(attributes.get("number-columns-repeated", 1))
                mark = _ods_mark(element, attributes)
                if mark is not None:
                    found[sheet] |= {(row, column + n): mark for n in range(min(repeats, 1024))}
                column += repeats
            elif name == "table-row":
                row += int(attributes.get("number-rows-repeated", 1))
                element.clear()
    return Marks(date_1904, lambda name: found.get(name, {}))


def _ods_mark(cell: ET.Element, attributes: dict[str, str]) -> Mark | None:
    kinds = [v for k, v in cell.attrib.items() if local(k) == "value-type"]
    shown = "".join("".join(p.itertext()) for p in cell if local(p.tag) == "p").strip()
    formula, currency = attributes.get("formula"), attributes.get("currency")
    is_error_text = re.match(r"#[A-Z/0-9]+[!?A]$|Err:\d+$", shown) is not None
    if "error" in kinds or (formula is not None and is_error_text):
        return Mark(shown or "#UNKNOWN!")
    if formula is not None and not kinds and not shown:
        return Mark(f"#FORMULA! {formula}")
    if currency is not None and "currency" in kinds:
        around = decoration(-1, f"[${currency}]0")
        return Mark(around=around) if around else None
    return None
