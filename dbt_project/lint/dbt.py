"""What sqlfluff needs to render `dbt.…` macros; dbt itself never reads this.

sqlfluff renders templates with plain Jinja and loads this folder as its library (see .sqlfluff).
Only the shape of the SQL matters here: a column, a literal or a subquery where dbt gives one.
"""

from __future__ import annotations

from collections.abc import Sequence


def concat(fields: Sequence[str]) -> str:
    """Columns joined into one text."""
    return " || ".join(fields)


def type_string() -> str:
    """The engine's text type."""
    return "varchar"


def type_timestamp() -> str:
    """The engine's timestamp type."""
    return "timestamp"


def datediff(first_date: str, second_date: str, datepart: str) -> str:
    """Whole `datepart`s from the first moment to the second."""
    return f"date_diff('{datepart}', {first_date}, {second_date})"


def dateadd(datepart: str, interval: int | str, from_date_or_timestamp: str) -> str:
    """A moment moved by a number of `datepart`s."""
    return f"date_add({from_date_or_timestamp}, interval ({interval}) {datepart})"


def position(substring_text: str, string_text: str) -> str:
    """Where a text begins in another, from 1; 0 if nowhere."""
    return f"instr({string_text}, {substring_text})"
