"""The workbook of refused rows: to be filled in by whoever knows, and handed in again.

A sheet per source and rule: where the row is, why it was refused, its masked text, and an empty
column for the correction, which `pipelines.stages.receive.correcting` reads. Nothing in a cell is a
formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipelines.cli.console import plain

if TYPE_CHECKING:
    from pipelines.publishing.releases import Release

_COLUMNS = (
    ("编号 id", "quarantine_id", 30),
    ("文件 file", "file_name", 34),
    ("工作表 sheet", "source_sheet", 14),
    ("行 line", "source_row", 8),
    ("原因 reason", "reasons_zh", 44),
    ("原因 reason (en)", "reasons_en", 44),
    ("原文（已遮盖） masked text", "raw_text", 60),
    ("更正 correction", None, 40),
)
_HOW = (
    "在“更正”列写：列=值，每列一行（列名同“原文”中的名称），例如 amount=5.00；不改的列不写。",
    "In the last column write column=value, a line for each (names as in the masked text), for "
    "example amount=5.00; leave out what stays.",
    "按该文件自己的写法与单位填写；金额可自带单位，例如 amount=10元。",
    "Write values as that file does, in its unit; an amount may say its own, as in amount=10元.",
    "然后 / Then: juandi quarantine correct FILE --reason TEXT, juandi refresh",
    "个人信息不在此更正；请在来源更正后重新提交整份文件。",
    "Personal data is not corrected here: correct it at the source and hand in the whole file.",
)


def workbook(rows: Sequence[Mapping[str, object]], release: Release | None) -> bytes:
    """The workbook's bytes; the same rows of the same release give the same."""
    import xlsxwriter

    out = io.BytesIO()
    settings = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, settings)
    if release is not None:
        book.set_properties({"author": "Juandi", "created": release.published_at})
    about = book.add_worksheet("说明 about")
    about.set_column(0, 0, 100)
    told = [f"发布 release {release.release_id}"] if release else []
    for number, line in enumerate((*told, *_HOW)):
        about.write_string(number, 0, line)
    sheets: dict[tuple[str, str], list[Mapping[str, object]]] = {}
    for row in rows:  # a row that broke several rules stands once, under the first of them
        rule = str(row["rule_ids"]).partition(";")[0]
        sheets.setdefault((str(row["source"]), rule), []).append(row)
    taken: set[str] = {"说明 about"}
    for (source, rule), some in sorted(sheets.items()):
        _fill(book, book.add_worksheet(_free_name(source, rule, taken)), some)
    book.close()
    return out.getvalue()


def _fill(book: Any, sheet: Any, rows: Sequence[Mapping[str, object]]) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    empty = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF8DC"})
    for place, (heading, _, width) in enumerate(_COLUMNS):
        sheet.write_string(0, place, heading, bold)
        sheet.set_column(place, place, width)
    for line, row in enumerate(rows, 1):
        for place, (_, name, _) in enumerate(_COLUMNS):
            value = row.get(name) if name else None
            if name is None:
                sheet.write_blank(line, place, None, empty)
            elif isinstance(value, int):
                sheet.write_number(line, place, value, wrap)
            elif value is not None:
                sheet.write_string(line, place, str(plain(value)), wrap)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(_COLUMNS) - 1)


def _free_name(source: str, rule: str, taken: set[str]) -> str:
    """A sheet's name of at most 31 characters that no other has: the rule's own part tells most."""
    own = rule.removeprefix(f"{source}.")
    wanted = re.sub(r"[\[\]:*?/\\]", " ", f"{source[:14]} {own}")
    number, free = 1, wanted[:31]
    while free.casefold() in {name.casefold() for name in taken}:
        number += 1
        free = f"{wanted[: 30 - len(str(number))]} {number}"
    taken.add(free)
    return free
