"""Marts of giving: teams and circles, donors who return, matching."""

from pipelines.dictionary import Words
from pipelines.tables.behind import gifts
from pipelines.tables.declaration import Behind, Holds, Table

_OF_CAMPAIGN = (
    "(platform_id, team_id) in (select (platform_id, team_id) from star.fact_donation"
    " where campaign_id = $campaign_id)"
)
#: The donors whose first gift is of a year.
_COHORT = (
    "donor_key <> 'unknown' and donor_key in (select donor_key from star.fact_donation"
    " where donor_key <> 'unknown' group by donor_key having min(year(paid_at)) = $cohort_year)"
)
#: A sponsor is known by a code or by its name, and no mart publishes the key of every grant.
_BY_SPONSOR = Words(
    "配捐方依代码或名称归并，归并的依据不在公布的列里，故各行说不准；"
    "见 star.fact_matching 中该活动的配捐",
    "sponsors are told apart by code or by name, and by which is not in a published column, so the"
    " rows cannot be named exactly; see the campaign's grants in star.fact_matching",
)

CIRCLE_FUNDRAISING = Table(
    "marts",
    "circle_fundraising",
    zh="一起捐的圈层：每活动每圈层一行；平台所印与订单所计分列",
    en=(
        "Team fundraising by circle: a row per campaign and circle; what teams print and what"
        " orders come to, side by side"
    ),
    grain="campaign_id circle",
    fields="""
        campaign_id circle teams teams_of_several_campaigns projects donation_count participations
        donor_count gross_cny refunded_cny net_cny gifts_of_unknown_net unknown_net_cny goal_cny
        raised_cny campaign_raised_cny share_of_raised raised_per_team_cny as_of
    """,
    present="""
        campaign_id circle teams teams_of_several_campaigns projects donation_count gross_cny
        gifts_of_unknown_net as_of
    """,
    words={
        "campaign_id": Words("活动编号：队伍的捐赠所在的活动",
            "Campaign that the teams' gifts are in"),
        "donation_count": Words("该活动中载明其队伍的捐赠笔数",
            "Gifts (orders, 笔) of the campaign that name its teams"),
        "participations": Words("参与人次，平台所印之和",
            "人次 as the platform prints them, added up", "队伍都在数个活动则为空",
            "null if all teams are of several campaigns"),
        "donor_count": Words("这些捐赠的捐款人数（不同化名）",
            "Donors of those gifts (人, distinct pseudonyms)", "来源未载则为空",
            "null where the source has none"),
        "gross_cny": Words("这些捐赠的总额（元，退款前）",
            "Gross of those gifts in yuan, before refunds"),
        "net_cny": Words("这些捐赠的净额（元，退款后），不含净额未知者",
            "Net of those gifts in yuan, without those of unknown net"),
        "gifts_of_unknown_net": Words("其中净额未知的笔数（部分退款而未载可读的退款额）",
            "How many of those gifts have an unknown net (refunded in part without a readable"
            " amount)"),
        "goal_cny": Words("目标金额之和（元）", "Goals in yuan, added up", "均未载则为空",
            "null if none is given"),
        "raised_cny": Words("已筹（元），平台所印之和", "Raised in yuan as printed, added up",
            "队伍都在数个活动则为空", "null if all teams are of several campaigns"),
    },
    holds=(
        Holds("parts_within_whole",
            "coalesce(raised_cny <= campaign_raised_cny, true) and projects <= teams and"
            " teams_of_several_campaigns <= teams and coalesce(donor_count <= donation_count,"
            " true)",
            "圈层所筹不得多于活动，项目不得多于队伍，人数不得多于笔数",
            "No circle above its campaign, no more projects than teams, no more donors than gifts"),
    ),
    behind=(
        *gifts("campaign_id = $campaign_id and (platform_id, team_id) in"
            " (select (platform_id, team_id) from star.fact_team where circle = $circle)"),
        Behind("star.fact_team", f"circle = $circle and {_OF_CAMPAIGN}",
            {"teams": "count(*)", "projects": "count(distinct project_no)"}),
        Behind("star.fact_team", f"circle = $circle and campaigns = 1 and {_OF_CAMPAIGN}",
            {"participations": "sum(participations)", "goal_cny": "sum(goal_cny)",
             "raised_cny": "sum(raised_cny)"}),
        Behind("star.fact_team", f"circle = $circle and campaigns > 1 and {_OF_CAMPAIGN}",
            {"teams_of_several_campaigns": "count(*)"}),
        Behind("star.fact_team", f"campaigns = 1 and {_OF_CAMPAIGN}",
            {"campaign_raised_cny": "sum(raised_cny)"}),
    ),
    worked={
        "share_of_raised": "raised_cny / campaign_raised_cny",
        "raised_per_team_cny": "raised_cny / (teams - teams_of_several_campaigns)",
    },
)  # fmt: skip # a declaration

DONOR_RETENTION = Table(
    "marts",
    "donor_retention",
    zh="捐款人留存：每首捐年份、每年一行；只计有化名者",
    en=(
        "Donors who give again: a row per year of the first gift and year of giving; only donors"
        " with a pseudonym"
    ),
    grain="cohort_year year",
    fields="""
        cohort_year year years_since cohort_donors donors retained_share donation_count gross_cny
        as_of
    """,
    words={
        "donation_count": Words("其当年笔数", "Their gifts of the year (orders, 笔)"),
        "gross_cny": Words("其当年捐款总额（元，退款前）",
            "Their gross of the year in yuan, before refunds"),
    },
    holds=(
        Holds("parts_within_whole",
            "donors <= cohort_donors and donors <= donation_count and (years_since > 0 or donors"
            " = cohort_donors)",
            "留存人数不得多于首捐人数与笔数；首年为全部",
            "No more donors than the cohort has or than gifts they made; in its first year, all"
            " of it"),
    ),
    behind=(
        Behind("star.fact_donation",
            f"year(paid_at) = $year and {_COHORT}",
            {"donors": "count(distinct donor_key)", "donation_count": "count(*)",
             "gross_cny": "coalesce(sum(amount_cny), 0)"}),
        Behind("star.fact_donation", f"year(paid_at) = $cohort_year and {_COHORT}",
            {"cohort_donors": "count(distinct donor_key)"}),
    ),
    worked={"years_since": "year - cohort_year", "retained_share": "donors / cohort_donors"},
)  # fmt: skip # a declaration

MATCHING_SUMMARY = Table(
    "marts",
    "matching_summary",
    zh="配捐：每活动每配捐方一行；配捐绝不与捐款相加",
    en="Matching: a row per campaign and sponsor; grants are never summed with gifts",
    grain="campaign_id sponsor_key",
    fields="""
        campaign_id sponsor_key sponsor_uscc sponsor_name grants projects matched_cny platform_cny
        corporate_cny incentive_cny matched_gifts matched_on_gifts_cny matched_gifts_cny
        multiplier self_matching self_matched_grants self_matched_cny as_of
    """,
    nullable="sponsor_uscc matched_gifts matched_on_gifts_cny matched_gifts_cny multiplier",
    words={
        "campaign_id": Words("活动编号；unknown为所载活动无处登记",
            "Campaign id; 'unknown': the campaign named is not registered"),
        "sponsor_uscc": Words("配捐方代码",
            "Sponsor's code; where none is given, the only one that its name has in other grants or"
            " the register",
            "来源未载而名录中依名称只有一个者取之，否则为空", "else null"),
        "sponsor_name": Words("配捐方名称", "Sponsor's name"),
        "projects": Words("所配项目数", "Projects matched"),
    },
    holds=(
        Holds("parts_within_whole",
            "self_matched_cny <= matched_cny and coalesce(matched_on_gifts_cny <= matched_cny,"
            " true) and platform_cny + corporate_cny + incentive_cny = matched_cny",
            "三类配捐之和须为总额，自配与就捐赠所配不得超过总额",
            "The three kinds add up to the whole; neither self-matching nor grants on gifts"
            " exceed it"),
    ),
    worked={"multiplier": "matched_on_gifts_cny / matched_gifts_cny"},
    no_rows=dict.fromkeys(
        ("grants", "projects", "matched_cny", "platform_cny", "corporate_cny", "incentive_cny",
         "matched_gifts", "matched_on_gifts_cny", "matched_gifts_cny", "self_matched_grants",
         "self_matched_cny"),
        _BY_SPONSOR,
    ),
)  # fmt: skip # a declaration

TABLES = (
    CIRCLE_FUNDRAISING,
    DONOR_RETENTION,
    MATCHING_SUMMARY,
)
