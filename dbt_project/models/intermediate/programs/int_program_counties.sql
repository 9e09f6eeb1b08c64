-- The counties that a programme is for, by the code in use: the one place that says which list a
-- programme goes by, who is on it, and whether all of it is known.
with lists as (
    select
        'huoshui' as program_id,
        sum(listed_units) = max(official_count) as list_is_complete
    from {{ ref('county_list_members') }}
    where list_id = 'key_160'
)

select
    lists.program_id,
    counties.region_code as county_code,
    lists.list_is_complete,
    count(*) over (partition by lists.program_id) as listed_counties
from lists
cross join {{ ref('dim_region') }} as counties
where counties.is_key_160 and counties.is_latest_of_code
