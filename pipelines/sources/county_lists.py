"""县域名单: the county lists of programmes, a unit per line, as their publishers print it.

    landing/county_lists/… → lake/county_lists → stg_county_lists → int_county_list_units
    → bridge_county_list (what a unit resolved to, and how), dim_county_list (is it complete?)

A file of one list need not say on every row which list it is: a title, the sheet's or file's name
or a folder may (`landing/county_lists/poor_832/…`). What code and name mean together is found when
the file is read (`cleaning.regions`): lists are typed with old names, old codes and wrong ones.
"""

import polars as pl

from pipelines.cleaning.regions import region_table
from pipelines.sources.columns import known
from pipelines.sources.contract import Form, Source
from pipelines.sources.rules import within

NAME = "county_lists"

LISTS = ("key_160", "poor_832", "sichuan_39", "sanqu_sanzhou")
#: What else names a list. A number alone, or poor counties alone, could be any list's.
STATED = {
    "key_160|160个?.{0,8}重点帮扶县|国家乡村振兴重点帮扶县": "key_160",
    "poor_832|832个?.{0,8}(?:贫困|脱贫)县": "poor_832",
    "sichuan_39|39个?.{0,4}欠发达县": "sichuan_39",
    "sanqu_sanzhou|三区三州": "sanqu_sanzhou",
}
_AS_PRINTED = ("region_code", "name", "province_name")


def _resolved(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with the code in use that each row means, how it was found, and between which."""
    table = region_table()
    found = [table.resolve(*row) for row in frame.select(_AS_PRINTED).iter_rows()]
    return frame.with_columns(
        pl.Series("resolved_code", [one.code for one in found], pl.String),
        pl.Series("region_how", [one.how for one in found], pl.String),
        pl.Series(
            "candidate_codes", [";".join(one.candidates) or None for one in found], pl.String
        ),
    )


COUNTY_LISTS = Source(
    name=NAME,
    title_zh="县域名单",
    title_en="County lists of programmes",
    cadence="on_event",
    snapshot_scope=("list_id",),
    newest_only=True,
    forms=(
        Form("register"),
        # of one list, which knows its official count by itself
        Form(
            "one_list",
            required=("region_code", "name"),
            row_required=("list_id", "region_code", "name"),
        ),
    ),
    columns=(
        known(
            "list_id",
            ("名单编号", "名单"),
            required=True,
            key=True,
            closed=True,
            codes=LISTS,
            stated=STATED,
        ),
        known("region_code", required=True, key=True),
        known("name", ("县域名称", "县名", "县级名称", "县(市、区)"), required=True),
        known("province_name", ("所属省份", "省份")),
        known("official_count", ("官方数目", "名单总数"), required=True),
    ),
    rules=(
        within(
            NAME,
            "official_count",
            1,
            None,
            "官方数目须为正数。",
            "The official count is at least 1.",
            rule="official_count_positive",
        ),
    ),
    derive=_resolved,
    derived={
        "resolved_code": pl.String(),
        "region_how": pl.String(),
        "candidate_codes": pl.String(),
    },
)
