"""Facts of giving: gifts, matching, notices, teams, giving by doing."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Holds, OneOf, Table

FACT_BEHAVIOR = Table(
    "star",
    "fact_behavior",
    zh="行为捐：每日每项目每类一行，最新状态；兑换金额是赞助方所出，不与捐赠相加",
    en=(
        "Giving by doing: a row per day, project and kind, newest state; the amount is a"
        " sponsor's, never summed with gifts"
    ),
    grain="date_day project_no behavior_kind",
    fields="""
        date_day project_no behavior_kind platform_id date_key project_key campaign_id
        participations quantity exchanged_cny sponsor_name sponsor_uscc export_date source_file_id
        source_row
    """,
    nullable="campaign_id exchanged_cny sponsor_name sponsor_uscc",
    words={
        "project_key": Words("业务发生当日的项目版本；-1为导出中没有的项目",
            "Version of the project on that day; -1 if no export has it"),
        "campaign_id": Words("当日项目所在的活动", "Campaign of its project on that day",
            "空为不在活动期间", "null outside campaigns"),
        "sponsor_name": Words("兑换方", "Sponsor", "空为未载", "null where none is given"),
    },
    one_of=(
        OneOf("behavior_kind", ("捐步", "小红花", "捐笑脸", "捐祝福", "捐写字", "积分"),
            "行为类型须为六种之一", "What people did is one of the six kinds"),
    ),
)  # fmt: skip # a declaration

FACT_DONATION = Table(
    "star",
    "fact_donation",
    zh="平台捐赠：每个已支付订单一行（支付成功、已退款、部分退款），取最新导出的状态",
    en=(
        "Platform gifts: a row per paid order (支付成功, 已退款, 部分退款) in the state of its"
        " newest export"
    ),
    grain="platform_id order_no",
    fields="""
        order_no platform_id date_key paid_at project_key project_no initiator_uscc supporter_uscc
        donor_key donor_kind donor_region_code project_region_code campaign_id channel_id team_id
        amount_cny refunded_cny net_cny is_refunded status refunded_at export_date source_file_id
        source_row
    """,
    nullable="donor_kind campaign_id team_id refunded_cny net_cny refunded_at",
    words={
        "date_key": Words("支付日期键", "Key of the day paid"),
        "project_key": Words("支付当日有效的项目版本；-1为导出中没有的项目",
            "Version of the project valid when paid; -1 if no export has the project"),
        "initiator_uscc": Words("发起机构代码；unknown为未载",
            "Initiator's code; unknown where none is given"),
        "donor_kind": Words(
            "本笔所示的捐款人类别：person 个人、organization 组织、anonymous 匿名、forgotten"
            " 应本人要求遗忘（计入金额与笔数，不再计入人数）",
            "Kind of donor as this gift shows it: person, organization, anonymous, or forgotten at"
            " the donor's request (counts in money and gifts, and no longer among donors)"),
        "campaign_id": Words("所属活动", "Campaign", "空为不属任何活动，unknown为所载活动无处登记",
            "null: no campaign; 'unknown': a campaign that is not registered"),
        "amount_cny": Words("捐款金额（元）", "Amount in yuan"),
        "refunded_cny": Words("退款金额（元）", "Refunded in yuan", "部分退款而金额不明则为空",
            "null if refunded in part by an unknown amount"),
        "net_cny": Words("净额＝金额－退款（元）", "Amount less refund, in yuan"),
    },
    continues="int_changed_orders",
    compressed="order_no donor_key",
    holds=(
        Holds("refund_within_amount",
            "refunded_cny between 0 and amount_cny and net_cny = amount_cny - refunded_cny",
            "退款须在0与捐款金额之间，净额须为两者之差",
            "A refund lies between 0 and the amount, and the net is their difference",
            shown="order_no amount_cny refunded_cny net_cny source_file_id source_row"),
        Holds("refund_known", "refunded_cny is not null", "部分退款的订单应载明退款金额",
            "An order refunded in part says how much was refunded",
            shown="order_no amount_cny source_file_id source_row", severity="warn"),
        Holds("project_known", "project_key <> '-1'", "订单所指的项目应见于项目导出",
            "The project of a gift is in an export of projects", shown="project_no",
            severity="warn", grouped=True),
        Holds("refunded_whole", "status <> '已退款' or refunded_cny >= amount_cny",
            "状态为已退款的订单应全额退回；所载退款少于金额者逐平台逐状态计数",
            "An order whose state is 已退款 is refunded in full; those with a smaller refund are"
            " counted by platform and export",
            shown="platform_id status export_date", severity="warn", grouped=True),
    ),
)  # fmt: skip # a declaration

FACT_MATCHING = Table(
    "star",
    "fact_matching",
    zh="配捐：每笔一行，最新状态；与捐赠分列，永不相加",
    en="Matching grants: a row each, newest state; beside gifts, never summed with them",
    grain="matching_no",
    fields="""
        matching_no platform_id date_key matched_at order_no project_key project_no initiator_uscc
        supporter_uscc campaign_id sponsor_type sponsor_name sponsor_uscc matched_cny export_date
        source_file_id source_row
    """,
    nullable="order_no campaign_id sponsor_uscc",
    words={
        "date_key": Words("配捐日期键（北京时间）", "Key of the day, Beijing time"),
        "order_no": Words("引动配捐的订单", "Gift that drew the grant", "空为配给整个项目",
            "null for a grant to the project as a whole"),
        "project_key": Words("业务发生当日的项目版本；-1为导出中没有的项目",
            "Version of the project on that day; -1 if no export has it"),
        "initiator_uscc": Words("当日发起机构代码；unknown为未知",
            "Initiator on that day; unknown if not known"),
        "supporter_uscc": Words("当日公募机构代码；unknown为未知",
            "Supporter on that day; unknown if not known"),
        "campaign_id": Words(
            "活动编号：所配捐赠的活动，入账之日不论；未配捐赠者为导出所写，否则按申报与窗口",
            "Campaign: that of the gift it matches, whenever booked; without a gift, the one"
            " that the export names, else by entry and window",
            "空为不属任何活动，unknown为所指活动无处登记",
            "null: no campaign; 'unknown': the campaign named is not registered"),
        "sponsor_uscc": Words("配捐方统一社会信用代码",
            "Sponsor's code, from exports that print it", "导出载明代码方可填写，空为未载",
            "null where none is given"),
        "matched_cny": Words("配捐金额（元）", "Matched amount in yuan"),
    },
    one_of=(
        OneOf("sponsor_type", ("平台配捐", "企业配捐", "非定向激励"), "配捐类型须为三种之一",
            "The kind of matching is one of the three"),
    ),
    holds=(
        Holds("amount_positive", "matched_cny > 0", "配捐金额须大于0", "A grant is more than 0",
            shown="matching_no matched_cny"),
    ),
)  # fmt: skip # a declaration

FACT_NOTICE_DONATION = Table(
    "star",
    "fact_notice_donation",
    zh="捐赠公示：慈善组织公布的名单每行一行；不与平台捐赠相加；备注不发布",
    en=(
        "Donation notices: a row per line that a charity published; never added to platform"
        " gifts; remarks are not published"
    ),
    grain="source_file_id source_sheet source_row",
    fields="""
        source_file_id source_sheet source_row line_kind printed_no date_key donated_on donor_key
        donor_kind donor_name_public amount_cny cumulative_cny channel_printed recipient_printed
        export_date
    """,
    present="source_file_id source_sheet source_row line_kind date_key donor_key export_date",
    words={
        "line_kind": Words("行类型：gift 捐款、day_total 当日合计、goods 物资折价",
            "gift, day_total or goods (converted value)"),
        "date_key": Words("捐赠日期键；-1为未载",
            "Key of the day of the gift; -1 where none is printed"),
        "cumulative_cny": Words("公示所印累计（元），可能回落；公示印有累计方可填写",
            "Running total in yuan, from notices that print one; it may fall"),
        "export_date": Words("公示的日期（分区）", "Date of the notice (the partition)"),
    },
    one_of=(
        OneOf("line_kind", ("gift", "day_total", "goods"), "行类型须为捐款、当日合计或物资",
            "A line is a gift, a day's total or goods"),
    ),
    holds=(
        Holds("persons_not_named", "donor_name_public is null or donor_kind = 'organization'",
            "只有组织的名称可以公布", "Only organisations are named"),
    ),
)  # fmt: skip # a declaration

FACT_TEAM = Table(
    "star",
    "fact_team",
    zh="一起捐队伍：每队一行，最新状态；已筹为平台所印累计",
    en="Teams: a row each, latest state; what was raised is the running total as printed",
    grain="team_id",
    fields="""
        team_id platform_id created_date_key created_at leader_key project_key project_no
        campaign_id campaigns circle region_code region_text goal_cny raised_cny participations
        export_date source_file_id source_row
    """,
    nullable="campaign_id region_text goal_cny",
    words={
        "team_id": Words("队伍编号", "Team id"),
        "campaign_id": Words("其捐赠所在的活动，建队之日不论",
            "Campaign that its gifts are in, whenever it was founded",
            "不在任何活动或在数个活动则为空，见 campaigns",
            "null if they are in none, or in several: see campaigns"),
        "region_code": Words("地区代码；unknown为未载或无此代码",
            "Region code; unknown where none is given or no such code exists"),
    },
    holds=(
        Holds("circle_known", "circle in ('核心', '兼职与志愿者', '认同公益', '其他', '未载')",
            "圈层应为已知的四种", "A circle is one of the four known", shown="team_id circle",
            severity="warn"),
    ),
)  # fmt: skip # a declaration

TABLES = (
    FACT_BEHAVIOR,
    FACT_DONATION,
    FACT_MATCHING,
    FACT_NOTICE_DONATION,
    FACT_TEAM,
)
