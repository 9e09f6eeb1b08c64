"""Facts of communities: applicants, funds, observation points, organisations, villages."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Holds, Table

_REGION = Words("区划代码；unknown为无此代码", "Region code; unknown if no such code exists")

FACT_PROGRAM_APPLICATION = Table(
    "star",
    "fact_program_application",
    zh="社区慈善项目的报名：每单位一行，取最新一次导出",
    en="Applications to a community programme: a row per applicant, from the newest export",
    grain="applicant_name",
    fields="""
        applicant_name applicant_uscc kind region_code region_text online_projects brand_projects
        funds_planned funds_cultivated export_date source_file_id source_row
    """,
    nullable="region_code region_text",
    register="community_program_applicants",
    known="region_code",
    words={
        "applicant_uscc": Words("申报单位统一社会信用代码；unknown为未载",
            "Applicant's code; unknown where none is given"),
        "kind": Words("单位类别：市州慈善会、单位会员",
            "Kind of applicant: charity of a prefecture, or member"),
        "region_code": Words(_REGION.zh, _REGION.en, "空为未载", "null where none is given"),
    },
)  # fmt: skip # a declaration

FACT_COMMUNITY_FUND = Table(
    "star",
    "fact_community_fund",
    zh="社区基金：每基金一行，取最新一次导出",
    en="Community funds: a row per fund, from the newest export",
    grain="fund_id",
    fields="""
        fund_id name community region_code region_text manager_uscc founded_on founded_date_key
        closed_on balance_cny export_date source_file_id source_row
    """,
    nullable="region_text closed_on balance_cny",
    register="community_funds",
    known="region_code",
    words={"region_code": _REGION},
    holds=(
        Holds("closed_after_founded", "closed_on >= founded_on", "终止不早于成立",
            "A fund does not close before it was founded"),
    ),
)  # fmt: skip # a declaration

FACT_OBSERVATION_POINT = Table(
    "star",
    "fact_observation_point",
    zh="社区社会组织观察点：每地区一行，取其最新一次导出",
    en="Observation points: a row per region, from the newest export that has it",
    grain="registered_region_code",
    fields="""
        registered_region_code region_code level stage starts_on starts_date_key ends_on
        export_date source_file_id source_row
    """,
    nullable="stage ends_on",
    register="observation_points",
    known="region_code",
    words={
        "region_code": _REGION,
        "level": Words("观察点级别：省级、市级",
            "Level of the point: of the province, of the city"),
        "ends_on": Words("末日（含）", "Last day, included", "空为仍在", "null while it goes on"),
    },
)  # fmt: skip # a declaration

FACT_ORG_COUNT = Table(
    "star",
    "fact_org_count",
    zh="社区社会组织数：每地区每统计日期一行，取其最新一次导出",
    en="Counts of community organisations: a row per region and day, from its newest export",
    grain="registered_region_code counted_on",
    fields="""
        registered_region_code counted_on region_code counted_date_key registered filed total
        export_date source_file_id source_row
    """,
    register="community_org_counts",
    known="region_code",
    words={"region_code": _REGION},
    holds=(
        Holds("total_is_the_sum", "total = registered + filed", "总数等于登记制与备案制之和",
            "The total is what is registered and what is filed"),
    ),
)  # fmt: skip # a declaration

FACT_VILLAGE = Table(
    "star",
    "fact_village",
    zh="为村的村庄：每代码一行，取最新一次导出；代码前六位为县",
    en="Villages of 为村: a row per code, whose first six digits are the county",
    grain="village_code",
    fields="""
        village_code region_code joined_on joined_date_key certified_villagers logs export_date
        source_file_id source_row
    """,
    nullable="certified_villagers logs",
    register="villages",
    known="region_code",
    words={
        "region_code": Words("所在县的区划代码；unknown为无此代码",
            "Region code of its county; unknown if no such code exists"),
    },
)  # fmt: skip # a declaration

TABLES = (
    FACT_PROGRAM_APPLICATION,
    FACT_COMMUNITY_FUND,
    FACT_OBSERVATION_POINT,
    FACT_ORG_COUNT,
    FACT_VILLAGE,
)
