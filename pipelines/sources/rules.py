"""Row rules that several contracts share, as small builders of `RowRule`.

Rules about a single row only. What holds between rows or files (totals, volume, coverage)
belongs to the suites in `expectations/`.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from pipelines.sources.contract import RowRule

FEN_PER_YUAN = 100
HUNDRED_MILLION_FEN = 100_000_000 * FEN_PER_YUAN
FIRST_ONLINE_GIFT = datetime(2007, 1, 1)  # the oldest of the platforms opened in 2007


def within(
    source: str, column: str, low: int, high: int | None, zh: str, en: str, *, rule: str
) -> RowRule:
    """`column` (a whole number: fen, counts) lies in [low, high]; null passes."""
    value = pl.col(column)
    holds = value >= low if high is None else value.is_between(low, high)
    return RowRule(
        f"{source}.{rule}",
        (column,),
        holds,
        zh,
        en,
        "核对原始文件该行的数值与单位，更正后重新提交。",
        "Check the value and its unit in the source, correct the line and submit the file again.",
    )


def not_negative(source: str, column: str, zh: str, en: str) -> RowRule:
    """`column` (fen, counts) is at least 0; `zh` and `en` name it at the start of a sentence."""
    rule = f"{column.removesuffix('_fen')}_not_negative"
    return within(source, column, 0, None, f"{zh}不得为负。", f"{en} is not negative.", rule=rule)


def moment_in_range(source: str, column: str, zh: str, en: str) -> RowRule:
    """`column` lies between 2007 and the end of the day after the export date."""
    upper = pl.col("export_date").cast(pl.Datetime("us")).dt.offset_by("2d")
    return RowRule(
        f"{source}.{column}_in_range",
        (column, "export_date"),
        (pl.col(column) >= FIRST_ONLINE_GIFT) & (pl.col(column) < upper),
        zh,
        en,
        "核对时间以及文件名中的导出日期。",
        "Check the time and the export date in the file's name.",
    )


def by_export(source: str, column: str, zh: str, en: str) -> RowRule:
    """`column`, a date, is not after the export date."""
    return RowRule(
        f"{source}.{column}_by_export",
        (column, "export_date"),
        pl.col(column) <= pl.col("export_date"),
        zh,
        en,
        "核对日期以及文件名中的导出日期。",
        "Check the day and the export date in the file's name.",
    )


def has_words(source: str, column: str, zh: str, en: str) -> RowRule:
    """`column`, a required text that comes with markup, holds more than markup."""
    return RowRule(
        f"{source}.{column}_has_words",
        (column,),
        pl.col(column).is_not_null(),
        zh,
        en,
        "补上文字后重新导出。",
        "Add the words and export again.",
    )


def matches(source: str, column: str, pattern: str, zh: str, en: str, *, rule: str) -> RowRule:
    """`column` matches `pattern` from end to end."""
    return RowRule(
        f"{source}.{rule}",
        (column,),
        pl.col(column).str.contains(f"^(?:{pattern})$"),
        zh,
        en,
        "从来源系统重新导出，勿用表格软件另存编号列。",
        "Export again from the source system; a spreadsheet may have damaged the number.",
    )


def ordered(source: str, first: str, second: str, zh: str, en: str) -> RowRule:
    """`first` is not after `second` (both dates, instants or numbers)."""
    return RowRule(
        f"{source}.{first}_before_{second}",
        (first, second),
        pl.col(first) <= pl.col(second),
        zh,
        en,
        "核对两个日期的先后。",
        "Check which of the two values is wrong and correct it.",
    )
