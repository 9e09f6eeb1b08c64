"""社会组织名录: the register of organisations, keyed by unified social credit code.

    landing/organizations/… → lake/organizations → stg_organizations → dim_organization (type 2)

A wrong check digit is loaded with `is_uscc_valid` false: facts refer to the organisation.
"""

import polars as pl

from pipelines.cleaning.identifiers import is_uscc_valid
from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Form, Source
from pipelines.sources.rules import matches

NAME = "organizations"

KINDS = {
    "基金会": "基金会",
    "社会团体": "社会团体",
    "社会服务机构": "社会服务机构",
    "民办非企业单位": "社会服务机构",
    "备案制社区社会组织": "备案制社区社会组织",
}
LEVELS = {"国家": "国家", "省": "省", "市": "市", "县": "县", "备案": "备案"}


#: What the first two characters of a code say: registered with civil affairs, as what (GB 32100).
KIND_OF_CODE = {"51": "社会团体", "52": "社会服务机构", "53": "基金会"}


def _with_validity(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with the check digit's verdict and, where nothing prints the kind, the code's."""
    is_told = ~pl.col("not_told").fill_null("").str.split(";").list.contains("kind")
    of_code = pl.col("uscc").str.slice(0, 2).replace_strict(KIND_OF_CODE, default=None)
    return frame.with_columns(
        kind=pl.when(is_told).then("kind").otherwise(of_code),
        is_uscc_valid=is_uscc_valid(pl.col("uscc")),
    )


ORGANIZATIONS = Source(
    name=NAME,
    title_zh="社会组织名录",
    title_en="Register of social organisations",
    cadence="on_event",
    forms=(
        Form("table", money_units={"net_assets": "万元"}),
        # a list without a column of kinds: the code says the kind
        Form(
            "by_code",
            required=("uscc", "name"),
            row_required=("uscc", "name"),
            money_units={"net_assets": "万元"},
        ),
    ),
    snapshot_scope=("uscc",),
    columns=(
        known("uscc", required=True, key=True),
        known("name", ("名称", "机构名称", "组织名称"), required=True),
        known("former_names", ("曾用名", "former_name")),
        known("kind", ("组织类型",), required=True, codes=KINDS),
        known("can_fundraise_publicly", ("公开募捐资格",)),
        Column("registered_at", Kind.TEXT, ("登记机关",), "登记机关", "Registration authority"),
        known("level", ("登记层级",), codes=LEVELS),
        known("region_code"),
        known("founded_on", ("established",)),
        Column("net_assets", Kind.MONEY, ("净资产",), "净资产", "Net assets"),
    ),
    rules=(
        matches(
            NAME,
            "uscc",
            "[0-9A-Z]{18}",
            "统一社会信用代码须为18位数字或大写字母。",
            "A unified social credit code has 18 digits and capital letters.",
            rule="uscc_shape",
        ),
    ),
    derive=_with_validity,
    derived={"is_uscc_valid": pl.Boolean()},
)
