"""项目产出: what a project made or did in a period: parcels, shops, lamps, pupils helped.

landing/project_outputs/… → lake/project_outputs → stg_project_outputs → fact_output

A period is a year, half, quarter or month, or two days; it is kept in one spelling, for it is part
of the key.
"""

import polars as pl

from pipelines.cleaning.periods import period_columns
from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, RowRule, Source
from pipelines.sources.rules import HUNDRED_MILLION_FEN, ordered, within

NAME = "project_outputs"

PROJECT_OUTPUTS = Source(
    name=NAME,
    title_zh="项目产出",
    title_en="Outputs of projects",
    cadence="on_event",
    snapshot_scope=("project_no",),
    newest_only=True,
    derive=period_columns("period"),
    derived={"period_from": pl.Date(), "period_to": pl.Date()},
    columns=(
        known("project_no", ("项目ID",), required=True, key=True),
        known("period", ("期间", "产出期间", "年度"), required=True, key=True),
        known("output_kind", ("产出类型", "产出"), required=True, key=True),
        known("quantity", ("数量", "产出数量"), zh="产出数量", en="Quantity", required=True),
        known("unit", ("计量单位", "单位"), required=True),
        Column("unit_cost", Kind.MONEY, ("单位成本", "单价"), "单位成本", "Cost of one"),
    ),
    rules=(
        RowRule(
            f"{NAME}.period_shape",
            ("period", "period_from"),
            pl.col("period_from").is_not_null(),
            "期间须为年、半年、季度、月，或以两日为起止。",
            "A period is a year, half, quarter or month, or from a day to a day.",
            "写成 2024、2024-H1、2024-Q1、2024-01 或 2024-08-02至2024-08-04。",
            "Write 2024, 2024-H1, 2024-Q1, 2024-01 or 2024-08-02/2024-08-04.",
        ),
        ordered(
            NAME,
            "period_from",
            "export_date",
            "期间不得在导出日之后才开始。",
            "A period does not begin after the export.",
        ),
        within(
            NAME,
            "quantity",
            0,
            None,
            "产出数量不得为负。",
            "A quantity is not negative.",
            rule="quantity_not_negative",
        ),
        within(
            NAME,
            "unit_cost_fen",
            0,
            HUNDRED_MILLION_FEN,
            "单位成本不得为负，且不超过1亿元。",
            "The cost of one is not negative and at most 100 million yuan.",
            rule="unit_cost_range",
        ),
    ),
)
