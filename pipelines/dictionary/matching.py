"""Fields of matching grants and their sponsors."""

from pipelines.dictionary.field import Field, Unit
from pipelines.dictionary.kinds import Kind

FIELDS = (
    Field("matching_no", Kind.ID, "配捐流水号", "Matching grant number"),
    Field("matched_at", Kind.DATETIME, "配捐时间（北京时间）", "Matched at, Beijing time"),
    Field("sponsor_type", Kind.CODE, "配捐类型", "Kind of matching"),
    Field("matched_cny", Kind.MONEY, "配捐总额（元）", "Matched in yuan"),
    Field("sponsor_key", Kind.ID, "配捐方：其代码，不知则为名称",
        "Sponsor: its code, else its name"),
    Field("grants", Kind.INTEGER, "配捐笔数（配捐流水，不是捐赠笔数）", "Grants, not gifts",
        counts=Unit.GRANTS),
    Field("platform_cny", Kind.MONEY, "其中平台配捐（元）", "Of which 平台配捐, by the platform"),
    Field("corporate_cny", Kind.MONEY, "其中企业配捐（元）", "Of which 企业配捐, by companies"),
    Field("incentive_cny", Kind.MONEY, "其中非定向激励（元）",
        "Of which 非定向激励, undirected incentives"),
    Field("matched_gifts", Kind.INTEGER, "引动配捐且已到达的捐赠笔数",
        "Gifts that drew grants and have landed", "无则为空", "null if none", counts=Unit.GIFTS),
    Field("matched_on_gifts_cny", Kind.MONEY, "倍数的分子：就这些捐赠所配（元）",
        "Numerator of the multiplier: grants on those gifts, in yuan"),
    Field("matched_gifts_cny", Kind.MONEY, "倍数的分母：这些捐赠的金额（元，退款前）",
        "Denominator of the multiplier: those gifts in yuan, before refunds"),
    Field("multiplier", Kind.RATIO, "配捐倍数＝就捐赠所配÷所配捐赠；配给整个项目者不计",
        "matched_on_gifts_cny ÷ matched_gifts_cny; grants to a project as a whole are left out",
        "无则为空", "null if there are none"),
    Field("self_matching", Kind.FLAG, "是否有自配：配捐方即项目当日的发起机构或公募机构",
        "Whether it matches its own: in any grant it is the project's initiator or supporter on"
        " that day"),
    Field("self_matched_grants", Kind.INTEGER, "自配笔数", "Grants to its own projects",
        counts=Unit.GRANTS),
    Field("self_matched_cny", Kind.MONEY, "自配金额（元）", "Matched to its own projects, in yuan"),
)  # fmt: skip # a table of fields
