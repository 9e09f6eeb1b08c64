"""The mart that checks printed figures."""

from pipelines.dictionary import Words
from pipelines.dictionary.claims import CHECK_KINDS, VERDICTS
from pipelines.tables.declaration import Behind, Holds, OneOf, Table

CLAIM_CHECK = Table(
    "marts",
    "claim_check",
    zh="公布数核对：每公布数、每项核对一行；无人核对者亦有一行（none）",
    en=(
        "Printed figures checked: a row per figure and check; a figure that no check is about has a"
        " row too (none)"
    ),
    grain="claim_id check_id",
    fields="""
        claim_id check_id publisher published_on title metric unit unit_kind printed_value band_low
        band_high is_band_low_included is_band_high_included check_kind check_operator right_side
        computed_value computed_low computed_high verdict difference obstacle note_zh note_en as_of
    """,
    present="claim_id check_id check_kind verdict note_zh note_en as_of",
    words={
        "claim_id": Words("公布数编号，如核对所载",
            "Id of the printed figure, as the check has it"),
        "check_id": Words("核对编号；none为无人核对",
            "Id of the check; none: no check is about it"),
        "unit": Words("单位：元写作CNY，不含万、亿", "Unit, without 万 and 亿; yuan is CNY",
            "空为无此公布数", "null: no such figure"),
        "verdict": Words(
            "结论：agrees 相符（所印数字容许）、differs 不符（不容许）、not_computable 无从比较",
            "agrees (the printed digits allow it), differs (they cannot), or not_computable"),
        "title": Words("文章标题", "Title of the article", "空为未载", "null where none is given"),
        "publisher": Words("发布者", "Who printed it", "空为无此公布数", "null: no such figure"),
        "metric": Words("指标：所印的是什么数", "What the figure is of", "空为无此公布数",
            "null: no such figure"),
        "check_operator": Words("比较：= 相等、<= 不多于、>= 不少于",
            "Comparison: equal, at most, at least", "无人核对则为空",
            "null where nothing is checked"),
    },
    one_of=(
        OneOf("verdict", VERDICTS, "结论只有三种", "There are three verdicts"),
        OneOf("check_kind", (*CHECK_KINDS, "none"), "核对方式须为已知者",
            "A kind of check is known"),
    ),
    holds=(
        Holds("verdict_explained", "(verdict = 'not_computable') = (obstacle is not null)",
            "无从比较者必有缘由，可比者无",
            "What is not computable says why, and nothing else does"),
        Holds("difference_only_if_compared", "verdict <> 'not_computable' or difference is null",
            "无从比较者无差", "What is not computable has no difference"),
    ),
    behind=(
        Behind("star.fact_published_claim", "claim_id = $claim_id",
            {"printed_value": "max(printed_value)", "band_low": "max(band_low)",
             "band_high": "max(band_high)"}),
    ),
    worked={"difference": "printed_value - computed_value"},
    no_rows=dict.fromkeys(("computed_value", "computed_low", "computed_high"), Words(
        "由 right_side 所写的各数算得，其中有其他公布数，也有指标；各数须按 right_side 逐一查",
        "worked out of what `right_side` names, other printed figures and metrics among them; each"
        " has to be looked up as `right_side` says")),
)  # fmt: skip # a declaration

TABLES = (CLAIM_CHECK,)
