"""Fields of gifts, how they were given, and what platforms print of them."""

from pipelines.dictionary.field import Field
from pipelines.dictionary.kinds import Kind

#: States in which an order is a gift.
PAID_STATES = ("支付成功", "已退款", "部分退款")

FIELDS = (
    Field("channel_id", Kind.ID, "捐款方式编号", "Channel", refers="dim_channel"),
    Field("name_en", Kind.TEXT, "英文名称", "English name"),
    Field("is_money", Kind.FLAG, "捐款人是否自己付款（小红花由行为换得）",
        "Whether the donor pays (a little red flower is earned by behaviour)"),
    Field("platform_id", Kind.ID, "平台编号", "Platform", refers="dim_platform"),
    Field("designated_on", Kind.DATE, "指定日期", "Designated on", "不确知则为空",
        "null where not known for certain"),
    Field("ended_on", Kind.DATE, "退出日期", "Withdrawn on", "空为在册或不详",
        "null if still listed or not known"),
    Field("operator_name", Kind.TEXT, "运营主体", "Operator"),
    Field("behavior_kind", Kind.CODE, "行为类型", "What people did"),
    Field("quantity", Kind.INTEGER, "行为量（步、朵、次、分）", "Steps, flowers, times or points"),
    Field("exchanged_cny", Kind.MONEY, "兑换金额（元）", "Amount a sponsor paid for it, in yuan",
        "空为未载", "null where none is given"),
    Field("sponsor_name", Kind.TEXT, "配捐方", "Sponsor"),
    Field("sponsor_uscc", Kind.USCC, "兑换方统一社会信用代码",
        "Sponsor's code, from exports that print it", "导出载明代码方可填写，空为未载",
        "null where none is given"),
    Field("order_no", Kind.ID, "订单号", "Order number"),
    Field("paid_at", Kind.DATETIME, "支付时间（北京时间）", "Paid at, Beijing time"),
    Field("donor_region_code", Kind.REGION, "捐款人地区代码；unknown为未载或无此代码",
        "Donor's region; unknown where none is given or no such code exists",
        refers="dim_region.region_code"),
    Field("project_region_code", Kind.REGION, "项目落地区划代码；unknown为未载或无此代码",
        "Project's region; unknown where none is given or no such code exists",
        refers="dim_region.region_code"),
    Field("team_id", Kind.ID, "一起捐队伍编号", "Team"),
    Field("is_refunded", Kind.FLAG, "是否有退款（全额或部分）", "Whether any of it was refunded"),
    Field("status", Kind.CODE, f"订单状态：{'、'.join(PAID_STATES)}",
        "State of the order: paid, refunded or refunded in part"),
    Field("refunded_at", Kind.DATETIME, "退款时间（北京时间）", "Refunded at, Beijing time",
        "空为未退款或未载", "null where nothing was refunded or no time is given"),
    Field("line_kind", Kind.CODE, "收款、退款、撤销、手续费或其他，各自成行",
        "payment, refund, revocation, fee or other, each on a line of its own"),
    Field("printed_no", Kind.ID, "公示所印序号", "Number as printed"),
    Field("donated_on", Kind.DATE, "捐赠日期", "Given on"),
    Field("donor_name_public", Kind.TEXT, "组织名称（个人不公布）", "Name, of organisations only"),
    Field("cumulative_cny", Kind.MONEY, "净额累计（元），自活动首笔起",
        "Net so far in yuan, from the campaign's first gift"),
    Field("channel_printed", Kind.TEXT, "捐赠方式，如公示所印", "How it was given, as printed"),
    Field("recipient_printed", Kind.TEXT, "接收单位或流向，如公示所印",
        "Receiving organisation, as printed"),
)  # fmt: skip # a table of fields
