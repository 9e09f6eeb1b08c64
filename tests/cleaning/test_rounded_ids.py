"""Ids that a spreadsheet rounded, told from ids that end in zeros by chance."""

import random

import polars as pl
import pytest

from pipelines.cleaning.columns import clean_id
from pipelines.cleaning.rounded import rounded_ids


def _damaged(ids: list[str | None], *, is_key: bool = True) -> int:
    found = rounded_ids(pl.Series(ids, dtype=pl.String), is_key=is_key)
    return 0 if found is None else int(found.sum())


def _random(digits: int, rows: int) -> list[str | None]:
    draw = random.Random(digits)  # noqa: S311 - repeatable, not secret
    return [str(draw.randrange(10 ** (digits - 1), 10**digits)) for _ in range(rows)]


def _rounded(digits: int, rows: int) -> list[str | None]:
    return [f"{kept}{'0' * (digits - 15)}" for kept in _random(15, rows)]


@pytest.mark.parametrize(
    ("ids", "damaged"),
    [
        (["12345678901234500000"] * 4, 4),  # four orders of one number
        (["1234567890123450"] * 4, 4),
        (["12345678901234500000"], 1),  # one in 100,000
        (["7711202408020000000000"] * 2 + ["771120240802000123456"], 2),
        (_rounded(20, 30), 30),
        (["12345678901234500000"] * 3 + ["12345678901234567891"], 3),
        (_rounded(20, 3) + _random(20, 500), 3),
        ([None, "", *_rounded(18, 2)], 2),
    ],
)
def test_more_than_chance_explains_are_damaged(ids: list[str | None], damaged: int) -> None:
    assert _damaged(ids) == damaged


def test_what_ends_so_by_chance_among_many_damaged_goes_with_them() -> None:
    assert 40 <= _damaged(_rounded(16, 40) + _random(16, 20)) <= 46


@pytest.mark.parametrize(
    "ids",
    [
        ["123456789012345000"],  # one in 1,000: it may be so
        ["1234567890123450"] * 3,
        _random(16, 20_000), _random(17, 20_000), _random(18, 50_000), _random(20, 50_000),
        [f"1000042024080{n:013d}" for n in range(5_000)],  # a series from 0 on
        [f"20240802{n:09d}" for n in range(3)],
        [f"208820240802{n // 2:08d}" for n in range(16)],  # a series, each in two rows
        ["20240802000000", "100000", "0000000000000000000"],  # short, or led by a 0
        ["91110000000000000X", "A1234567890123450000"],
    ],
)  # fmt: skip
def test_what_chance_or_a_series_explains_is_not(ids: list[str | None]) -> None:
    assert _damaged(ids) == 0


def test_a_number_in_every_row_of_another_column_counts_once() -> None:
    assert _damaged(["12345678901234500000"] * 50, is_key=False) == 0
    assert _damaged(_rounded(20, 2) * 25, is_key=False) == 50


def test_marks_of_text_protect_nothing_that_is_lost_already() -> None:
    got = clean_id(pl.Series(["`12345678901234500000", "1.2E+19", "7"]), is_key=True)
    assert got.damaged is not None
    assert got.damaged.to_list() == [True, True, False]
