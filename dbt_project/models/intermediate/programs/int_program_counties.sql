-- The counties that a programme is for, by the code in use: the one place that says which list a
-- programme goes by, who is on it, and whether all of it is known.
select
    'huoshui' as program_id,
    counties.region_code as county_code,
    lists.list_is_complete
from {{ ref('dim_region') }} as counties
cross join (
    select sum(listed_units) = max(official_count) as list_is_complete
    from {{ ref('county_list_members') }}
    where list_id = 'key_160'
) as lists
where counties.is_key_160 and counties.is_latest_of_code
