"""Reads one workbook in a process of its own, under limits of memory and time.

A sheet may declare two cells a million rows apart, or unfold from kilobytes to gigabytes; here
that ends this process and no other. Rows go to standard output, a JSON array a line; a new
sheet begins with a JSON object. Imports stay small: the process starts for every workbook.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

LARGEST_EXACT = 10**15  # a spreadsheet keeps 15 digits: a longer number has lost its end


def text(value: Any) -> str:
    """A cell as text; a number that lost digits shows it by an exponent."""
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


def main(path: str, memory: int, seconds: int) -> int:
    """Writes every sheet of `path` to standard output. Returns the exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    import python_calamine as calamine

    out = sys.stdout
    try:
        book = calamine.load_workbook(path)
        for sheet_name in book.sheet_names:
            sheet = book.get_sheet_by_name(sheet_name)
            out.write(json.dumps({"sheet": sheet_name}) + "\n")
            first = sheet.start[0] if sheet.start else 0
            for number, row in enumerate(sheet.to_python(skip_empty_area=True), first + 1):
                if any(v != "" for v in row):
                    cells = [text(v) for v in row]
                    out.write(json.dumps([number, *cells], ensure_ascii=False) + "\n")
    except calamine.PasswordError:
        return 3
    except (calamine.CalamineError, OSError, ValueError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}")
        return 4
    except MemoryError:
        return 5
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a text stream here
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
