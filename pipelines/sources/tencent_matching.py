"""腾讯公益配捐: a grant of a sponsor that a gift, or a project, draws.

    landing/tencent_matching/…20240802….csv → lake/tencent_matching → stg_tencent_matching
    → fact_matching (never summed with gifts)

`order_no` names the gift that drew the grant; a grant to a project as a whole has none.
"""

from pipelines.cleaning.markup import plain_columns
from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Form, Source
from pipelines.sources.rules import (
    HUNDRED_MILLION_FEN,
    has_words,
    matches,
    moment_in_range,
    within,
)

NAME = "tencent_matching"

SPONSOR_TYPES = ("平台配捐", "企业配捐", "非定向激励")

TENCENT_MATCHING = Source(
    name=NAME,
    title_zh="腾讯公益配捐",
    title_en="Tencent Charity matching grants",
    dated=True,
    money_column="amount",
    derive=plain_columns("sponsor_name"),
    forms=(Form("table"), Form("json", structured=True, money_unit="分")),
    columns=(
        known("matching_no", ("配捐流水号",), required=True, key=True, by_machine=True),
        known(
            "order_no",
            ("关联订单号",),
            zh="关联订单号",
            en="Gift that drew the grant",
            by_machine=True,
        ),
        known("project_no", ("项目ID",), required=True),
        known(
            "sponsor_type",
            ("配捐类型",),
            required=True,
            closed=True,
            codes=SPONSOR_TYPES,
        ),
        known("sponsor_name", ("配捐方",), required=True),
        known(
            "sponsor_uscc",
            ("配捐方统一社会信用代码",),
            zh="配捐方统一社会信用代码",
            en="Sponsor's unified social credit code",
        ),
        Column("amount", Kind.MONEY, ("配捐金额",), "配捐金额", "Matched amount", required=True),
        known("matched_at", ("配捐时间",), required=True),
        known("campaign_id"),
    ),
    rules=(
        matches(
            NAME,
            "matching_no",
            "[A-Za-z0-9]{6,40}",
            "配捐流水号须为6至40位字母或数字。",
            "A matching grant's number has 6 to 40 letters and digits.",
            rule="matching_no_shape",
        ),
        within(
            NAME,
            "amount_fen",
            1,
            HUNDRED_MILLION_FEN,
            "配捐金额须大于0且不超过1亿元。",
            "A grant is more than 0 and at most 100 million yuan.",
            rule="amount_range",
        ),
        has_words(
            NAME,
            "sponsor_name",
            "配捐方去除标记后须有文字。",
            "A sponsor's name holds words once its markup is taken away.",
        ),
        moment_in_range(
            NAME,
            "matched_at",
            "配捐时间须在2007年至导出日次日之间。",
            "Matched between 2007 and the day after the export date.",
        ),
    ),
)
