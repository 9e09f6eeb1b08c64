"""Fields of programmes: who takes part, what the counties of a list come to."""

from pipelines.dictionary.field import Field, Unit
from pipelines.dictionary.kinds import Kind

FIELDS = (
    Field("county_code", Kind.REGION, "县级区划代码，如登记所载",
        "County code, as the register has it"),
    Field("org_uscc", Kind.USCC, "参与机构统一社会信用代码",
        "Participant's unified social credit code", refers="dim_organization.uscc"),
    Field("batch", Kind.TEXT, "批次", "Batch"),
    Field("enrolled_on", Kind.DATE, "入选日期", "Enrolled on"),
    Field("enrolled_date_key", Kind.SMALL, "入选日期键", "Key of the day enrolled",
        refers="dim_date.date_key"),
    Field("seed_grant_cny", Kind.MONEY, "启动资金（元）", "Seed grant in yuan", "空为未载",
        "null where none is given"),
    Field("seed_granted_on", Kind.DATE, "启动资金拨付日期", "Seed grant paid on", "空为未载",
        "null where none is given"),
    Field("staff_before", Kind.INTEGER, "入选前专职人数", "Full-time staff before", "空为未载",
        "null where none is given", counts=Unit.STAFF),
    Field("staff_after", Kind.INTEGER, "入选后专职人数", "Full-time staff after", "空为未载",
        "null where none is given", counts=Unit.STAFF),
    Field("first_online_fundraising", Kind.FLAG, "是否首次互联网筹款",
        "Whether it raised funds online for the first time", "空为未载",
        "null where none is given"),
    Field("brand_project_no", Kind.ID, "品牌项目编号", "Its brand project", "空为未载",
        "null where none is given"),
    Field("is_listed", Kind.FLAG, "是否在该计划的县域名单内",
        "Whether the county is on the programme's list", "计划无名单或县不可知则为空",
        "null if the programme has no list or the county is not known"),
    Field("enrolled", Kind.FLAG, "是否有机构入选", "Whether an organisation is enrolled"),
    Field("org", Kind.TEXT, "参与机构现名，以分号分隔；名称不知者为其代码",
        "Present names of the participants, separated by semicolons; the code of one whose name is"
        " not known", "未入选则为空", "null if not enrolled"),
    Field("brand_project", Kind.ID, "品牌项目编号，以分号分隔",
        "Numbers of the brand projects, separated by semicolons", "空为未载",
        "null where none is given"),
    Field("seed_grant_paid_cny", Kind.MONEY, "其中截至日已拨付的启动资金（元）",
        "Of these grants, those paid by the as-of day, in yuan", "无载明已拨付者则为空",
        "null if none is told to be paid"),
    Field("first_online", Kind.FLAG, "是否有机构首次互联网筹款",
        "Whether one of them raised funds online for the first time", "不知则为空",
        "null where it is not known"),
)  # fmt: skip # a table of fields
