"""Several headings of one column made one: joined where one is blank, added up where parts.

Where two speak and differ nothing is chosen: `rows` refuses the file if the column matters, else
what stood under the second heading is told as left. Which headings mean one column is `reading`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from pipelines.cleaning.columns import Cleaned
from pipelines.cleaning.text import tidy
from pipelines.reading.blocks import MISFIT, Table, cell
from pipelines.reading.headings import WITH_UNIT, Field
from pipelines.reading.left_out import Kind, LeftOut
from pipelines.sources import Kind as ColumnKind


def join(
    rows: pl.DataFrame, fields: Sequence[Field], parts: Sequence[Cleaned], units: Mapping[int, str]
) -> tuple[pl.Series, Counter[int]]:
    """The fields' texts as one column under the first of them; position → how often it differs.

    `parts` are the fields' values, `units` those of amounts by position.
    """
    first = fields[0]
    texts = [tidy(rows[cell(f.position)]) for f in fields]
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
        if times := int((both & ~same.fill_null(value=False)).sum()):
            differing[field.position] = times
        spoke = joined.is_not_null()
        joined = joined.zip_with(spoke, text)
        values = values.zip_with(spoke, part.values)
    return joined.alias(cell(first.position)), differing


def _sum(texts: Sequence[pl.Series], parts: Sequence[Cleaned], field: Field) -> pl.Series:
    """What sub-columns say together, in yuan; as they stand where one cannot be read."""
    said = pl.DataFrame([t.alias(str(i)) for i, t in enumerate(texts)])
    number = pl.DataFrame([p.values.alias(str(i)) for i, p in enumerate(parts)])
    digits = 2 if field.column.kind is ColumnKind.MONEY else 5
    both = said.select(
        one=pl.concat_str(pl.all(), separator=" + ", ignore_nulls=True),
        many=pl.sum_horizontal(pl.all().is_not_null()),
    ).with_columns(
        sum=number.select(pl.sum_horizontal(pl.all())).to_series(),
        read=(
            number.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
            == said.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
        ),
    )
    yuan = pl.col("sum").cast(pl.Decimal(38, 0)) / pl.lit(10**digits).cast(pl.Decimal(38, digits))
    text = pl.format("{}元", yuan.cast(pl.Decimal(38, digits)).cast(pl.String))
    told = pl.when((pl.col("many") > 1) & pl.col("read")).then(text).otherwise(pl.col("one"))
    return both.select(t=pl.when(pl.col("many") > 0).then(told)).to_series()


def second_columns(table: Table, told: Counter[int]) -> list[LeftOut]:
    """What stood under second headings of a table and differed. Empties `told`."""
    left = [LeftOut(Kind.COLUMN, table.place(p), n, n) for p, n in sorted(told.items())]
    told.clear()
    return left
