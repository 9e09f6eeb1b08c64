"""What `--where` says: conditions on periods and dimensions, their values bound, never spliced.

A condition names what is declared; whether a metric has it is for `declared` to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

#: The grains of time, from day to year: MetricFlow's names, and what people write.
GRAINS = ("day", "week", "month", "quarter", "year")

_COMPARED = re.compile(
    r"\s*(?P<name>[a-z]\w*)\s*(?P<sign>>=|<=|!=|=|>|<)\s*(?P<value>.*)", re.DOTALL
)
_BETWEEN = re.compile(r",(?=\s*\w+\s*(?:>=|<=|!=|=|>|<))")
_SHAPES = {
    "day": "2024-08-05",
    "week": "2024-W31",
    "month": "2024-08",
    "quarter": "2024-Q3",
    "year": "2024",
}


class NoCondition(ValueError):  # noqa: N818 - reads as what it says
    """A text that is no condition; the message says what one looks like."""


@dataclass(frozen=True)
class Compared:
    """A condition as it was written: `campaign=scsl-2024,99-2024`, `month>=2024-01`."""

    name: str
    sign: str
    values: tuple[str, ...]


def read_conditions(texts: list[str]) -> Iterator[Compared]:
    """The conditions of several `--where`, all of which must hold. Raises NoCondition."""
    for text in (part for whole in texts for part in _BETWEEN.split(whole)):
        found = _COMPARED.fullmatch(text)
        values = tuple(v.strip() for v in found["value"].split(",")) if found else ()
        if not found or not all(values):
            raise NoCondition(
                f"不是条件 not a condition: {text!r}; "
                "例如 such as campaign=scsl-2024, month>=2024-01"
            )
        if len(values) > 1 and found["sign"] not in ("=", "!="):
            raise NoCondition(
                f"只有 = 与 != 可列出多个值 / only = and != take several values: {text!r}"
            )
        if found["name"] not in GRAINS and found["sign"] not in ("=", "!="):
            raise NoCondition(
                f"只有 {', '.join(GRAINS)} 可比先后 / only these are before or after another: "
                f"{text!r}"
            )
        yield Compared(found["name"], found["sign"], values)


def first_day(grain: str, text: str) -> date:
    """The first day of a period as people write it. Raises NoCondition."""
    try:
        return _FIRST[grain](text)
    except ValueError:
        raise NoCondition(f"{grain} 写作 is written like {_SHAPES[grain]}, not {text!r}") from None


def period(grain: str, day: date) -> str:
    """A period as people write it, from its first day."""
    if grain == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    if grain == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return day.isoformat()[: len(_SHAPES[grain])]


def _quarter(text: str) -> date:
    if not re.fullmatch(r"\d{4}-Q[1-4]", text):
        raise ValueError(text)
    return date(int(text[:4]), 3 * int(text[-1]) - 2, 1)


def _week(text: str) -> date:
    if not re.fullmatch(r"\d{4}-W\d\d", text):
        raise ValueError(text)
    return date.fromisocalendar(int(text[:4]), int(text[-2:]), 1)


def _iso(shape: str, rest: str) -> Callable[[str], date]:
    def read(text: str) -> date:
        if not re.fullmatch(shape, text):
            raise ValueError(text)
        return date.fromisoformat(text + rest)

    return read


_FIRST: Mapping[str, Callable[[str], date]] = {
    "day": _iso(r"\d{4}-\d\d-\d\d", ""),
    "week": _week,
    "month": _iso(r"\d{4}-\d\d", "-01"),
    "quarter": _quarter,
    "year": _iso(r"\d{4}", "-01-01"),
}
