"""Dates and times in the forms that files use, as Asia/Shanghai wall clock.

`2024-08-02 10:11:12`, `2024/8/2 10:11`, `2024年8月2日`, `20240802101112`, RFC 3339 with an
offset, Excel serials (1900 and 1904). No offset means Asia/Shanghai. Nothing is guessed: a day
and month without a year are not a date.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import polars as pl

from pipelines.cleaning.text import half_width
from pipelines.settings import BEIJING

_SEPARATED = re.compile(
    r"^(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"
    r"(?:[T\s]*(?P<H>\d{1,2})[:时点](?P<M>\d{1,2})(?:[:分](?P<S>\d{1,2})(?:\.\d+)?秒?)?分?)?"
    r"\s*(?P<off>Z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:[T\s]?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2}))?$"
)
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")

#: Excel counts a 29 February 1900 that never existed, so serial 61 is 1 March 1900.
EPOCH_1900 = datetime(1899, 12, 30)
EPOCH_1904 = datetime(1904, 1, 1)


def read_moment(text: str, *, date_1904: bool = False) -> datetime | None:
    """The instant in `text`, as naive Beijing time; None if unreadable."""
    text = half_width(text)
    if _SERIAL.match(text):
        epoch = EPOCH_1904 if date_1904 else EPOCH_1900
        # a serial is a float of days: the nearest second is the one that was typed
        return epoch + timedelta(seconds=round(float(text) * 86_400))
    found = _SEPARATED.match(text) or _COMPACT.match(text)
    if found is None:
        return None
    part = {k: int(v) for k, v in found.groupdict().items() if v and k != "off"}
    try:
        moment = datetime(
            part["y"], part["m"], part["d"], part.get("H", 0), part.get("M", 0), part.get("S", 0)
        )
    except ValueError:
        return None
    offset = found.groupdict().get("off")
    if offset:
        zone = "+00:00" if offset.upper() == "Z" else offset
        aware = datetime.fromisoformat(f"{moment.isoformat()}{zone}")
        moment = aware.astimezone(BEIJING).replace(tzinfo=None)
    return moment


def read_date(text: str, *, date_1904: bool = False) -> date | None:
    """The day in `text` (of an instant, its day in Beijing); None if unreadable."""
    moment = read_moment(text, date_1904=date_1904)
    return moment.date() if moment else None


# No cache of texts already read: a day's gifts have many, and looking one up takes longer than
# reading it.
def _with_dashes(raw: pl.Series) -> pl.Series:
    return raw.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False, cache=False)


def _with_slashes(raw: pl.Series) -> pl.Series:
    return raw.str.to_datetime("%Y/%m/%d %H:%M:%S", time_unit="us", strict=False, cache=False)


def _with_offset(raw: pl.Series) -> pl.Series:
    moments = raw.str.to_datetime(
        "%Y-%m-%dT%H:%M:%S%z", time_unit="us", time_zone="UTC", strict=False, cache=False
    )
    # Beijing has kept +08:00 without summer time since 1991, before any gift was made online
    return moments.dt.replace_time_zone(None).dt.offset_by("8h")


_QUICK = (_with_dashes, _with_slashes, _with_offset)


def quick_moment(raw: pl.Series) -> pl.Series:
    """Datetimes of machine-written text; null where the full rules are needed."""
    first = raw.drop_nulls().head(1)
    # a column usually has one form: try that of its first value first
    forms = sorted(_QUICK, key=lambda read: read(first).null_count())
    moments = forms[0](raw)
    for read in forms[1:]:
        if moments.null_count() == raw.null_count():
            break
        moments = moments.zip_with(
            moments.is_not_null(), read(raw.set(moments.is_not_null(), None))
        )
    return moments


def quick_date(raw: pl.Series) -> pl.Series:
    """Dates of `2024-08-02` text; null where the full rules are needed."""
    return raw.str.to_date("%Y-%m-%d", strict=False)
