"""Reads one workbook in a separate process with limited memory and time.

A sheet may declare two cells a million rows apart, or expand from kilobytes to gigabytes; then
only this process ends. Rows go to standard output, one JSON array per line; a new
sheet begins with a JSON object. Imports are few, because the process starts for every workbook.
"""

from __future__ import annotations

import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree as ET

from pipelines.reading.workbook_marks import Mark, Place, marks

LARGEST_EXACT = 10**15  # a spreadsheet keeps 15 digits: a longer number has lost its last ones


def text(value: Any) -> str:
    """A cell as text; a number that has lost digits is written with an exponent."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        if value.is_integer():
            return str(int(value)) if abs(value) < LARGEST_EXACT else f"{value:.14E}"
        return repr(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)


def _rows(
    values: list[list[Any]], start: tuple[int, int], first: int, found: dict[Place, Mark]
) -> Iterator[tuple[int, list[str]]]:
    """Row number (from 0) and cells from column `first` on, of every row that is not blank."""
    marked: dict[int, dict[int, Mark]] = {}
    for (row, column), mark in found.items():
        marked.setdefault(row, {})[column] = mark
    lead: list[Any] = [""] * (start[1] - first)
    width = max(
        [len(lead) + len(values[0] if values else ()), *(column - first + 1 for _, column in found)]
    )
    begin = min([start[0], *marked])
    for number in range(begin, max([start[0] + len(values), *(r + 1 for r in marked)])):
        at = number - start[0]
        line = values[at] if 0 <= at < len(values) else []
        here = marked.get(number, {})
        if not here and all(v == "" for v in line):
            continue
        cells = [*lead, *line]
        cells += [""] * (width - len(cells))
        for column, mark in here.items():
            value = cells[column - first]
            if mark.text is not None:
                cells[column - first] = mark.text
            elif mark.around and isinstance(value, int | float) and not isinstance(value, bool):
                cells[column - first] = f"{mark.around.before}{text(value)}{mark.around.behind}"
        yield number, [text(v) for v in cells]


def main(path: str, memory: int, seconds: int) -> int:
    """Writes every sheet of `path` to standard output. Returns the exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    import python_calamine as calamine

    out = sys.stdout
    try:
        book = calamine.load_workbook(path)
        book_marks = marks(path)
        hidden = {
            s.name for s in book.sheets_metadata if s.visible != calamine.SheetVisibleEnum.Visible
        }
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            found = book_marks.of_sheet(name)
            start = sheet.start or (0, 0)
            first = min([start[1], *(column for _, column in found)])
            head = {
                "sheet": name,
                "hidden": name in hidden,
                "first_column": first,
                "date_1904": book_marks.date_1904,
            }
            out.write(json.dumps(head) + "\n")
            values = sheet.to_python(skip_empty_area=True) if sheet.start else []
            for number, row in _rows(values, start, first, found):
                out.write(json.dumps([number + 1, *row], ensure_ascii=False) + "\n")
    except calamine.PasswordError:
        return 3
    except (
        calamine.CalamineError,
        OSError,
        ValueError,
        LookupError,
        zipfile.BadZipFile,
        ET.ParseError,
    ) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}")
        return 4
    except MemoryError:
        return 5
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a text stream here
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
