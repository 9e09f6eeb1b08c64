-- Villages by county, as it is coded today. Sums are of the villages that tell the number; how many
-- these are stands beside.
with counties as (
    select
        coalesce(today.county_code, villages.region_code) as region_code,
        count(*) as villages,
        min(villages.joined_on) as first_joined_on,
        max(villages.joined_on) as last_joined_on,
        count(villages.certified_villagers) as villages_with_certified,
        sum(villages.certified_villagers) as certified_villagers,
        count(villages.logs) as villages_with_logs,
        sum(villages.logs) as logs
    from {{ ref('fact_village') }} as villages
    left join {{ ref('int_region_today') }} as today
        on villages.region_code = today.region_code
    group by coalesce(today.county_code, villages.region_code)
)

select
    counties.region_code,
    regions.name as county_name,
    regions.province_name,
    counties.villages,
    counties.first_joined_on,
    counties.last_joined_on,
    counties.villages_with_certified,
    cast(counties.certified_villagers as bigint) as certified_villagers,
    {{ ratio_of('counties.certified_villagers', 'counties.villages_with_certified') }}
        as certified_per_village,
    counties.villages_with_logs,
    cast(counties.logs as bigint) as logs,
    {{ ratio_of('counties.logs', 'counties.villages_with_logs') }} as logs_per_village,
    run.as_of
from counties
left join {{ ref('dim_region') }} as regions
    on counties.region_code = regions.region_code and regions.is_latest_of_code
cross join {{ source('lake', 'run') }} as run
