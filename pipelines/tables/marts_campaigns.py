"""Marts of campaigns: in all, and day by day."""

from pipelines.dictionary import Words
from pipelines.tables.behind import NOT_PRINTED, county_of, gifts, own_county
from pipelines.tables.declaration import Behind, Holds, Table

CAMPAIGN_DAILY = Table(
    "marts",
    "campaign_daily",
    zh="活动每日：有捐赠的每活动每日一行",
    en="A campaign day by day: a row per campaign and day with gifts",
    grain="campaign_id date_day",
    fields="""
        campaign_id date_day date_key donation_count participations donor_count gross_cny
        refunded_cny net_cny gifts_of_unknown_net unknown_net_cny cumulative_cny as_of
    """,
    present="campaign_id date_day date_key donation_count gross_cny as_of",
    words={
        "date_day": Words("支付日期（北京时间）", "Day paid, Beijing time"),
        "participations": Words("人次", "人次", "待有来源按活动逐日公布人次方可填写，此前为空",
            "null until a source prints it by campaign and day"),
        "donor_count": Words("当日捐款人数（不同化名），不可跨日相加",
            "Donors of the day (人, distinct pseudonyms); do not add them up over days"),
        "refunded_cny": Words("当日捐赠的退款（元），记在捐赠当日",
            "Refunds of that day's gifts, in yuan"),
    },
    behind=(
        *gifts("campaign_id = $campaign_id and cast(paid_at as date) = $date_day"),
        Behind("star.fact_donation",
            "campaign_id = $campaign_id and cast(paid_at as date) <= $date_day",
            {"cumulative_cny": "sum(net_cny)"}),
    ),
    no_rows={"participations": NOT_PRINTED},
)  # fmt: skip # a declaration

_ADMITTED = "campaign_id = $campaign_id and is_admitted"
_COUNTY = county_of("fact_campaign_entry.region_code")

CAMPAIGN_SUMMARY = Table(
    "marts",
    "campaign_summary",
    zh="活动总览：每活动一行；未到的来源为空，绝不为0",
    en="A campaign at a glance: a row per campaign; a source that has not landed is null, never 0",
    grain="campaign_id",
    fields="""
        campaign_id name_zh program_id starts_on ends_on entries admitted admission_rate
        organizations domains prefectures_covered counties_covered sichuan_39_covered
        admitted_of_unknown_county donation_count participations donor_count gross_cny
        refunded_cny net_cny avg_cny gifts_of_unknown_net unknown_net_cny matching_cny
        of_known_county_cny own_county_share offline_cny offline_goods_cny
        offline_unstated_cny incidents complaints as_of
    """,
    present="campaign_id name_zh program_id as_of",
    words={
        "donation_count": Words("捐赠笔数", "Gifts (orders, 笔)", "空为无捐赠到达",
            "null if none have landed"),
        "participations": Words("人次；待有来源按活动公布人次方可填写，此前为空，绝不以笔数代之",
            "人次; null until a source prints it by campaign; 笔 never stands in for it"),
    },
    holds=(
        Holds("parts_within_whole",
            "coalesce(admitted <= entries, true) and coalesce(donor_count <= donation_count, true)",
            "入场数不得多于报名数，人数不得多于笔数",
            "No more are admitted than applied, no more donors than gifts",
            shown="campaign_id entries admitted donation_count donor_count"),
    ),
    behind=(
        *gifts("campaign_id = $campaign_id"),
        Behind("star.fact_campaign_entry", "campaign_id = $campaign_id", {"entries": "count(*)"}),
        *own_county("campaign_id = $campaign_id"),
        Behind("star.fact_campaign_entry", f"{_ADMITTED} and {_COUNTY} is not null",
            {"counties_covered": f"count(distinct {_COUNTY})"}),
        Behind("star.fact_campaign_entry", f"{_ADMITTED} and {_COUNTY} in (select region_code"
            " from star.dim_region where is_latest_of_code and is_sichuan_39)",
            {"sichuan_39_covered": f"count(distinct {_COUNTY})"}),
        Behind("star.fact_campaign_entry", f"{_ADMITTED} and {_COUNTY} is null",
            {"admitted_of_unknown_county": "count(*)"}),
        Behind("star.fact_campaign_entry", _ADMITTED,
            {"admitted": "count(*)", "organizations": "count(distinct applicant_uscc)",
             "domains": "count(distinct domain)"}),
        Behind("star.fact_matching", "campaign_id = $campaign_id",
            {"matching_cny": "sum(matched_cny)"}),
        Behind("star.fact_offline_gift", "campaign_id = $campaign_id",
            {"offline_cny": "coalesce(sum(money_cny), 0)",
             "offline_goods_cny": "coalesce(sum(goods_value_cny), 0)",
             "offline_unstated_cny": "coalesce(sum(unstated_cny), 0)"}),
        Behind("star.fact_incident", "campaign_id = $campaign_id and incident_kind = '舆情'",
            {"incidents": "count(*)"}),
        Behind("star.fact_incident", "campaign_id = $campaign_id and incident_kind = '投诉'",
            {"complaints": "count(*)"}),
    ),
    worked={
        "admission_rate": "admitted / entries",
        "avg_cny": "net_cny / (donation_count - gifts_of_unknown_net)",
        "own_county_share": "own_county_cny / of_known_county_cny",
    },
    no_rows={
        "participations": NOT_PRINTED,
        "prefectures_covered": Words(
            "归入今日哪个地市要循区划沿革逐步查，只凭公布的列说不全；入场各项目见“入场”一数",
            "in which prefecture a place lies today follows the history of codes step by step, and"
            " the published columns do not tell in full; the admitted projects are behind"
            " the figure Admitted"),
    },
)  # fmt: skip # a declaration

TABLES = (
    CAMPAIGN_DAILY,
    CAMPAIGN_SUMMARY,
)
