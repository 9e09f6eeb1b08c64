"""Marts of giving from year to year: of a campaign, of an organisation, between regions."""

from pipelines.dictionary import Words
from pipelines.tables.behind import GIFTS, NOT_PRINTED, OWN_COUNTY, county_of, gifts
from pipelines.tables.declaration import Behind, Holds, Table

_OF_YEAR = "year(paid_at) = $year"
#: The region of the donor or the project lies in the band of that name.
_IN_BAND = (
    "{0}_region_code in (select region_code from star.dim_region"
    " where is_latest_of_code and band3 = ${0}_band)"
)

#: The day on which a grant counts: of the gift that it matches, else the campaign's nearest.
_COUNTS_ON = (
    "coalesce((select cast(gift.paid_at as date) from star.fact_donation as gift"
    " where gift.platform_id = fact_matching.platform_id"
    " and gift.order_no = fact_matching.order_no),"
    " (select greatest(run.starts_on, least(run.ends_on, cast(fact_matching.matched_at as date)))"
    " from star.dim_campaign as run where run.campaign_id = fact_matching.campaign_id),"
    " cast(matched_at as date))"
)

_DONORS_COUNTY = county_of("fact_donation.donor_region_code")
#: The county that an organisation is registered in now.
_ITS_COUNTY = (
    "(select today.region_code from star.dim_organization as body"
    " inner join star.dim_region as place on body.region_code = place.region_code"
    " and place.is_latest_of_code inner join star.dim_region as today"
    " on place.code_today = today.region_code and today.is_latest_of_code"
    " and today.level = 'county' where body.uscc = $uscc and body.is_current)"
)
#: What a band receives in a year, wherever it comes from.
_RECEIVED = {
    "received_east_cny": "东部",
    "received_centre_cny": "中部",
    "received_west_cny": "西部",
}

GIVING_DAY_YEARLY = Table(
    "marts",
    "giving_day_yearly",
    zh="活动各年：每活动每支付年份一行；配捐不计入捐款",
    en=(
        "Campaigns year by year: a row per campaign and year of payment; matching is not counted"
        " as giving"
    ),
    grain="campaign_id year",
    fields="""
        campaign_id year name_zh program_id donation_count participations donor_count gross_cny
        refunded_cny net_cny gifts_of_known_net gifts_of_unknown_net unknown_net_cny avg_cny
        gifts_10_yuan_or_less share_10_yuan_or_less matching_cny companies charities projects
        repeat_projects repeat_projects_share previous_campaign_id previous_gross_cny growth_ratio
        growth_rate as_of
    """,
    present="""
        campaign_id year name_zh program_id donation_count gross_cny gifts_of_known_net
        gifts_10_yuan_or_less share_10_yuan_or_less projects as_of
    """,
    words={
        "year": Words("支付年份（北京时间）", "Year of payment, Beijing time"),
        "participations": Words("人次；待有来源按活动公布人次方可填写，此前为空，绝不以笔数代之",
            "人次; null until a source prints it by campaign; 笔 never stands in for it"),
        "gross_cny": Words("捐款总额（元，退款前，不含配捐）",
            "Gross in yuan, before refunds, without matching"),
        "net_cny": Words("净额（元，退款后，不含配捐）",
            "Net in yuan, after refunds, without matching"),
        "matching_cny": Words(
            "该活动该年的配捐（元），从所配捐赠之年而不从入账之年，与捐款分列，绝不相加",
            "Matching grants in yuan on gifts of the campaign and year, whenever booked, beside"
            " the gifts and never added to them",
            "无配捐到达则为空", "null where none have landed"),
        "projects": Words("获捐项目数", "Projects that gifts reached"),
        "growth_ratio": Words("本届为上届的倍数＝总额÷上届总额",
            "Multiple of the edition before: gross ÷ previous_gross_cny"),
        "growth_rate": Words("增长率＝倍数－1（23.6倍为增长2260%）",
            "Growth: the ratio less 1 (23.6 times is +2,260%)"),
    },
    holds=(
        Holds("parts_within_whole",
            "coalesce(donor_count <= donation_count, true) and gifts_10_yuan_or_less <="
            " donation_count and coalesce(repeat_projects <= projects, true)",
            "人数与小额笔数不得多于笔数，重复项目不得多于项目",
            "No more donors or small gifts than gifts, no more repeat projects than projects"),
    ),
    behind=(
        *gifts(f"campaign_id = $campaign_id and {_OF_YEAR}",
            charities="count(distinct nullif(initiator_uscc, 'unknown'))",
            projects="count(distinct project_no)"),
        Behind("star.fact_donation",
            f"campaign_id = $campaign_id and {_OF_YEAR} and net_cny is not null",
            {"gifts_of_known_net": "count(*)"}),
        Behind("star.fact_donation",
            f"campaign_id = $campaign_id and {_OF_YEAR} and amount_cny <= 10.00",
            {"gifts_10_yuan_or_less": "count(*)"}),
        Behind("star.fact_donation",
            f"campaign_id = $campaign_id and {_OF_YEAR} and donor_key <> 'unknown'"
            " and (donor_kind = 'organization' or channel_id = 'corporate')",
            {"companies": "count(distinct donor_key)"}),
        Behind("star.fact_matching", f"campaign_id = $campaign_id and year({_COUNTS_ON}) = $year",
            {"matching_cny": "sum(matched_cny)"}),
        Behind("star.fact_donation", f"campaign_id = $campaign_id and {_OF_YEAR} and project_no in"
            " (select earlier.project_no from star.fact_donation as earlier"
            " where year(earlier.paid_at) < $year and earlier.campaign_id in"
            " (select campaign_id from star.dim_campaign where program_id = $program_id))",
            {"repeat_projects": "count(distinct project_no)"}),
        Behind("marts.giving_day_yearly",
            "campaign_id = $previous_campaign_id and year = $year - 1",
            {"previous_gross_cny": "sum(gross_cny)"}),
    ),
    worked={
        "avg_cny": "net_cny / gifts_of_known_net",
        "share_10_yuan_or_less": "gifts_10_yuan_or_less / donation_count",
        "repeat_projects_share": "repeat_projects / projects",
        "growth_ratio": "gross_cny / previous_gross_cny",
        "growth_rate": "growth_ratio - 1",
    },
    no_rows={"participations": NOT_PRINTED},
)  # fmt: skip # a declaration

ORG_GROWTH = Table(
    "marts",
    "org_growth",
    zh="机构成长：每发起机构每年一行",
    en="Organisations growing: a row per initiator and year",
    grain="uscc year",
    fields="""
        uscc year name donation_count participations donor_count gross_cny refunded_cny raised_cny
        gifts_of_unknown_net unknown_net_cny previous_raised_cny growth_ratio growth_rate
        of_known_county_cny of_split_county_cny own_county_share first_online_year below_300k
        as_of
    """,
    present="uscc year name donation_count gross_cny as_of",
    words={
        "uscc": Words("发起机构统一社会信用代码；unknown为未载",
            "Initiator's unified social credit code; unknown where none is given"),
        "year": Words("支付年份（北京时间）", "Year of payment, Beijing time"),
        "name": Words("机构现名", "The organisation's present name"),
        "participations": Words("人次；待有来源按年公布人次方可填写，此前为空，绝不以笔数代之",
            "人次; null until a source prints it by year; 笔 never stands in for it"),
        "raised_cny": Words("所筹（元）＝净额，退款后，不含配捐",
            "Raised in yuan: net of refunds, without matching"),
        "of_known_county_cny": Words("本县占比的分母：捐款人所在县可知的捐款（元）",
            "Denominator of the own county: gross of gifts whose donor's county is known",
            "机构不在县级登记或无一可知则为空",
            "null if the organisation has no county or none is known"),
        "own_county_share": Words(
            "本县占比＝本县捐款人所捐÷捐款人所在县可知的捐款；按现行代码比较，新旧代码同为一县",
            "Share from its own county ÷ of_known_county_cny; counties by the code they have"
            " today, old and new codes being one"),
    },
    holds=(
        Holds("parts_within_whole",
            "coalesce(donor_count <= donation_count and raised_cny <= gross_cny and"
            " of_known_county_cny <= gross_cny, true)",
            "人数不得多于笔数，所筹与县可知的捐款不得多于总额",
            "No more donors than gifts; neither what was raised nor the gifts of a known county"
            " exceed the gross"),
    ),
    behind=(
        *gifts(f"initiator_uscc = $uscc and {_OF_YEAR}", raised_cny="sum(net_cny)"),
        Behind("marts.org_growth", "uscc = $uscc and year = $year - 1",
            {"previous_raised_cny": "sum(raised_cny)"}),
        Behind("star.fact_donation",
            f"initiator_uscc = $uscc and {_OF_YEAR} and {_DONORS_COUNTY} is not null",
            {"of_known_county_cny": "sum(amount_cny)"}),
        Behind("star.fact_donation",
            f"initiator_uscc = $uscc and {_OF_YEAR} and {_DONORS_COUNTY} = {_ITS_COUNTY}",
            {"own_county_cny": "coalesce(sum(amount_cny), 0)"}, OWN_COUNTY),
    ),
    worked={
        "growth_ratio": "raised_cny / previous_raised_cny",
        "growth_rate": "growth_ratio - 1",
        "own_county_share": "own_county_cny / of_known_county_cny",
    },
    no_rows={
        "participations": NOT_PRINTED,
        "of_split_county_cny": Words(
            "一分为数的旧代码要循区划沿革逐步查，公布的列里没有它今日分成几个",
            "that a code was split is found by following the history of codes; how many it has"
            " become by today is in no published column"),
    },
)  # fmt: skip # a declaration

REGIONAL_FLOW = Table(
    "marts",
    "regional_flow",
    zh="捐赠的区域流向：每年、捐款人地带、项目地带一行（东中西旧口径；未知自成一带）",
    en=(
        "Where gifts come from and go to: a row per year, band of the donor and band of the"
        " project (older rule; unknown is a band)"
    ),
    grain="year donor_band project_band",
    fields="""
        year donor_band project_band donation_count participations donor_count gross_cny
        year_gross_cny given_by_band_cny received_by_band_cny share_of_year share_of_given
        share_of_received received_east_to_centre received_east_to_west as_of
    """,
    nullable="participations donor_count received_east_to_centre received_east_to_west",
    words={
        "year": Words("支付年份（北京时间）", "Year of payment, Beijing time"),
        "participations": Words("人次", "人次", "待有来源按捐款人地区公布人次方可填写，此前为空",
            "null until a source prints it by the donor's region"),
        "donor_count": Words("捐款人数（不同化名），不可跨行相加",
            "Donors (人, distinct pseudonyms); do not add them up over rows", "来源未载则为空",
            "null where the source has none"),
    },
    holds=(
        Holds("parts_within_whole",
            "gross_cny <= given_by_band_cny and gross_cny <= received_by_band_cny and"
            " given_by_band_cny <= year_gross_cny",
            "流量不得大于其所捐、所得与全年总额",
            "A flow is no more than what its bands give and receive"),
    ),
    behind=(
        Behind("star.fact_donation",
            f"{_OF_YEAR} and {_IN_BAND.format('donor')} and {_IN_BAND.format('project')}", GIFTS),
        Behind("star.fact_donation", _OF_YEAR, {"year_gross_cny": "sum(amount_cny)"}),
        Behind("star.fact_donation", f"{_OF_YEAR} and {_IN_BAND.format('donor')}",
            {"given_by_band_cny": "sum(amount_cny)"}),
        Behind("star.fact_donation", f"{_OF_YEAR} and {_IN_BAND.format('project')}",
            {"received_by_band_cny": "sum(amount_cny)"}),
        *(Behind("star.fact_donation", f"{_OF_YEAR} and project_region_code in (select region_code"
            f" from star.dim_region where is_latest_of_code and band3 = '{band}')",
            {name: "sum(amount_cny)"},
            {name: Words(f"{band}所得（元，退款前）",
                f"Received by {band}, in yuan, before refunds")})
          for name, band in _RECEIVED.items()),
    ),
    worked={
        "share_of_year": "gross_cny / year_gross_cny",
        "share_of_given": "gross_cny / given_by_band_cny",
        "share_of_received": "gross_cny / received_by_band_cny",
        "received_east_to_centre": "received_east_cny / received_centre_cny",
        "received_east_to_west": "received_east_cny / received_west_cny",
    },
    no_rows={"participations": NOT_PRINTED},
)  # fmt: skip # a declaration

TABLES = (
    GIVING_DAY_YEARLY,
    ORG_GROWTH,
    REGIONAL_FLOW,
)
