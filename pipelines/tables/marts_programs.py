"""Marts of programmes: which counties they reach."""

from pipelines.dictionary import Words
from pipelines.tables.behind import county_today
from pipelines.tables.declaration import Behind, Holds, Table

PROGRAM_COVERAGE = Table(
    "marts",
    "program_coverage",
    zh="项目计划的覆盖：名单上每县一行（入选与否），名单外的参与县亦各一行",
    en=(
        "Coverage of a programme: a row per county of its list, enrolled or not, and per county"
        " that takes part outside of it"
    ),
    grain="program_id county_code",
    fields="""
        program_id county_code county_name province_name is_listed list_is_complete listed_counties
        enrolled organizations enrolled_on org_uscc org seed_grant_cny seed_grant_paid_cny
        staff_before staff_after first_online brand_project raised_cny gifts_of_unknown_net as_of
    """,
    present="program_id county_code county_name enrolled organizations as_of",
    refers={"program_id": "dim_program", "county_code": "dim_region.region_code"},
    loose="org_uscc",
    words={
        "county_code": Words("县的现行代码；不是单一之县者为所载代码，无此代码为unknown",
            "The county's code today; what is no single county has the code it is listed by,"
            " unknown if no such code exists"),
        "list_is_complete": Words("所知名单是否完整：单位数等于官方数目",
            "Whether the list is known in full: as many units as its official count",
            "计划无名单则为空", "null if the programme has no list"),
        "listed_counties": Words("分母：所知名单的县数",
            "Denominator: counties of the list as far as it is known", "计划无名单则为空",
            "null if the programme has no list"),
        "organizations": Words("入选机构数", "Organisations enrolled"),
        "enrolled_on": Words("最早入选日期", "First enrolled on", "未入选则为空",
            "null if not enrolled"),
        "org_uscc": Words("参与机构统一社会信用代码，以分号分隔",
            "Codes of the participants, separated by semicolons", "未入选则为空",
            "null if not enrolled"),
        "seed_grant_cny": Words("启动资金合计（元）", "Seed grants in yuan",
            "未入选或有一未载则为空", "null if not enrolled or if one is not told"),
        "staff_before": Words("入选前专职人数合计", "Full-time staff before",
            "未入选或有一未载则为空", "null if not enrolled or if one is not told"),
        "staff_after": Words("入选后专职人数合计", "Full-time staff after",
            "未入选或有一未载则为空", "null if not enrolled or if one is not told"),
        "raised_cny": Words("入选以来所筹（元）：参与机构发起的项目及其品牌项目的净额",
            "Raised since it was enrolled, in yuan: net of gifts to projects that the participants"
            " initiate and to their brand projects",
            "未入选或无所知项目则为空", "null if not enrolled or if no project is known"),
        "gifts_of_unknown_net": Words("其中净额未知的笔数，未计入所筹",
            "Of those gifts, how many have an unknown net and are not in raised_cny"),
    },
    holds=(
        Holds("enrolled_has_organizations",
            "enrolled = (organizations > 0) and (enrolled or (is_listed and org_uscc is null and"
            " raised_cny is null))",
            "入选即有机构；未入选者必在名单内，且无机构与所筹",
            "Enrolled is having an organisation; who is not enrolled is on the list, without"
            " organisation and amount"),
        Holds("paid_within_granted",
            "coalesce(seed_grant_paid_cny <= seed_grant_cny, true)",
            "已拨付不多于启动资金", "No more is paid than was granted"),
    ),
    behind=(
        Behind("star.fact_enrollment",
            f"program_id = $program_id and {county_today('fact_enrollment')} = $county_code",
            {"organizations": "count(*)", "seed_grant_cny": "sum(seed_grant_cny)",
             "staff_before": "sum(staff_before)", "staff_after": "sum(staff_after)"}),
        Behind("star.fact_enrollment", f"program_id = $program_id"
            f" and {county_today('fact_enrollment')} = $county_code and seed_granted_on <= $as_of",
            {"seed_grant_paid_cny": "sum(seed_grant_cny)"}),
        Behind("star.dim_county_list", "program_id = $program_id",
            {"listed_counties": "max(listed_counties)"}),
    ),
    no_rows=dict.fromkeys(("raised_cny", "gifts_of_unknown_net"), Words(
        "项目归哪个县按与参与机构、品牌项目的远近排定，排定的次序不在公布的列里，故各行说不准",
        "which county a project counts for is settled by how near it is to the participants, and"
        " that order is in no published column, so the rows cannot be named exactly")),
)  # fmt: skip # a declaration

TABLES = (PROGRAM_COVERAGE,)
