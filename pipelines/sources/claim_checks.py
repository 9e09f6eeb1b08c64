"""公布数核对: what is to be checked of printed figures, declared as rows: left, operator, right.

    landing/claim_checks/… → lake/claim_checks → stg_claim_checks → claim_check

The left side is one printed figure. The right side are printed figures and a number, from which
`check_kind` computes, or a figure of a mart. docs/claims.md tells of each kind.
"""

from __future__ import annotations

import polars as pl

from pipelines.dictionary import Kind
from pipelines.dictionary.claims import CHECK_KINDS, OPERATORS
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, RowRule, Source

NAME = "claim_checks"

_KINDS = {
    "同数": "same",
    "合计": "sum",
    "相除": "quotient",
    "百分比": "percent",
    "增长率": "growth_rate",
    "整数占比": "whole_share",
    "累计": "running_total",
    "与仓库比": "mart",
    "不可比": "not_comparable",
}
_OPERATORS = {"等于": "=", "不多于": "<=", "≤": "<=", "不少于": ">=", "≥": ">="}
#: How many numbers the right side of a kind has, at least and at most.
_RIGHT = {
    "same": (1, 1),
    "sum": (1, 99),
    "quotient": (2, 2),
    "percent": (2, 2),
    "growth_rate": (2, 2),
    "whole_share": (1, 1),
    "running_total": (1, 1),
    "mart": (0, 0),
    "not_comparable": (1, 1),
}
#: The id of the row of a figure that no check is about.
UNCHECKED = "none"
_APART = r"\s*[;；,，、]\s*"


def _listed(name: str) -> pl.Expr:
    """A list in one form: parts split by semicolons, without blanks around them."""
    return pl.col(name).str.strip_chars(" ;；,，、").str.replace_all(_APART, ";")


def _with_parts(frame: pl.DataFrame) -> pl.DataFrame:
    default = (
        pl.when(pl.col("check_kind") == "running_total").then(pl.lit(">=")).otherwise(pl.lit("="))
    )
    lists = frame.with_columns(
        _listed("right_claims"),
        _listed("mart_filter").str.replace_all(r"\s*=\s*", "="),
        pl.col("check_operator").fill_null(default),
    )
    claims = pl.col("right_claims").str.count_matches(";", literal=True) + 1
    numbers = claims.fill_null(0) + pl.col("right_number").is_not_null()
    return lists.with_columns(right_count=numbers.cast(pl.Int64))


def _right_side_fits() -> pl.Expr:
    least = pl.col("check_kind").replace_strict({k: v[0] for k, v in _RIGHT.items()}, default=None)
    most = pl.col("check_kind").replace_strict({k: v[1] for k, v in _RIGHT.items()}, default=None)
    return pl.col("right_count").is_between(least, most)


_MART = [pl.col(name).is_not_null() for name in ("mart", "mart_column", "mart_filter")]

CLAIM_CHECKS = Source(
    name=NAME,
    title_zh="公布数核对",
    title_en="Checks of printed figures",
    cadence="on_event",
    snapshot_scope=("check_id",),
    columns=(
        known("check_id", ("核对编号", "编号"), required=True, key=True),
        known("claim_id", ("公布数编号", "左方"), required=True),
        known(
            "check_kind",
            ("核对方式",),
            required=True,
            closed=True,
            codes={**{kind: kind for kind in CHECK_KINDS}, **_KINDS},
        ),
        known(
            "check_operator",
            ("比较", "operator"),
            closed=True,
            codes={**{operator: operator for operator in OPERATORS}, **_OPERATORS},
        ),
        known("right_claims", ("右方公布数", "右方")),
        known("right_number", ("右方数",)),
        known("mart", ("集市",)),
        known("mart_column", ("集市列",)),
        known("mart_filter", ("集市筛选",)),
        known("is_whole_scope", ("范围齐全",)),
        Column("remark_zh", Kind.TEXT, ("说明",), "说明", "What the check is about, in Chinese"),
        Column("remark_en", Kind.TEXT, ("英文说明",), "英文说明", "What the check is about"),
    ),
    rules=(
        RowRule(
            f"{NAME}.check_id_free",
            ("check_id",),
            pl.col("check_id") != UNCHECKED,
            "编号 none 表示无人核对，不得自用。",
            "The id none says that no check is declared, so no check may have it.",
            "改用其他编号。",
            "Choose another id.",
        ),
        RowRule(
            f"{NAME}.right_side_fits_kind",
            ("check_kind", "right_claims", "right_number"),
            _right_side_fits(),
            "右方数目须与核对方式相合：相除、百分比、增长率两项，合计至少一项，与仓库比无，其余一项。",
            "The right side has as many numbers as the kind takes: two to divide, one or more to"
            " add, none with a mart, else one.",
            "核对右方公布数与右方数。",
            "Check the claims and the number of the right side.",
        ),
        RowRule(
            f"{NAME}.mart_named",
            ("check_kind", "mart", "mart_column", "mart_filter"),
            pl.when(pl.col("check_kind") == "mart")
            .then(pl.all_horizontal(_MART))
            .otherwise(~pl.any_horizontal(_MART)),
            "与仓库比须写明集市、列与筛选；其他核对方式不得写。",
            "A check against a mart names mart, column and row; no other does.",
            "补上或删去集市各列。",
            "Fill in or remove the columns of the mart.",
        ),
    ),
    derive=_with_parts,
    derived={"right_count": pl.Int64()},
)
