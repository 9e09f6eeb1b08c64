"""A small writer of .xlsx files whose bytes depend on the cells alone.

Text inline, numbers and dates as numbers with a date format, merged cells, hidden rows, several
sheets, the 1904 calendar. Nothing else: registers and notices need no more.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

Cell = str | int | float | Decimal | date | datetime | None

#: Day numbers of the two calendars' day 0; 1900's has a 29 February that never was.
_EPOCHS = {False: date(1899, 12, 30).toordinal(), True: date(1904, 1, 1).toordinal()}
_STAMP = (2024, 8, 5, 1, 0, 0)
_DATE_STYLE, _MOMENT_STYLE = 1, 2
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)  # fmt: skip


@dataclass
class Sheet:
    """A sheet: rows of cells from the first row on; `merged` are ranges such as A1:F1."""

    name: str
    rows: list[Sequence[Cell]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)  # row numbers from 1
    far_cell: bool = False  # a cell in the last corner: a size that is not there (a planted fault)

    def add(self, *cells: Cell) -> int:
        """Append a row; its number from 1."""
        self.rows.append(cells)
        return len(self.rows)


def column_name(index: int) -> str:
    """A, B, … Z, AA … of a column's index from 0."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def serial(moment: date | datetime, *, date_1904: bool = False) -> float:
    """Days since the workbook's epoch, as it stores dates."""
    days = moment.toordinal() - _EPOCHS[date_1904]
    if not isinstance(moment, datetime):
        return float(days)
    return days + (moment.hour * 3600 + moment.minute * 60 + moment.second) / 86_400


def _cell(at: str, value: Cell, *, date_1904: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    if isinstance(value, date):
        style = _MOMENT_STYLE if isinstance(value, datetime) else _DATE_STYLE
        number = f"{serial(value, date_1904=date_1904):.10f}".rstrip("0").rstrip(".")
        return f'<c r="{at}" s="{style}"><v>{number}</v></c>'
    return f'<c r="{at}"><v>{value}</v></c>'


def _sheet_xml(sheet: Sheet, *, date_1904: bool) -> str:
    width = max((len(r) for r in sheet.rows), default=1)
    size = f"A1:{column_name(max(width, 1) - 1)}{max(len(sheet.rows), 1)}"
    rows = []
    for number, cells in enumerate(sheet.rows, 1):
        inside = "".join(
            _cell(f"{column_name(i)}{number}", v, date_1904=date_1904) for i, v in enumerate(cells)
        )
        hidden = ' hidden="1"' if number in sheet.hidden else ""
        rows.append(f'<row r="{number}"{hidden}>{inside}</row>')
    if sheet.far_cell:
        size = "A1:XFD1048576"
        rows.append('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    merged = "".join(f'<mergeCell ref="{m}"/>' for m in sheet.merged)
    if merged:
        merged = f'<mergeCells count="{len(sheet.merged)}">{merged}</mergeCells>'
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><dimension ref="{size}"/>'
        f"<sheetData>{''.join(rows)}</sheetData>{merged}</worksheet>"
    )


def workbook(sheets: Sequence[Sheet], *, date_1904: bool = False) -> bytes:
    """The sheets as the bytes of an .xlsx file; members are stored, not deflated."""
    numbers = range(1, len(sheets) + 1)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    content = (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
            for n in numbers
        )
        + "</Types>"
    )
    book = (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_DOC}">'
        f'<workbookPr date1904="{int(date_1904)}"/><sheets>'
        + "".join(
            f'<sheet name={quoteattr(s.name)} sheetId="{n}" r:id="rId{n}"/>'
            for n, s in zip(numbers, sheets, strict=True)
        )
        + "</sheets></workbook>"
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_DOC}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    links += (
        f'<Relationship Id="rId{len(sheets) + 1}" Type="{_DOC}/styles" Target="styles.xml"/>'
    )  # fmt: skip
    parts = {
        "[Content_Types].xml": content,
        "_rels/.rels": (
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_DOC}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": (
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
        ),
        "xl/styles.xml": _STYLES,
    }
    for n, sheet in zip(numbers, sheets, strict=True):
        parts[f"xl/worksheets/sheet{n}.xml"] = _sheet_xml(sheet, date_1904=date_1904)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name, text in parts.items():
            packed.writestr(zipfile.ZipInfo(name, _STAMP), text.encode())
    return out.getvalue()
