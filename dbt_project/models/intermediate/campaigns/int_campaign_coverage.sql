-- What a campaign's entries come to. Organisations, domains and places are those of the admitted
-- projects; a place counts once, under the code that it has today. A county whose code was
-- split, or an entry that names none, is in no count of counties but counted separately.
with entries as (
    select
        entries.campaign_id,
        entries.is_admitted,
        case when entries.is_admitted then entries.applicant_uscc end as applicant_uscc,
        case when entries.is_admitted then entries.domain end as domain,
        case when entries.is_admitted then today.prefecture_code end as prefecture_code,
        case when entries.is_admitted then today.county_code end as county_code
    from {{ ref('fact_campaign_entry') }} as entries
    left join {{ ref('int_region_today') }} as today
        on entries.region_code = today.region_code
)

select
    entries.campaign_id,
    count(*) as entries,
    sum(case when entries.is_admitted then 1 else 0 end) as admitted,
    count(distinct entries.applicant_uscc) as organizations,
    count(distinct entries.domain) as domains,
    count(distinct entries.prefecture_code) as prefectures_covered,
    count(distinct entries.county_code) as counties_covered,
    count(distinct case when counties.is_sichuan_39 then entries.county_code end) as sichuan_39_covered,
    sum(case when entries.is_admitted and entries.county_code is null then 1 else 0 end)
        as admitted_of_unknown_county
from entries
left join {{ ref('dim_region') }} as counties
    on entries.county_code = counties.region_code and counties.is_latest_of_code
group by entries.campaign_id
