-- The counties that a programme is for, by the code in use: who is on its list, and whether all of
-- the list is known.
select
    lists.program_id,
    counties.county_code,
    lists.list_is_complete,
    lists.listed_counties
from {{ ref('dim_county_list') }} as lists
inner join {{ ref('int_listed_counties') }} as counties
    on lists.list_id = counties.list_id
where lists.program_id is not null
