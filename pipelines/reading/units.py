"""The unit of amounts as a table states it: in a column's heading, or above the rows.

A statement is a whole phrase (`单位：万元`, `金额单位：人民币万元`, `以万元为单位`), never a word
in a title or a name. Nothing is guessed: an unknown unit, or two that contradict each
other, refuse the file. `cleaning` reads the unit that a value itself states.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import pairwise
from operator import or_

import polars as pl

from pipelines.cleaning.columns import other_money, other_unit
from pipelines.cleaning.money_words import FEN, LIKE_MONEY, UNIT, YUAN_SIGN, is_foreign, unit_of
from pipelines.reading.blocks import ReadTable, cell
from pipelines.reading.headings import WITH_UNIT, Heading, HeadingField, normal
from pipelines.reading.refusals import FileRefused
from pipelines.sources.contract import CURRENCY, UNIT_COLUMN

#: `单位` begins a phrase or ends one of these words; elsewhere it means an organisation.
_STATED = re.compile(
    r"(?:^|[^\w\u4e00-\u9fff]|金额|货币|计量|数额|计价|计数|币种|资金|款项)"
    r"(?:的)?(?:单位|(?i:(?<![a-z])units?(?![a-z])))(?:为|是|[\s:：(（\[【])*"
    r"(?P<unit>(?!单位)[^\s)）\]】。；;：:][^)）\]】。；;：:]*)"
)
_COUNTED_IN = re.compile(rf"(?:以|按)(?P<unit>(?:{UNIT}))(?:为|作)?(?:单位|计)")
_LONGEST = 16  # a longer phrase is a name
_COUNTS = re.compile(r"\d|(?i:hundred|thousand|million|billion)")
_BETWEEN = re.compile(r"[、/，,和及与\s]+")
_ALONE = re.compile(rf"[(（\[【]\s*(?P<unit>(?:{YUAN_SIGN})?(?:{UNIT}))\s*[)）\]】]\s*$")


def money_units(table: ReadTable) -> dict[int, str]:
    """Position → unit of the amounts in that column. Raises FileRefused.

    A unit is one of `money_words.FEN`, or a word for another currency.
    """
    heading = table.heading
    beside = [[name] for name in heading.unknown]
    title = stated([*table.titles, *beside])
    amounts = (f for f in heading.fields if f.column.kind in WITH_UNIT)
    return {f.position: unit_in(f, table, title) for f in amounts}


def in_other_money(heading: Heading, rows: pl.DataFrame) -> pl.Series | None:
    """Rows whose currency or unit column says something else than yuan; None if there are none."""
    masks = [other_money(rows[cell(f.position)]) for f in heading.of(CURRENCY.name)]
    masks += [other_unit(rows[cell(f.position)]) for f in heading.of(UNIT_COLUMN.name)]
    found = [mask for mask in masks if mask.any()]
    return reduce(or_, found) if found else None


def currencies(heading: Heading, rows: pl.DataFrame, unit: str) -> pl.Series:
    """What stands beside each amount for another currency: in its row, else for its column."""
    beside = [
        pl.when(is_other(rows[cell(f.position)])).then(cell(f.position))
        for name, is_other in ((CURRENCY.name, other_money), (UNIT_COLUMN.name, other_unit))
        for f in heading.of(name)
    ]
    whole = pl.lit(unit if is_foreign(unit) else None, pl.String)
    return rows.with_columns(pl.coalesce(*beside, whole).alias("currency"))["currency"]


def unit_in(field: HeadingField, table: ReadTable, title: str | None) -> str:
    """The unit of one column: its heading's own, the table's, else its form's."""
    if field.unit is not None and field.unit not in FEN and not is_foreign(field.unit):
        raise FileRefused("file.unit", table.heading.names[field.position].strip())
    form, name = table.heading.form, field.column.name
    own = form.money_units.get(name, form.money_unit)
    if form.structured and not _is_own(field, table):
        own = "元"
    return field.unit or title or own


def _is_own(field: HeadingField, table: ReadTable) -> bool:
    """True if an amount of a JSON object is under a key that its form declares."""
    key = normal(table.heading.names[field.position])
    names: Mapping[str, str] = table.heading.form.names
    own = {normal(n) for n, target in names.items() if target == field.column.name}
    return key in own or key == normal(field.column.name)


def stated(rows: Sequence[Sequence[str]]) -> str | None:
    """The unit that rows above the heading state, or None. Raises FileRefused."""
    found: dict[str, None] = {}
    for cells in rows:
        filled = [unicodedata.normalize("NFKC", c).strip() for c in cells if c.strip()]
        # a label and its unit may be in two cells: `单位：` | `万元`
        pairs = [f"{a}{b}" for a, b in pairwise(filled) if a.rstrip(": ") == "单位"]
        for text in (*filled, *pairs):
            found |= dict.fromkeys(_units_in(text))
    if len({FEN.get(unit, unit) for unit in found}) > 1:
        raise FileRefused("file.unit", " / ".join(found))
    return next(iter(found), None)


def _units_in(cell: str) -> list[str]:
    units = [
        unit
        for phrase in (*_STATED.finditer(cell), *_COUNTED_IN.finditer(cell))
        if (unit := _unit(phrase["unit"].strip(), cell))
    ]
    alone = _ALONE.search(cell)
    if alone and not units:
        unit = unit_of(alone["unit"])
        # `捐赠名单（万元）`: amounts in 万元, or those who gave that much?
        if unit is not None and FEN[unit] > FEN["元"]:
            raise FileRefused("file.unit", f"({unit})")
    return units


def _unit(phrase: str, cell: str) -> str | None:
    """The unit of amounts in a phrase such as `万元` or `人、万元`; None if it has none."""
    whole = _known(phrase)
    if whole is not None:
        return whole
    is_like_money = len(phrase) <= _LONGEST and LIKE_MONEY.search(phrase)
    if not (is_like_money and _COUNTS.search(phrase)):
        found = next((u for w in _BETWEEN.split(phrase) if (u := _known(w)) is not None), None)
        if found is not None or not is_like_money:
            return found
    raise FileRefused("file.unit", cell[:40])


def _known(word: str) -> str | None:
    unit = unit_of(word)
    return word if unit is None and len(word) <= 8 and is_foreign(word) else unit
