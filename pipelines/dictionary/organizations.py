"""Fields of organisations and their roles."""

from pipelines.dictionary.field import Field
from pipelines.dictionary.kinds import Kind

FIELDS = (
    Field("organization_key", Kind.ID, "版本键：代码@版本首日；-1为未知",
        "Key of the version: code@first day; -1 is unknown"),
    Field("uscc", Kind.USCC, "统一社会信用代码", "Unified social credit code",
        refers="dim_organization"),
    Field("is_uscc_valid", Kind.FLAG, "代码校验位是否正确", "Whether the check digit is right",
        "名录未载者为空", "null for those in no register"),
    Field("name", Kind.TEXT, "名称", "Name"),
    Field("former_names", Kind.TEXT, "曾用名", "Former names"),
    Field("former_name", Kind.TEXT, "更名前的名称", "Name before it was changed"),
    Field("renamed_on", Kind.DATE, "更名日期", "Renamed on"),
    Field("kind", Kind.CODE, "组织类型", "Kind", "名录未载者为空",
        "null for those in no register"),
    Field("can_fundraise_publicly", Kind.FLAG, "是否有公开募捐资格",
        "Whether it may raise funds from the public"),
    Field("registration_authority", Kind.TEXT, "登记机关", "Registration authority"),
    Field("level", Kind.CODE, "登记层级", "Registration level"),
    Field("founded_on", Kind.DATE, "成立日期", "Founded on"),
    Field("is_inferred", Kind.FLAG, "是否仅被提及而名录未载",
        "Whether it is only named, and in no register"),
    Field("version_no", Kind.SMALL, "版本序号，从1开始", "Number of the version, from 1"),
    Field("income_cny", Kind.MONEY, "年度总收入（元）", "Income of the year in yuan"),
    Field("charitable_spending_cny", Kind.MONEY, "慈善活动支出（元）",
        "Spent on charitable activities, in yuan"),
    Field("total_spending_cny", Kind.MONEY, "总支出（元）", "Spent in all, in yuan"),
    Field("net_assets_cny", Kind.MONEY, "年末净资产（元）",
        "Net assets at the end of the year, in yuan", "未载则为空", "null where none are given"),
    Field("report_published_on", Kind.DATE, "年报公布日期", "Day the report was published",
        "未载则为空", "null where none is given"),
    Field("audit_report", Kind.FLAG, "是否有审计报告", "Whether there is an audit report",
        "未载则为空", "null where nothing is said"),
)  # fmt: skip # a table of fields
