"""Facts of registers of a campaign's money outside the platforms."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Holds, Table

FACT_OFFLINE_GIFT = Table(
    "star",
    "fact_offline_gift",
    zh="线下捐赠：登记的每笔一行，取活动最新一次导出；款项与物资分列，绝不与平台捐赠相加",
    en=(
        "Gifts made offline: a row each, from the campaign's newest export; money and goods in"
        " columns of their own, never added to platform gifts"
    ),
    grain="source_file_id source_sheet source_row",
    fields="""
        source_file_id source_sheet source_row gift_no registered_campaign_id campaign_id project_no
        project_key donor_key donor_kind donor_name_public received_on date_key receipt_no gift_kind
        money_cny goods_value_cny unstated_cny export_date
    """,
    nullable="""
        gift_no project_no project_key donor_name_public receipt_no gift_kind money_cny
        goods_value_cny unstated_cny
    """,
    register="offline_gifts",
    sums={"amount": "coalesce(money_cny, goods_value_cny, unstated_cny)"},
    known="campaign_id",
    words={
        "registered_campaign_id": Words("活动编号，如登记所载",
            "Campaign id, as the register has it"),
        "campaign_id": Words("活动编号；unknown为无处登记",
            "Campaign id; 'unknown': a campaign that is not registered"),
        "project_no": Words("项目编号", "Project number", "不限项目则为空",
            "null for a gift to no project in particular"),
        "project_key": Words("项目的当前版本；-1为导出中没有的项目",
            "Current version of the project; -1 if no export has it", "不限项目则为空",
            "null for a gift to no project in particular"),
        "date_key": Words("接收日期键", "Key of the day received"),
    },
    holds=(
        Holds("amount_of_one_kind",
            "case when money_cny is null then 0 else 1 end"
            " + case when goods_value_cny is null then 0 else 1 end"
            " + case when unstated_cny is null then 0 else 1 end = 1",
            "每笔或是款项、或是物资、或形式不明，只居其一",
            "A gift is money, goods or of a kind not known: one of the three"),
        Holds("kind_known", "unstated_cny is null", "捐赠形式应为现金、转账或物资",
            "The kind of a gift is 现金, 转账 or 物资", severity="warn"),
        Holds("project_known", "project_key <> '-1'", "线下捐赠所指的项目应见于项目导出",
            "The project of an offline gift is in an export of projects", severity="warn"),
        Holds("offline_persons_not_named",
            "donor_name_public is null or donor_kind = 'organization'",
            "只有组织的名称可以公布", "Only organisations are named"),
    ),
)  # fmt: skip # a declaration

FACT_REPAYMENT = Table(
    "star",
    "fact_repayment",
    zh="捐后返还：登记的每笔返还一行，取项目最新一次导出；不与退款相减",
    en=(
        "Repayments after giving: a row each, from the project's newest export; beside refunds,"
        " never subtracted with them"
    ),
    grain="project_no repayment_no",
    fields="""
        project_no repayment_no project_key order_no payee_key payee_kind amount_cny paid_on
        date_key export_date source_file_id source_row
    """,
    nullable="order_no",
    register="repayments",
    known="project_key",
    words={
        "order_no": Words("所返还的捐赠订单号", "Order of the gift that was paid back", "空为未载",
            "null where none is given"),
        "amount_cny": Words("返还金额（元）", "Amount in yuan"),
        "date_key": Words("返还日期键", "Key of the day paid"),
    },
)  # fmt: skip # a declaration

TABLES = (FACT_OFFLINE_GIFT, FACT_REPAYMENT)
