"""公布数: the figures that articles and notices print, each with a few words of quotation.

    landing/published_claims/… → lake/published_claims → stg_published_claims
    → fact_published_claim → claim_check

Every row comes out with the band that its printed digits allow (`cleaning.printed`). A figure whose
digits a reprint lost is kept, without a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from pipelines.cleaning.printed import LARGEST, Band, bands, kind_of, plain_unit
from pipelines.dictionary import TYPES, Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Form, RowRule, Source
from pipelines.sources.rules import ordered

NAME = "published_claims"

#: Words of column 修饰语 that say: the print has a figure here, and its digits are gone.
LOST = "数字缺失|数字脱落|digits lost"
CONTRADICTED = "contradicted"  # a row of this never reaches the lake

_NUMBER = TYPES[Kind.NUMBER].lake
_DERIVED: Mapping[str, pl.DataType] = {
    "unit_kind": pl.String(),
    "printed_value": _NUMBER,
    "band_low": _NUMBER,
    "band_high": _NUMBER,
    "is_band_low_included": pl.Boolean(),
    "is_band_high_included": pl.Boolean(),
    "band_from": pl.String(),
}
_SCALED = {"value_low": _NUMBER, "value_high": _NUMBER, "unit": pl.String()}


def _with_bands(frame: pl.DataFrame) -> pl.DataFrame:
    made = [_read(row) for row in frame.iter_rows(named=True)]
    schema = {**_SCALED, **_DERIVED}
    return frame.with_columns(pl.DataFrame(made, schema=schema, orient="row").get_columns())


def _read(row: Mapping[str, Any]) -> tuple[object, ...]:
    """A row's bounds in whole units, its unit, and what its print allows, as in `_DERIVED`."""
    unit, times = plain_unit(row["unit"] or "")
    kind = kind_of(unit)
    low, high = (_scaled(row[name], times) for name in ("value_low", "value_high"))
    head = (low, high, unit or None, kind)
    if any(bound is not None and bound > LARGEST for bound in (low, high)):
        return (None, None, unit or None, kind, None, None, None, None, None, CONTRADICTED)
    if low is None:
        return (*head, None, None, None, None, None, "lost")
    told = list(bands(row["printed"] or row["quote"] or "", kind, row["qualifier"]))
    meeting = [band for band in told if band.meets(low, high)]
    if told and not meeting:
        return (*head, None, low, high, True, True, CONTRADICTED)
    if (band := _one_of(meeting, low, high)) is None:
        value = low if low == high else None
        return (*head, value, low, high, True, None if high is None else True, "stated")
    top = None if band.high is None else band.high_included
    return (*head, band.value, band.low, band.high, band.low_included, top, "printed")


def _scaled(value: Decimal | None, times: int) -> Decimal | None:
    return None if value is None else value * times


def _one_of(meeting: list[Band], low: Decimal, high: Decimal | None) -> Band | None:
    """The band that the bounds are about: the only one, or the one whose own number they name."""
    named = [band for band in meeting if band.value in (low, high)]
    within = [
        band for band in meeting if low <= band.value and (high is None or band.value <= high)
    ]
    for some in (named, within, meeting):
        if some:
            first = some[0]
            same = all((b.low, b.high) == (first.low, first.high) for b in some)
            return first if same else None
    return None


PUBLISHED_CLAIMS = Source(
    name=NAME,
    title_zh="公布数",
    title_en="Printed figures",
    cadence="on_event",
    # a list adds to those before it; a figure that comes again is corrected
    snapshot_scope=("claim_id",),
    forms=(Form("table", row_required=("claim_id", "publisher", "metric", "unit", "quote")),),
    columns=(
        known("claim_id", ("公布数编号", "编号"), required=True, key=True),
        known("publisher", ("发布者", "发布机构", "媒体"), required=True),
        known("published_on", ("发布日期", "刊发日期"), required=True,
            null_words=("不详", "未载", "unknown")),
        known("title", ("标题", "文章标题"), zh="文章标题", en="Title of the article"),
        known("metric", ("指标",), required=True),
        known("value_low", ("下限", "数值下限"), required=True),
        known("value_high", ("上限", "数值上限")),
        known("unit", ("单位", "计量单位"), required=True),
        known("qualifier", ("修饰语", "限定语")),
        Column("period", Kind.TEXT, ("期间", "时期"), "期间", "Period, in whatever words"),
        known("scope", ("范围",)),
        known("printed", ("原文数字", "印出数字")),
        known("quote", ("原文摘录", "摘录", "原文"), required=True),
    ),
    rules=(
        RowRule(
            f"{NAME}.value_or_lost",
            ("value_low", "qualifier"),
            pl.col("value_low").is_not_null()
            | pl.col("qualifier").str.contains(LOST).fill_null(value=False),
            "须有下限；原文数字缺失者，修饰语须注明“数字缺失”。",
            "A figure has a lower bound, or its qualifier says 数字缺失: its digits are lost.",
            "补上数值；若原文确已脱字，在修饰语中写“数字缺失”。",
            "Fill in the value, or write 数字缺失 as the qualifier if the print lost it.",
        ),
        RowRule(
            f"{NAME}.bounds_readable",
            ("value_low", "value_high", "published_on", "unread"),
            ~pl.col("unread").str.contains("(?:^|; )(?:value_low|value_high|published_on)="),
            "上下限与发布日期须能读出：读不出的上限不等于无上限。",
            "Bounds and day can be read: an upper bound that cannot is not the same as none.",
            "上下限只写数字，限定语写入修饰语。",
            "Give bounds as numbers, and words in the qualifier.",
        ),
        RowRule(
            f"{NAME}.dated_or_period",
            ("published_on", "period"),
            pl.col("published_on").is_not_null() | pl.col("period").is_not_null(),
            "须有发布日期；原文未载日期者，须写明期间。",
            "A figure has the day it was printed or, where the print bears none, a period.",
            "补上发布日期或期间。",
            "Fill in the day or the period.",
        ),
        RowRule(
            f"{NAME}.value_low_not_negative",
            ("value_low",),
            pl.col("value_low") >= 0,
            "公布数不得为负；减少者写其幅度，并在指标中说明。",
            "A printed figure is not negative: a fall has its size, and the metric says so.",
            "核对数值。",
            "Check the value.",
        ),
        ordered(
            NAME,
            "value_low",
            "value_high",
            "下限不得大于上限。",
            "The lower bound is not above the upper one.",
        ),
        RowRule(
            f"{NAME}.value_as_printed",
            ("value_low", "value_high", "unit", "printed", "quote"),
            pl.col("band_from") != CONTRADICTED,
            "数值与原文所印的数字不符（如万与亿、元与万元之误）。",
            "The quoted digits do not allow the value: 万 for 亿, 元 for 万元, another figure.",
            "核对数值与单位；摘录中有数个数字时，在“原文数字”列单独写明。",
            "Check value and unit; where the quotation has several numbers, give the one meant in"
            " 原文数字 (printed).",
        ),
    ),
    derive=_with_bands,
    derived=_DERIVED,
)  # fmt: skip # a table of columns
