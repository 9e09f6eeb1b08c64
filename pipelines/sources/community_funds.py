"""社区基金: funds of communities, when each was founded and closed.

landing/community_funds/… → lake/community_funds → stg_community_funds → fact_community_fund
→ marts.community_funds
"""

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Source
from pipelines.sources.rules import not_negative, ordered

NAME = "community_funds"

COMMUNITY_FUNDS = Source(
    name=NAME,
    title_zh="社区基金",
    title_en="Community funds",
    cadence="on_event",
    money_column="balance",
    newest_only=True,
    columns=(
        known("fund_id", ("基金编号", "社区基金编号"), required=True, key=True),
        known("name", ("基金名称", "社区基金名称"), zh="基金名称", en="Fund's name", required=True),
        known("community", ("所在社区", "社区"), required=True),
        known("region_code", required=True),
        known("manager_uscc", ("管理机构统一社会信用代码",)),
        known("founded_on", ("设立日期",), required=True),
        known("closed_on", ("终止日期", "注销日期")),
        Column("balance", Kind.MONEY, ("余额", "基金余额"), "余额", "Balance"),
    ),
    rules=(
        ordered(
            NAME,
            "founded_on",
            "closed_on",
            "社区基金的终止日期不得早于成立日期。",
            "A fund does not close before it was founded.",
        ),
        not_negative(NAME, "balance_fen", "余额", "A balance"),
    ),
)
