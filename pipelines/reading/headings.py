"""Finding the heading row and matching it to a contract: by name, never by position.

Names are compared after NFKC, without white space, with brackets unified and case folded. The
heading of an amount may state its unit: `捐款金额（万元）`, `当日捐款 万元`. `two_rows` matches
headings over two rows, `units` finds units stated elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipelines.cleaning.moments import read_date
from pipelines.cleaning.money_words import LIKE_MONEY, is_foreign, unit_of
from pipelines.cleaning.text import plain
from pipelines.reading.above import is_row
from pipelines.sources import Column, Form, Kind, Source
from pipelines.sources.contract import CURRENCY, UNIT_COLUMN

_BRACKETS = str.maketrans("【】[]〔〕{}《》", "()()()()()")
#: Text between the name of an amount and its unit: `捐款金额（单位：万元）`, `金额/万元`.
_AROUND_UNIT = re.compile(r"[():/_\-,、|+±.]|单位|以|为|计")
_TITLE_DAY = re.compile(
    r"(?P<word>截[至止]|数据日期)(?:日期|时间)?\s*[:：]?\s*"
    r"(?P<day>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{8})"
)
#: Words before 截止 that make it say how far data reach; otherwise it is a deadline.
_OF_DATA = re.compile(r"(?:^|[^\w]|数据|统计|信息|资料|名录|名单|明细|更新|情况)$")
#: Words before 截至 or 截止 that make it a deadline.
_OF_A_DEADLINE = re.compile(r"(?:报名|申报|申请|提交|报送|填报|征集|投票|入场|缴费|有效期)$")
_LONGEST_HEADING = 60  # a longer cell is not the name of an amount with its unit
WITH_UNIT = (Kind.MONEY, Kind.FINE_MONEY)
_DAY_LABEL = re.compile(r"^(?:截[至止](?:日期|时间)?|数据日期)[:：]?$")


def normal(heading: str) -> str:
    """A heading in the form in which headings are compared."""
    text = unicodedata.normalize("NFKC", plain(heading)).translate(_BRACKETS)
    return re.sub(r"\s+", "", text).casefold()


@dataclass(frozen=True)
class HeadingField:
    """A column of the file that the contract knows, and the unit its heading states."""

    position: int
    column: Column
    unit: str | None
    adds: bool = False  # one of several sub-columns that make up the amount together


@dataclass(frozen=True)
class Heading:
    """A heading row matched to a form of the contract."""

    names: tuple[str, ...]  # as printed
    form: Form
    fields: tuple[HeadingField, ...]
    unknown: tuple[str, ...]  # headings the contract does not know
    missing: tuple[str, ...]  # required columns that are missing
    left: tuple[int, ...] = ()  # positions of sub-columns of an amount that are not read
    rows: int = 1  # 2 of a heading over two rows

    @property
    def score(self) -> tuple[int, int]:
        """Greater is a better match: fewer missing columns first, then more known ones."""
        known = {f.column.name for f in self.fields} - {UNIT_COLUMN.name}
        return (-len(self.missing), len(known))

    def must_hold(self, source: Source) -> tuple[str, ...]:
        """The columns that the heading must have."""
        return _required(source, self.form)

    def of(self, name: str | None) -> tuple[HeadingField, ...]:
        """The fields of one column: more than one if several headings mean it."""
        return tuple(f for f in self.fields if f.column.name == name)


@cache
def vocabulary(source_name: str, form_name: str) -> Mapping[str, Column]:
    """Every heading of a form, in the form of `normal`, and the column it means."""
    from pipelines.sources import source as declared

    contract = declared(source_name)
    form = next(f for f in contract.forms if f.name == form_name)
    words: dict[str, Column] = {}
    for column in contract.columns:
        for name in column.accepted:
            words.setdefault(normal(name), column)
    by_name = contract.by_name
    words.update({normal(name): by_name[target] for name, target in form.names.items()})
    if any(c.kind in WITH_UNIT for c in contract.columns):
        for name in CURRENCY.accepted:
            words.setdefault(normal(name), by_name.get(CURRENCY.name, CURRENCY))
        words.setdefault(UNIT_COLUMN.headings[0], UNIT_COLUMN)
    return words


def find(name: str, words: Mapping[str, Column]) -> tuple[Column, str | None] | None:
    """The column that a heading means, and the unit that the heading states for its amounts.

    `units` refuses a unit that is neither one of `money_words.FEN` nor another currency.
    """
    key = normal(name)
    if key in words:
        return words[key], None
    for end in range(len(key) - 1, 0, -1) if len(key) <= _LONGEST_HEADING else ():
        column = words.get(key[:end])
        if column is None or column.kind not in WITH_UNIT:
            continue
        rest = _AROUND_UNIT.sub("", key[end:])
        unit = unit_of(rest)
        if unit is not None or is_foreign(rest) or LIKE_MONEY.search(rest):
            return column, unit or rest
    return None


def _required(source: Source, form: Form) -> tuple[str, ...]:
    if form.required is not None:
        return form.required
    return tuple(c.name for c in source.columns if c.required)


def match(cells: Sequence[str], source: Source, form: Form) -> Heading:
    """`cells` read as a heading row of `form`."""
    words = vocabulary(source.name, form.name)
    fields: list[HeadingField] = []
    unknown: list[str] = []
    for position, cell in enumerate(cells):
        if not cell.strip():
            continue
        found = find(cell, words)
        if found is None:
            unknown.append(plain(cell))
        else:
            fields.append(HeadingField(position, *found))
    return complete(cells, source, form, fields, unknown)


def complete(
    cells: Sequence[str],
    source: Source,
    form: Form,
    fields: Sequence[HeadingField],
    unknown: Sequence[str],
    left: Sequence[int] = (),
) -> Heading:
    """The heading made of these fields, with the required columns that it lacks."""
    known = {f.column.name for f in fields}
    missing = tuple(n for n in _required(source, form) if n not in known)
    return Heading(tuple(cells), form, tuple(fields), tuple(unknown), missing, tuple(left))


def best_match(cells: Sequence[str], source: Source, *, structured: bool = False) -> Heading:
    """`cells` matched to the form of `source` that fits best; JSON forms only if `structured`."""
    forms = [f for f in source.forms if structured or not f.structured]
    if structured:
        forms.sort(key=lambda f: not f.structured)
    return max((match(cells, source, f) for f in forms), key=lambda h: h.score)


def search(
    rows: Sequence[Sequence[str]], source: Source
) -> tuple[int, Heading] | tuple[None, Heading | None]:
    """Index and match of the heading row among the first `rows`; else None and the nearest miss.

    For a heading over two rows the index is that of the lower one.
    """
    from pipelines.reading.two_rows import two_rows

    nearest: Heading | None = None
    found: tuple[int, Heading] | None = None
    for index, cells in enumerate(rows):
        below = rows[index + 1] if index + 1 < len(rows) else ()
        # a row directly above a complete heading is a title, or names groups of columns
        is_title = not below or not best_match(below, source).missing
        over_two = None if is_title else two_rows(cells, below, source)
        last = index + 1 if over_two else index
        heading = over_two or best_match(cells, source)
        if found is not None and is_row(cells, found[1], source):
            break  # a heading below data rows belongs to the table below it
        is_first = found is None or (index > found[0] and _is_better(heading, found[1]))
        if not heading.missing and is_first:
            found = (last, heading)
        if heading.fields and (nearest is None or heading.score > nearest.score):
            nearest = heading
    return found if found else (None, nearest)


def _is_better(heading: Heading, above: Heading) -> bool:
    """True if a complete heading applies to the rows below it rather than one `above`.

    It does if it names more columns, or as many in another order.
    """
    if heading.score != above.score:
        return heading.score > above.score
    return [(f.position, f.column.name) for f in heading.fields] != [
        (f.position, f.column.name) for f in above.fields
    ]


def title_day(titles: Sequence[Sequence[str]], words: Sequence[str] = ()) -> str | None:
    """The day (ISO) of a 截至日期 cell above the heading, in the cell itself or the next.

    `words` are further labels with a day in the same cell: `起始日期：[2024年08月02日 00:00:00]`.
    """
    if words:
        label = "|".join(map(re.escape, words))
        labelled = re.compile(
            rf"(?:{label})\s*[:：]?\s*\[?\s*(\d{{4}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?)"
        )
        found = next((m for row in titles for c in row if (m := labelled.search(c))), None)
        day = read_date(found[1]) if found else None
        if day:
            return day.isoformat()
    for cells in titles:
        filled = [plain(c) for c in cells if c.strip()]
        for index, cell in enumerate(filled):
            text = _stated_day(cell)
            if text is None and _DAY_LABEL.match(cell) and index + 1 < len(filled):
                text = filled[index + 1]
            day = read_date(text) if text else None
            if day:
                return day.isoformat()
    return None


def _stated_day(cell: str) -> str | None:
    """The day up to which a title says the data reach; None for a deadline."""
    for found in _TITLE_DAY.finditer(cell):
        before = cell[: found.start()].rstrip()
        is_of_data = _OF_DATA.search(before) if found["word"] == "截止" else True
        if is_of_data and not _OF_A_DEADLINE.search(before):
            return found["day"]
    return None
