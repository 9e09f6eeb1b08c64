-- The counties that a programme is for, by the code in use, and whether all of its list is known.
select
    lists.program_id,
    counties.county_code,
    lists.list_is_complete
from {{ ref('dim_county_list') }} as lists
inner join {{ ref('int_listed_counties') }} as counties
    on lists.list_id = counties.list_id
where lists.program_id is not null
