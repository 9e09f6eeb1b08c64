"""Why a row was refused, in both languages, and the quarantine frame with these reasons.

The generic rules of every contract are worded here, a source's own row rules in `sources`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from pipelines.cleaning import identities
from pipelines.cleaning.identities import MASK
from pipelines.reading.blocks import (
    BAD_BYTES,
    CUT_OFF,
    FIELD_COUNT,
    LINE,
    MALFORMED,
    STRAY_QUOTE,
    TOTAL_ROW,
    cell,
)
from pipelines.reading.headings import WITH_UNIT, HeadingField
from pipelines.sources import Kind, RowRule, Source
from pipelines.stages.load.forgotten import kept_text

if TYPE_CHECKING:
    from pipelines.stages.load.rows import FileFacts

DAMAGED_ID = "any.damaged_id"
OTHER_MONEY = "any.other_currency"
BEYOND = "any.number_beyond_bounds"
#: Rules of rows whose values may be under the wrong headings.
SHIFTED = (FIELD_COUNT, CUT_OFF, MALFORMED, STRAY_QUOTE)
_ALWAYS = pl.lit(value=True)

GENERIC: Mapping[str, RowRule] = {
    r.rule_id: r
    for r in (
        RowRule(FIELD_COUNT, (), _ALWAYS, "该行的字段数与表头不符。",
                "The line does not have as many fields as the heading.",
                "检查多余或缺失的分隔符、引号。",
                "Look for an extra or missing delimiter or quote."),
        RowRule(CUT_OFF, (), _ALWAYS, "最后一行被截断。", "The last line was cut off.",
                "重新下载完整文件。", "Download the whole file again."),
        RowRule(MALFORMED, (), _ALWAYS, "该行不是合法的 JSON 对象。",
                "The line is not a JSON object.", "检查该行的引号与括号。",
                "Check the line's quotes and brackets."),
        RowRule(STRAY_QUOTE, (), _ALWAYS, "该行有一个落单的引号，打乱了字段。",
                "The line has a stray quote at the start of a field.",
                "删去该引号，或写成两个引号。", "Remove the quote, or write it as two."),
        RowRule(BAD_BYTES, (), _ALWAYS, "该行含有不构成文字的字节（字符被截断或损坏）。",
                "The line has bytes that are no character (one was cut or damaged).",
                "从来源系统重新导出该行。", "Export the line again from the source system."),
        RowRule(DAMAGED_ID, (), _ALWAYS,
                "编号被表格软件改写（科学计数法，或第16位起变为0），末位已丢失。",
                "A spreadsheet changed an id (scientific notation, or zeros from the 16th digit"
                " on); its last digits are lost.",
                "从来源系统重新导出，编号列设为文本。",
                "Export again from the source system with the id column as text."),
        RowRule(OTHER_MONEY, (), _ALWAYS, "金额不是人民币（币种列、金额本身或表头如此说明）。",
                "The amount is not in yuan: the currency column, the value or its heading says so.",
                "原文连同币种保留于此，不计入人民币合计；请折算成人民币后重新提交。",
                "It is kept here as written and never summed as yuan; submit its value in yuan."),
        RowRule(TOTAL_ROW, (), _ALWAYS, "该行像合计行，又填有明细。",
                "The line looks like a total, but is filled like a record.",
                "若是合计，请清空该行其他各列；若是明细，请写明名称。",
                "If it is a total, leave its other cells blank; if a record, name it clearly."),
        RowRule(BEYOND, (), _ALWAYS, "金额或数量超出契约的上限（一行一千亿元）。",
                "An amount or a count exceeds the contract's bound (100 billion yuan per row).",
                "核对该行的数值与单位，更正后重新提交。",
                "Check the value and its unit, correct the line and submit the file again."),
    )
}  # fmt: skip # a table


@cache
def row_rules(source_name: str) -> Mapping[str, RowRule]:
    """Every rule that can refuse a row of the source, by id."""
    from pipelines.sources import source as declared

    source = declared(source_name)
    rules = dict(GENERIC) | {r.rule_id: r for r in source.rules}
    if not any(c.kind in WITH_UNIT for c in source.columns):
        del rules[OTHER_MONEY]
    if not any(c.kind in (Kind.ID, Kind.USCC) for c in source.columns):
        del rules[DAMAGED_ID]
    needed = {n for f in source.forms for n in f.needed(source.columns)}
    for column in source.columns:
        label = f"{column.zh}（{column.name}）"
        if column.name in needed:
            required = f"{source.name}.{column.name}.required"
            rules[required] = RowRule(
                required,
                (column.lake_name,),
                _ALWAYS,
                f"缺少{label}。",
                f"{column.en} ({column.name}) is missing.",
                "在来源中补齐后重新提交。",
                "Fill it in at the source and submit the file again.",
            )
            readable = f"{source.name}.{column.name}.readable"
            rules[readable] = RowRule(
                readable,
                (column.lake_name,),
                _ALWAYS,
                f"{label}无法读出。",
                f"{column.en} ({column.name}) cannot be read.",
                "更正该值的写法与单位。",
                "Correct how the value and its unit are written.",
            )
        if column.closed:
            known = f"{source.name}.{column.name}.known"
            words = "、".join(dict.fromkeys((column.codes or {}).values()))
            rules[known] = RowRule(
                known,
                (column.lake_name,),
                _ALWAYS,
                f"{label}须为：{words}。",
                f"{column.en} ({column.name}) must be one of: {words}.",
                "改用契约列出的词。",
                "Use one of the contract's words.",
            )
    return rules


def quarantine_frame(
    source: Source,
    facts: FileFacts,
    rows: pl.DataFrame,
    broken: pl.DataFrame,
    fields: Mapping[str, HeadingField],
    sheet: str | None,
    donors: pl.Series | None = None,
    forgotten: pl.Series | None = None,
) -> pl.DataFrame:
    """One row per refused row; `broken` has a Boolean column per rule. Personal text is masked.

    `donors` are the rows' pseudonyms: beside the text, so that a row can be found again. Of those
    that are `forgotten` the text is what tells nothing of a person.
    """
    rules = row_rules(source.name)

    def joined(words: Mapping[str, str], separator: str) -> pl.Expr:
        parts = [pl.when(pl.col(r)).then(pl.lit(words[r])) for r in broken.columns]
        return pl.concat_str(parts, separator=separator, ignore_nulls=True)

    reasons = broken.select(
        rule_ids=joined({r: r for r in broken.columns}, ";"),
        reasons_zh=joined({r: f"{rules[r].zh}{rules[r].remedy_zh}" for r in broken.columns}, " "),
        reasons_en=joined({r: f"{rules[r].en} {rules[r].remedy_en}" for r in broken.columns}, " "),
    )
    place = f"{facts.file_id}:{sheet or ''}:"
    texts = _raw_texts(source, rows, reasons["rule_ids"], fields, forgotten)
    nobody = pl.Series("donor_key", [None], dtype=pl.String).new_from_index(0, rows.height)
    return reasons.with_columns(
        (pl.lit(place) + rows[LINE].cast(pl.String)).alias("quarantine_id"),
        pl.lit(source.name).alias("source"),
        pl.lit(facts.file_name).alias("file_name"),
        pl.lit(sheet, pl.String).alias("source_sheet"),
        rows[LINE].alias("source_row"),
        texts,
        pl.lit(facts.first_seen).alias("first_seen"),
        pl.lit(facts.file_id).alias("source_file_id"),
        nobody if donors is None else donors.alias("donor_key"),
    ).select(
        "quarantine_id", "source", "file_name", "source_sheet", "source_row", "rule_ids",
        "reasons_zh", "reasons_en", "raw_text", "first_seen", "source_file_id", "donor_key",
    )  # fmt: skip # a list


def _raw_texts(
    source: Source,
    rows: pl.DataFrame,
    rule_ids: pl.Series,
    fields: Mapping[str, HeadingField],
    forgotten: pl.Series | None,
) -> pl.Series:
    """The refused rows as JSON of name → text; what may name a person is masked.

    Of a forgotten person's row what goes with the person is not there at all.
    """
    shown = [
        pl.when(pl.col(c).is_not_null()).then(pl.lit(MASK)).alias(name)
        if f.column.personal
        else pl.col(c).alias(name)
        for name, f in fields.items()
        if (c := cell(f.position)) in rows.columns
    ]
    texts = rows.select(pl.struct(shown).struct.json_encode().alias("raw_text")).to_series()
    if forgotten is not None:
        texts = texts.scatter(forgotten.arg_true(), _kept_texts(rows.filter(forgotten), fields))
    # a person's number may be in any column, not only in those marked personal
    text = pl.lit(identities.mask(texts))
    if any(c.personal for c in source.columns):
        # in a shifted row any field may hold the name
        shifted = rule_ids.str.contains("|".join(f"{r}(?:;|$)" for r in SHIFTED))
        place = pl.format(
            "(withheld: fields do not line up; see line {} in the archive)", pl.col(LINE)
        )
        text = pl.when(shifted).then(place).otherwise(text)
    return rows.select(text.alias("raw_text")).to_series()


def _kept_texts(rows: pl.DataFrame, fields: Mapping[str, HeadingField]) -> list[str]:
    """The same of rows that have lost their person."""
    columns = {name: f.column for name, f in fields.items() if cell(f.position) in rows.columns}
    cells = rows.select(pl.col(cell(fields[name].position)).alias(name) for name in columns)
    return [
        json.dumps({n: kept_text(columns[n], v) for n, v in row.items()}, ensure_ascii=False)
        for row in cells.iter_rows(named=True)
    ]
