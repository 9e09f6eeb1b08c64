"""Fields of giving by year: of a campaign, of an organisation."""

from pipelines.dictionary.field import Field, Unit
from pipelines.dictionary.kinds import Kind

FIELDS = (
    Field("gifts_of_known_net", Kind.INTEGER, "笔均的分母：净额可知的笔数",
        "The denominator of the mean: gifts whose net is known", counts=Unit.GIFTS),
    Field("gifts_10_yuan_or_less", Kind.INTEGER, "10元以下（含10.00元，退款前）的笔数",
        "Gifts of 10.00 yuan or less, as paid", counts=Unit.GIFTS),
    Field("share_10_yuan_or_less", Kind.SHARE, "10元以下笔数占比＝其笔数÷全部笔数",
        "Share of gifts of 10.00 yuan or less: gifts_10_yuan_or_less ÷ donation_count"),
    Field("companies", Kind.INTEGER, "企业与组织捐款人数（不同化名）：组织所捐或经企业捐",
        "Companies: distinct pseudonyms of organisations or of corporate gifts", "无化名则为空",
        "null where the source has no pseudonyms",
        counts=Unit.DONORS),
    Field("charities", Kind.INTEGER, "获捐项目的发起机构数",
        "Initiators of the projects that gifts reached", "均不详则为空", "null if none is known"),
    Field("repeat_projects", Kind.INTEGER, "其中同一计划更早年份已获捐者",
        "Of these, reached in an earlier year of the programme", "所知首年为空",
        "null in the first year that landed",
        counts=Unit.PROJECTS),
    Field("repeat_projects_share", Kind.SHARE, "重复参与率＝重复项目÷获捐项目",
        "Share of repeat projects: repeat_projects ÷ projects"),
    Field("previous_campaign_id", Kind.ID, "上一届活动", "The edition before",
        "隔年或一年多场则为空", "null after a year without one, or where a year had several"),
    Field("previous_gross_cny", Kind.MONEY, "上一届总额（元），增长的分母",
        "Gross of the edition before in yuan, the denominator of growth"),
    Field("growth_ratio", Kind.RATIO, "倍数＝所筹÷上一年所筹", "raised_cny ÷ previous_raised_cny"),
    Field("growth_rate", Kind.RATIO, "增长率＝倍数－1", "The ratio less 1"),
    Field("previous_raised_cny", Kind.MONEY, "增长的分母：上一年所筹（元）",
        "Denominator of growth: raised the year before", "上一年无捐赠到达则为空",
        "null if no gift of that year has landed"),
    Field("of_split_county_cny", Kind.MONEY,
        "捐款人所在县的旧代码今已一分为数的捐款（元）：不知何县，不入上项",
        "Gross of gifts whose donor's county code has been split into several of today's: the"
        " county is not known, so they are not in the denominator above"),
    Field("first_online_year", Kind.SMALL, "首次网络筹款年份（本仓库所知）",
        "First year of online fundraising that the warehouse knows"),
    Field("below_300k", Kind.FLAG, "是否30万元以下（含300000.00元）",
        "Whether it raised 300,000.00 yuan or less (以下 includes the bound)"),
)  # fmt: skip # a table of fields
