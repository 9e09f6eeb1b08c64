"""Several headings of one column merged: joined where one is blank, added up if they are parts.

If two are filled and differ, `rows` refuses the file when the column matters; otherwise the first
is kept and the values under the second are reported in `ops.left_out`. `reading` finds which
headings mean the same column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import polars as pl

from pipelines.cleaning.columns import FLAGS, Cleaned
from pipelines.cleaning.text import tidy
from pipelines.reading.blocks import MISFIT, ReadTable, cell
from pipelines.reading.headings import WITH_UNIT, HeadingField
from pipelines.reading.left_out import LeftKind, LeftOut
from pipelines.sources import Column, Kind


def join(
    rows: pl.DataFrame,
    fields: Sequence[HeadingField],
    parts: Sequence[Cleaned],
    units: Mapping[int, str],
) -> tuple[pl.Series, Counter[int]]:
    """The fields' texts as one column under the first of them; position → how often it differs.

    `parts` are the fields' values, `units` those of amounts by position.
    """
    first = fields[0]
    texts = [tidy(rows[cell(f.position)], values=_words(f.column)) for f in fields]
    if first.column.kind in WITH_UNIT:
        texts = [
            text.str.replace(r"^[-+]?[\d,.]+$", "${0}" + units[f.position])
            if units[f.position] != units[first.position]
            else text
            for text, f in zip(texts, fields, strict=True)
        ]
    if first.adds:
        return _sum(texts, parts, first).alias(cell(first.position)), Counter()
    joined, values = texts[0], parts[0].values
    differing: Counter[int] = Counter()
    fits = rows[MISFIT].is_null()
    for field, text, part in zip(fields[1:], texts[1:], parts[1:], strict=True):
        both = joined.is_not_null() & text.is_not_null() & fits
        same = (values == part.values).fill_null(value=False) | (joined == text)
        if count := int((both & ~same.fill_null(value=False)).sum()):
            differing[field.position] = count
        is_filled = joined.is_not_null()
        joined = joined.zip_with(is_filled, text)
        values = values.zip_with(is_filled, part.values)
    return joined.alias(cell(first.position)), differing


def _words(column: Column) -> Collection[str]:
    """What is a value in `column` even where it means null elsewhere."""
    return FLAGS if column.kind is Kind.FLAG else (*column.value_words, *(column.codes or ()))


def _sum(texts: Sequence[pl.Series], parts: Sequence[Cleaned], field: HeadingField) -> pl.Series:
    """The sum of sub-columns as text in yuan; their texts joined by + if one cannot be read."""
    written = pl.DataFrame([t.alias(str(i)) for i, t in enumerate(texts)])
    numbers = pl.DataFrame([p.values.alias(str(i)) for i, p in enumerate(parts)])
    digits = 2 if field.column.kind is Kind.MONEY else 5
    filled = pl.sum_horizontal(pl.all().is_not_null())
    sums = written.select(
        texts=pl.concat_str(pl.all(), separator=" + ", ignore_nulls=True),
        filled=filled,
    ).with_columns(
        sum=numbers.select(pl.sum_horizontal(pl.all())).to_series(),
        read=numbers.select(filled).to_series() == written.select(filled).to_series(),
    )
    yuan = pl.col("sum").cast(pl.Decimal(38, 0)) / pl.lit(10**digits).cast(pl.Decimal(38, digits))
    text = pl.format("{}元", yuan.cast(pl.Decimal(38, digits)).cast(pl.String))
    is_sum = (pl.col("filled") > 1) & pl.col("read")
    result = pl.when(is_sum).then(text).otherwise(pl.col("texts"))
    return sums.select(t=pl.when(pl.col("filled") > 0).then(result)).to_series()


def second_columns(table: ReadTable, differing: Counter[int]) -> list[LeftOut]:
    """Values under second headings of a table that differed. Empties `differing`."""
    left = [LeftOut(LeftKind.COLUMN, table.place(p), n, n) for p, n in sorted(differing.items())]
    differing.clear()
    return left
