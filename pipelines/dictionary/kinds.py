"""What a field's values are, and the type that each kind has in the lake and in the release.

The one map of types. Which field is of which kind is stated where the field is declared; how text
becomes a value belongs to `cleaning`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class Kind(StrEnum):
    """What a value is understood as, and so its type everywhere."""

    TEXT = "text"
    ID = "id"  # never a number: repaired only where nothing was lost
    USCC = "uscc"  # a unified social credit code, or a number made of one: capitals, no blanks
    REGION = "region"  # GB/T 2260: six digits, or the text that is no code
    CODE = "code"  # one of a few spellings; another value is kept and reported as drift
    MONEY = "money"  # `<name>_fen` in the lake, whole fen; yuan to two decimals in the release
    FINE_MONEY = "fine_money"  # `<name>_millifen`, whole 1/1000 fen: channels' fees
    INTEGER = "integer"
    SMALL = "small"  # a whole number that 32 bits hold: keys of days, years, levels, rounds
    SHARE = "share"  # 0–1, or below 0 where it tells a change
    PERCENT = "percent"
    RATIO = "ratio"  # how many times one number is another
    NUMBER = "number"  # a figure in whatever unit its row says, to six places
    DATE = "date"
    DATETIME = "datetime"  # Asia/Shanghai wall clock
    FLAG = "flag"  # 是/否


@dataclass(frozen=True)
class Types:
    """The types of one kind: Polars' in the lake, and SQL's in the release, as dbt says it."""

    lake: pl.DataType
    release: str


TYPES: Mapping[Kind, Types] = {
    Kind.TEXT: Types(pl.String(), "string"),
    Kind.ID: Types(pl.String(), "string"),
    Kind.USCC: Types(pl.String(), "string"),
    Kind.REGION: Types(pl.String(), "string"),
    Kind.CODE: Types(pl.String(), "string"),
    Kind.MONEY: Types(pl.Int64(), "decimal(18,2)"),
    Kind.FINE_MONEY: Types(pl.Int64(), "bigint"),
    Kind.INTEGER: Types(pl.Int64(), "bigint"),
    Kind.SMALL: Types(pl.Int64(), "integer"),
    Kind.SHARE: Types(pl.Decimal(9, 6), "decimal(9,6)"),
    Kind.PERCENT: Types(pl.Decimal(18, 2), "decimal(18,2)"),
    Kind.RATIO: Types(pl.Decimal(18, 6), "decimal(18,6)"),
    Kind.NUMBER: Types(pl.Decimal(24, 6), "decimal(24,6)"),
    Kind.DATE: Types(pl.Date(), "date"),
    Kind.DATETIME: Types(pl.Datetime("us"), "timestamp"),
    Kind.FLAG: Types(pl.Boolean(), "boolean"),
}

#: Polars' type → SQL's of the lake's views, where a number has no unit yet.
_SQL: Mapping[pl.DataType, str] = {
    types.lake: TYPES[kind].release if kind is not Kind.MONEY else "bigint"
    for kind, types in TYPES.items()
    if kind is not Kind.SMALL
}


def sql_type(dtype: pl.DataType) -> str:
    """SQL's name of a type of the lake. Raises KeyError for one that no kind has."""
    return _SQL[dtype]
