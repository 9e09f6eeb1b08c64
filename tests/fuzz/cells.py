"""Cells of the fuzzer's files: for row `n` the text that is printed and what it means in the lake.

Every cell that can be is a function of its row's number, so that a lake row tells by itself whether
its cells were written on one line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple


class Said(NamedTuple):
    """A cell as printed, and the value it stands for in the lake."""

    text: str
    value: Any


@dataclass(frozen=True)
class Cell:
    """A column of a layout. `lake` is None for what never reaches the lake (people)."""

    heading: str
    lake: str | None
    say: Callable[[int], Said]
    required: bool = True
    free_text: bool = False  # may hold delimiters, quotes and line breaks


@dataclass(frozen=True)
class Layout:
    """A source's table. `id` and `amount` are lake columns of which a row's number tells both."""

    source: str
    cells: tuple[Cell, ...]
    id: str
    amount: str | None
    in_fen: bool = False  # the platform's own JSON keys
    dated: bool = True
    summed: bool = True  # the source's accounts add its amounts up


def fen_of(n: int) -> int:
    """The amount that belongs to row `n`: no two rows share it, nor is one part of another."""
    return 10_000 + 137 * n


def ident(prefix: str, width: int) -> Callable[[int], Said]:
    return lambda n: Said(f"{prefix}{n:0{width}d}", f"{prefix}{n:0{width}d}")


def marked(before: str, prefix: str, after: str) -> Callable[[int], Said]:
    """A number with what bills print around it."""
    return lambda n: Said(f"{before}{prefix}{n:04d}{after}", f"{prefix}{n:04d}")


def word(text: str, value: Any = ...) -> Callable[[int], Said]:
    return lambda n: Said(text, text if value is ... else value)


def words(text: str) -> Callable[[int], Said]:
    return lambda n: Said(f"{text}{n:03d}号", f"{text}{n:03d}号")


def yuan(n: int) -> Said:
    fen = fen_of(n)
    return Said(f"{fen // 100}.{fen % 100:02d}", fen)


def little(n: int) -> Said:
    return Said(f"0.{n:02d}", n) if n < 100 else Said("0.00", 0)


def millifen(n: int) -> Said:
    return Said(f"0.{n:05d}", n)


def whole_yuan(n: int) -> Said:
    return Said(str(5000 + n), (5000 + n) * 100)


def ten_thousands(n: int) -> Said:
    return Said(str(5000 + n), (5000 + n) * 1_000_000)


def number(n: int) -> Said:
    return Said(str(7000 + n), 7000 + n)


def figure(n: int) -> Said:
    return Said(f"{7000 + n}.5", Decimal(f"{7000 + n}.5"))


def fen(n: int) -> Said:
    return Said(str(fen_of(n)), fen_of(n))


def at(hour: int) -> Callable[[int], Said]:
    def say(n: int) -> Said:
        moment = datetime(2024, 8, 2, hour) + timedelta(seconds=61 * n)
        return Said(f"{moment:%Y-%m-%d %H:%M:%S}", moment)

    return say


def offset(n: int) -> Said:
    moment = datetime(2024, 8, 2, 9) + timedelta(seconds=61 * n)
    return Said(f"{moment:%Y-%m-%dT%H:%M:%S}+08:00", moment)


def on(year: int) -> Callable[[int], Said]:
    def say(n: int) -> Said:
        day = date(year, 1, 1) + timedelta(days=n % 200)
        return Said(f"{day}", day)

    return say


def uscc(n: int) -> Said:
    return Said(f"5331000050{n:04d}028T", f"5331000050{n:04d}028T")
