"""Marts of communities: funds, observation points, organisations, villages."""

from pipelines.dictionary import Words
from pipelines.tables.behind import county_today
from pipelines.tables.declaration import Behind, Holds, Table

_PREFECTURE = Words(
    "地级代码；无地级者为省级代码，无此代码为unknown",
    "The prefecture's code, the province's where there is none; unknown if no such code exists",
)

#: The place counts for the prefecture where it lies today; where there is none, for the province.
_IN_PREFECTURE = (
    "coalesce((select coalesce(today.prefecture_code, place.province_code)"
    " from star.dim_region as place left join star.dim_region as today"
    " on place.code_today = today.region_code and today.is_latest_of_code"
    " where place.is_latest_of_code and place.region_code = {0}.region_code), 'unknown')"
    " = $prefecture_code"
)

_OF_FUNDS = _IN_PREFECTURE.format("fact_community_fund")
#: Observation points of a prefecture, level and stage.
_POINTS = (
    f"{_IN_PREFECTURE.format('fact_observation_point')} and level = $level"
    " and coalesce(stage, '未载') = $stage"
)

COMMUNITY_FUNDS = Table(
    "marts",
    "community_funds",
    zh="社区基金：每地级、每截至日一行；拟建与存量分列",
    en="Community funds: a row per prefecture and as-of day; plans and stock side by side",
    grain="prefecture_code as_of",
    fields="""
        prefecture_code prefecture_name applicants planned cultivated founded closed stock as_of
    """,
    present="prefecture_code prefecture_name as_of",
    refers={"prefecture_code": "dim_region.region_code"},
    words={"prefecture_code": _PREFECTURE},
    holds=(
        Holds("stock_is_founded_less_closed",
            "coalesce(stock = founded - closed and closed <= founded, true)",
            "存量等于成立减终止", "The stock is what was founded less what has closed"),
    ),
    behind=(
        Behind("star.fact_program_application", _IN_PREFECTURE.format("fact_program_application"),
            {"applicants": "count(*)", "planned": "coalesce(sum(funds_planned), 0)",
             "cultivated": "coalesce(sum(funds_cultivated), 0)"}),
        Behind("star.fact_community_fund", f"{_OF_FUNDS} and founded_on <= $as_of",
            {"founded": "count(*)"}),
        Behind("star.fact_community_fund",
            f"{_OF_FUNDS} and founded_on <= $as_of and closed_on <= $as_of",
            {"closed": "count(*)"}),
        Behind("star.fact_community_fund", f"{_OF_FUNDS} and founded_on <= $as_of"
            " and coalesce(closed_on > $as_of, true)", {"stock": "count(*)"}),
    ),
)  # fmt: skip # a declaration

OBSERVATION_POINTS = Table(
    "marts",
    "observation_points",
    zh="社区社会组织观察点：每地级、级别、阶段一行",
    en="Observation points: a row per prefecture, level and stage",
    grain="prefecture_code level stage",
    fields="prefecture_code prefecture_name level stage listed in_force ended upcoming as_of",
    refers={"prefecture_code": "dim_region.region_code"},
    words={
        "prefecture_code": _PREFECTURE,
        "level": Words("观察点级别：省级、市级",
            "Level of the point: of the province, of the city"),
        "stage": Words("阶段：培育发展、能力提升、示范引领；未载自成一行",
            "Stage of development; 未载 where none is given"),
    },
    holds=(
        Holds("parts_are_the_whole", "listed = in_force + ended + upcoming and in_force >= 0",
            "所载等于仍在、已结束与尚未开始之和",
            "Those listed are in force, ended or still to come"),
    ),
    behind=(
        Behind("star.fact_observation_point", _POINTS, {"listed": "count(*)"}),
        Behind("star.fact_observation_point", f"{_POINTS} and ends_on < $as_of",
            {"ended": "count(*)"}),
        Behind("star.fact_observation_point", f"{_POINTS} and starts_on > $as_of",
            {"upcoming": "count(*)"}),
        Behind("star.fact_observation_point", f"{_POINTS} and coalesce(ends_on >= $as_of, true)"
            " and coalesce(starts_on <= $as_of, true)", {"in_force": "count(*)"}),
    ),
)  # fmt: skip # a declaration

ORG_COUNTS = Table(
    "marts",
    "org_counts",
    zh="社区社会组织数：每地区每统计日期一行",
    en="Counts of community organisations: a row per region and day counted",
    grain="registered_region_code counted_on",
    fields="""
        registered_region_code counted_on region_code region_name registered filed total
        registered_share is_latest as_of
    """,
    nullable="registered_share",
    holds=(
        Holds("total_is_the_sum", "total = registered + filed", "总数等于登记制与备案制之和",
            "The total is what is registered and what is filed"),
    ),
    behind=(
        Behind("star.fact_org_count",
            "registered_region_code = $registered_region_code and counted_on = $counted_on",
            {"registered": "sum(registered)", "filed": "sum(filed)", "total": "sum(total)"}),
    ),
    worked={"registered_share": "registered / total"},
)  # fmt: skip # a declaration

VILLAGES = Table(
    "marts",
    "villages",
    zh="为村：每县一行",
    en="Villages of 为村: a row per county",
    grain="region_code",
    fields="""
        region_code county_name province_name villages first_joined_on last_joined_on
        villages_with_certified certified_villagers certified_per_village villages_with_logs logs
        logs_per_village as_of
    """,
    words={
        "region_code": Words("县的现行代码；一分为数者为旧代码，无此代码为unknown",
            "The county's code today; the old one if it was split, unknown if no such code exists"),
    },
    nullable="certified_villagers certified_per_village logs logs_per_village",
    holds=(
        Holds("parts_within_whole",
            "villages_with_certified <= villages and villages_with_logs <= villages",
            "载明者不多于村庄数", "No more villages tell than there are"),
    ),
    behind=(
        Behind("star.fact_village", f"{county_today('fact_village')} = $region_code",
            {"villages": "count(*)", "villages_with_certified": "count(certified_villagers)",
             "certified_villagers": "sum(certified_villagers)",
             "villages_with_logs": "count(logs)", "logs": "sum(logs)"}),
    ),
    worked={
        "certified_per_village": "certified_villagers / villages_with_certified",
        "logs_per_village": "logs / villages_with_logs",
    },
)  # fmt: skip # a declaration

TABLES = (
    COMMUNITY_FUNDS,
    OBSERVATION_POINTS,
    ORG_COUNTS,
    VILLAGES,
)
