"""The fact of printed figures."""

from pipelines.dictionary import Words
from pipelines.dictionary.claims import UNIT_KINDS
from pipelines.tables.declaration import Holds, OneOf, Table

FACT_PUBLISHED_CLAIM = Table(
    "star",
    "fact_published_claim",
    zh="公布数：文章与公告所印的数字，每数一行，附所印数字容许的区间",
    en=(
        "Printed figures of articles and notices: a row per figure, with the band that its printed"
        " digits allow"
    ),
    grain="claim_id",
    fields="""
        claim_id publisher published_on published_date_key title metric value_low value_high unit
        unit_kind qualifier period scope printed quote printed_value band_low band_high
        is_band_low_included is_band_high_included band_from export_date source_file_id source_row
    """,
    present="""
        claim_id publisher published_date_key metric unit unit_kind quote band_from export_date
        source_file_id source_row
    """,
    words={
        "unit": Words("单位：元写作CNY，不含万、亿", "Unit, without 万 and 亿; yuan is CNY"),
        "period": Words("期间，如所印", "Period, in words", "空为未载", "null where none is given"),
        "title": Words("文章标题", "Title of the article", "空为未载", "null where none is given"),
        "published_date_key": Words("发布日期键；-1为原文未载日期",
            "Key of the day it was printed; -1: the print bears no date"),
    },
    one_of=(
        OneOf("unit_kind", UNIT_KINDS, "单位种类只有四种", "There are four kinds of units"),
        OneOf("band_from", ("printed", "stated", "lost"), "区间由来只有三种",
            "A band comes from one of three"),
    ),
    holds=(
        Holds("value_within_band",
            "coalesce(printed_value >= band_low, true) and coalesce(printed_value <= band_high,"
            " true)",
            "所印之数在其区间之内", "The number itself lies in its band"),
        Holds("lost_has_no_value",
            "(band_from = 'lost') = (band_low is null) and (band_from <> 'lost' or printed_value is"
            " null)",
            "数字缺失者无值，其余皆有下限", "Lost digits have no value; all others a lower bound"),
    ),
)  # fmt: skip # a declaration

TABLES = (FACT_PUBLISHED_CLAIM,)
