"""Fields of what projects make or do, and of incidents and complaints about them."""

from pipelines.dictionary.field import Field
from pipelines.dictionary.kinds import Kind

FIELDS = (
    Field("period", Kind.ID, "期间：2024 年、2024-H1 半年、2024-Q1 季度、2024-01 月，或起日/止日",
        "Period: a year, half, quarter or month, or first day/last day"),
    Field("output_kind", Kind.TEXT, "产出类型，如爱心超市、温暖包、梦想中心、路灯",
        "What was made or done: shops, parcels, classrooms, lamps"),
    Field("unit", Kind.TEXT, "计量单位", "Unit of the quantity"),
    Field("unit_cost_cny", Kind.MONEY, "单位成本（元），登记所载",
        "Cost of one in yuan, as registered", "空为未载", "null where none is given"),
    Field("raised_per_unit_cny", Kind.MONEY, "每单位所筹（元）＝期间净额÷产出数量",
        "Raised per unit in yuan: net of the period ÷ quantity", "无捐赠到达或数量为0则为空",
        "null where no gift has landed or the quantity is 0"),
    Field("first_gift_day", Kind.DATE, "期间内所到捐赠的首日", "First day of those gifts",
        "无则为空", "null if none"),
    Field("last_gift_day", Kind.DATE, "期间内所到捐赠的末日", "Last day of those gifts",
        "无则为空", "null if none"),
    Field("units_of_kind", Kind.SMALL, "该项目该类型各期间所用的计量单位数；多于1则数量不可相加",
        "Units in which the project states this kind; if above 1, quantities do not add up"),
    Field("is_overlapping", Kind.FLAG, "该项目该类型是否有期间重叠；重叠则数量不可相加",
        "Whether periods of the project's kind overlap; if so, quantities do not add up"),
    Field("quantity_so_far", Kind.INTEGER, "截至本期末的累计产出",
        "Quantity up to the period's end", "单位不一或期间重叠则为空",
        "null where units differ or periods overlap"),
    Field("incident_id", Kind.ID, "事件编号", "Incident"),
    Field("incident_kind", Kind.CODE, "事件类型：舆情、投诉",
        "舆情 an incident of public opinion, 投诉 a complaint"),
    Field("reported_at", Kind.DATETIME, "登记时间（北京时间）", "Reported at, Beijing time"),
    Field("closed_at", Kind.DATETIME, "办结时间（北京时间）", "Closed at, Beijing time",
        "空为未办结或未载", "null while it is open or where none is given"),
    Field("incident_severity", Kind.CODE,
        "严重程度：一般、较大、重大、特别重大；登记所载的其他写法照录",
        "Severity, from 一般 to 特别重大, or another word as registered", "空为未载",
        "null where none is given"),
)  # fmt: skip # a table of fields
