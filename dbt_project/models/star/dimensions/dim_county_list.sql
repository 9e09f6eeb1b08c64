with units as (
    select
        list_id,
        sum(listed_units) as listed_units,
        max(official_count) as official_count,
        max(export_date) as export_date
    from {{ ref('int_county_list_units') }}
    group by list_id
),

counties as (
    select
        list_id,
        count(*) as listed_counties
    from {{ ref('int_listed_counties') }}
    group by list_id
)

select
    lists.list_id,
    lists.name_zh,
    lists.name_en,
    lists.program_id,
    cast(coalesce(units.official_count, lists.official_count) as integer) as official_count,
    cast(coalesce(units.listed_units, 0) as integer) as listed_units,
    cast(coalesce(counties.listed_counties, 0) as integer) as listed_counties,
    coalesce(units.listed_units, 0) = coalesce(units.official_count, lists.official_count) as list_is_complete,
    units.export_date is not null as is_landed,
    units.export_date
from {{ ref('county_lists') }} as lists
left join units
    on lists.list_id = units.list_id
left join counties
    on lists.list_id = counties.list_id
