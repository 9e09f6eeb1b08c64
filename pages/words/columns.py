"""How a column is headed and what it means, in a language; and how its values are written.

Meaning, unit and what null says come from the column's declaration. The heading is the declared
words up to their first comma or bracket, unless the catalogue has a shorter one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from pages.listings.asking import NOTHING
from pages.listings.listing import is_number
from pages.listings.summed import counted_in
from pages.words import Catalogue
from pipelines.dictionary import Kind
from pipelines.tables.declaration import TableField
from pipelines.tables.figures import field_of, why_no_rows
from pipelines.tables.worked import formula_of

_HEAD = {"zh": re.compile(r"[：:，,；;（(＝。]"), "en": re.compile(r"[:;,(=]|\. | in yuan\b")}


def heading(say: Catalogue, column: TableField) -> str:
    """The column's short name."""
    known = say.get(f"fields.{column.name}")
    declared = say.either(column.words.zh, column.words.en)
    return known or _HEAD[say.language].split(declared, maxsplit=1)[0].strip() or column.name


def unit(say: Catalogue, column: TableField) -> str:
    """What a figure of it counts; empty where it is no figure, or its heading says so."""
    if not is_number(column):
        return ""
    if column.kind is Kind.SHARE or column.kind is Kind.PERCENT:
        return "%"
    counted = say.either(column.unit.zh, column.unit.en) if column.unit else ""
    return "" if counted.casefold() in heading(say, column).casefold() else counted


def headings(say: Catalogue, columns: Sequence[TableField]) -> dict[str, str]:
    """Column → heading, in a table where no two are alike: such are told apart by their names."""
    found = {column.name: heading(say, column) for column in columns}
    times = Counter(found.values())
    return {name: f"{text} {name}" if times[text] > 1 else text for name, text in found.items()}


def full_headings(say: Catalogue, columns: Sequence[TableField]) -> dict[str, str]:
    """The same with their units, as an exported table has them."""
    found = headings(say, columns)
    counted = {column.name: unit(say, column) for column in columns}
    return {n: f"{text} ({counted[n]})" if counted[n] else text for n, text in found.items()}


def definition(say: Catalogue, column: TableField) -> str:
    """What the column is and what null means in it, as declared."""
    words = say.either(column.words.zh, column.words.en)
    null = say.either(column.words.null_zh or "", column.words.null_en or "")
    return f"{words}{say('text.semicolon')}{null}" if null else words


def how(say: Catalogue, table: str, name: str) -> str:
    """How a figure is worked out of others, or why it has no rows; empty of any other."""
    declared = counted_in(table)
    formula, why = formula_of(declared, name), why_no_rows(declared, name)
    if formula is not None:
        parts = {part: field_of(declared, part) for part in formula.names}
        said = {part: heading(say, field) for part, field in parts.items() if field is not None}
        return f"{say('rows.is')} {formula.written(said)}"
    return f"{say('rows.none')} {say.either(why.zh, why.en)}" if why is not None else ""


def written(say: Catalogue, column: TableField, value: object) -> str:
    """A value as people read it. Rounded shares never say none or all where it is not so."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return say("text.yes") if value else say("text.no")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | int) and is_number(column):
        return _figure(column.kind, value)
    if column.name == "gap_types":
        return say("text.list").join(code(say, "gap_type", one) for one in str(value).split(";"))
    return code(say, column.name, str(value))


def code(say: Catalogue, field: str, value: str) -> str:
    """The words of a code; the code itself where the catalogue has none (codes of the data)."""
    return say.get(f"codes.{field}.{value}") or value


def _figure(kind: Kind, value: Decimal | int) -> str:
    if kind is Kind.SHARE:
        return _share(Decimal(value))
    if kind in (Kind.MONEY, Kind.PERCENT, Kind.RATIO):
        return f"{_rounded(Decimal(value), '0.01'):,}"
    if kind is Kind.NUMBER:  # of any unit: as many decimals as it has
        return f"{Decimal(value).normalize():,f}"
    return f"{value:,}"


def _share(value: Decimal) -> str:
    percent = _rounded(value * 100, "0.1")
    if 0 < value < 1 and percent in (0, 100):
        return "<0.1" if percent == 0 else ">99.9"
    return f"{percent:,}"


def _rounded(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), ROUND_HALF_UP)
