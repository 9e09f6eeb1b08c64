"""Dates and times in the forms that files carry."""

from datetime import date, datetime

import polars as pl
import pytest

from pipelines.cleaning.columns import clean_date, clean_moment
from pipelines.cleaning.moments import quick_moment, read_date, read_moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-08-02 10:11:12", datetime(2024, 8, 2, 10, 11, 12)),
        ("2024/8/2 10:11", datetime(2024, 8, 2, 10, 11)),
        ("2024.08.02", datetime(2024, 8, 2)),
        ("2024年8月2日", datetime(2024, 8, 2)),
        ("2024年8月2日10时11分12秒", datetime(2024, 8, 2, 10, 11, 12)),
        ("２０２４－０８－０２　１０：１１：１２", datetime(2024, 8, 2, 10, 11, 12)),
        ("20240802101112", datetime(2024, 8, 2, 10, 11, 12)),
        ("20240802", datetime(2024, 8, 2)),
        ("2024-08-02T02:11:12Z", datetime(2024, 8, 2, 10, 11, 12)),
        ("2024-08-02T10:11:12.123+08:00", datetime(2024, 8, 2, 10, 11, 12)),
        ("2024-08-01T21:11:12-0500", datetime(2024, 8, 2, 10, 11, 12)),
        ("45506.4244444444", datetime(2024, 8, 2, 10, 11, 12)),
        ("2024-02-30", None),
        ("24-Jan", None),  # no year: not guessed
        ("2024-08", None),
        ("昨天", None),
    ],
)
def test_moments(text: str, moment: datetime | None) -> None:
    assert read_moment(text) == moment


def test_serials_of_the_1904_calendar() -> None:
    assert read_date("44044", date_1904=True) == read_date("45506") == date(2024, 8, 2)


def test_columns_mix_forms() -> None:
    text = pl.Series(["2024-08-02 10:11:12", "2024-08-02T02:11:12Z", "2024/8/2 10:11", "无", "x"])
    got = clean_moment(text)
    assert got.values.to_list() == [
        datetime(2024, 8, 2, 10, 11, 12), datetime(2024, 8, 2, 10, 11, 12),
        datetime(2024, 8, 2, 10, 11), None, None,
    ]  # fmt: skip
    assert got.unread is not None
    assert got.unread.to_list() == [False, False, False, False, True]
    days = clean_date(pl.Series(["2024-08-02", "2024-08-02 23:59:59", "45506"]))
    assert days.values.to_list() == [date(2024, 8, 2)] * 3


def test_the_quick_way_agrees_with_the_thorough() -> None:
    texts = ["2024-08-02 00:00:00", "2024-12-31 23:59:59", "2024-08-02T10:11:12+08:00"]
    assert quick_moment(pl.Series(texts)).to_list() == [read_moment(t) for t in texts]
