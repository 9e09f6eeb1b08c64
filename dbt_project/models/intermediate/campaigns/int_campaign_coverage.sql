-- What a campaign's entries come to. Organisations, domains and places are those of the admitted
-- projects; a place counts once, under the code that its entry names.
with entries as (
    select
        entries.campaign_id,
        entries.is_admitted,
        case when entries.is_admitted then entries.applicant_uscc end as applicant_uscc,
        case when entries.is_admitted then entries.domain end as domain,
        case when entries.is_admitted then regions.prefecture_code end as prefecture_code,
        case
            when entries.is_admitted and regions.level = 'county' then regions.region_code
        end as county_code,
        regions.is_sichuan_39
    from {{ ref('fact_campaign_entry') }} as entries
    inner join {{ ref('dim_region') }} as regions
        on
            entries.region_code = regions.region_code
            and regions.is_latest_of_code
)

select
    campaign_id,
    count(*) as entries,
    sum(case when is_admitted then 1 else 0 end) as admitted,
    count(distinct applicant_uscc) as organizations,
    count(distinct domain) as domains,
    count(distinct prefecture_code) as prefectures_covered,
    count(distinct county_code) as counties_covered,
    count(distinct case when is_sichuan_39 then county_code end) as sichuan_39_covered
from entries
group by campaign_id
