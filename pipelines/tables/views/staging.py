"""The views of staging: a line each."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Inner

VIEWS = (
    Inner("stg_alipay_gongyi_donations", "", "支付宝公益捐赠订单，每次导出每单一行：改名、换算为元",
        "Alipay Charity gift orders, a row per order and export: renamed, in yuan",
        words={"project_no": Words("项目编号，冠以平台名：各平台编号可能相同",
            "Project number prefixed with the platform, for two platforms may issue the same"
            " number")}),
    Inner("stg_tencent_behaviors", "", "腾讯公益行为捐，每次导出每日每项目每类一行：改名、换算为元",
        "Tencent Charity giving by doing, a row per day, project, kind and export: renamed, in"
        " yuan"),
    Inner("stg_tencent_donations", "", "腾讯公益捐赠订单，每次导出每单一行：改名、换算为元",
        "Tencent Charity gift orders, a row per order and export: renamed, in yuan",
        words={
            "platform_id": Words("平台编号", "Platform"),
            "order_no": Words("订单号", "Order number"),
            "refund_cny": Words("退款金额", "Refund", "空为未载", "null where none was given"),
            "is_refund_unread": Words("退款金额有字而读不出",
                "A refund was printed that could not be read"),
        }),
    Inner("stg_tencent_matching", "", "腾讯公益配捐，每次导出每笔一行：改名、换算为元",
        "Tencent Charity matching grants, a row per grant and export: renamed, in yuan"),
    Inner("stg_tencent_teams", "", "腾讯公益一起捐队伍，每次导出每队一行：改名、换算为元",
        "Tencent Charity teams, a row per team and export: renamed, in yuan"),
    Inner("stg_donation_notices", "", "捐赠公示，每行一笔；备注含个人信息，留在湖中",
        "Published notices, a row per line; the remark holds personal data and stays in the lake"),
    Inner("stg_organizations", "", "社会组织名录，每次导出每组织一行",
        "Register of organisations, a row per organisation and export"),
    Inner("stg_tencent_disclosures", "", "腾讯公益财务披露，每次导出每项目每期一行：改名、换算为元",
        "Tencent Charity disclosures, a row per project, period and export: renamed, in yuan"),
    Inner("stg_tencent_progress", "", "腾讯公益项目进展，每次导出每篇一行",
        "Tencent Charity project reports, a row per report and export"),
    Inner("stg_tencent_projects", "", "腾讯公益项目，每次导出每项目一行：改名、换算为元",
        "Tencent Charity projects, a row per project and export: renamed, in yuan"),
    Inner("stg_review_chains", "source_file_id source_sheet source_row",
        "审查链各次导出的层级：每个来源行一行",
        "Levels of review chains as exported, a row per source line", is_checked=True),
    Inner("stg_review_records", "source_file_id source_sheet source_row",
        "审查记录各次导出的行：每个来源行一行，不含意见原文",
        "Review records as exported, a row per source line, without the opinions' text",
        is_checked=True),
    Inner("stg_alipay_business_bills", "", "支付宝商家账单，每行一笔：改名、换算为元、统一正负号",
        "Alipay merchant bills, a row per line: renamed, in yuan, one convention of signs"),
    Inner("stg_wechat_fundflow_bills", "", "微信支付资金账单，每行一笔：改名、换算为元，支出为负",
        "WeChat Pay fund-flow bills, a row per entry: renamed, in yuan, what went out negative"),
    Inner("stg_wechat_trade_bills", "", "微信支付交易账单，每行一笔：改名、换算为元、统一正负号",
        "WeChat Pay trade bills, a row per line: renamed, in yuan, one convention of signs",
        words={
            "line_kind": Words("payment 收款、refund 退款、revocation 撤销、ledger 个人账单",
                "payment, refund, revocation or personal ledger"),
            "amount_cny": Words("金额：收为正，退与撤为负；失败的退款为0",
                "What came in is positive, what went back negative; a failed refund is 0"),
            "fee_millifen": Words("手续费：收取为正，退还为负",
                "Fee: taken is positive, given back negative"),
        }),
)  # fmt: skip # a table of views
