-- A code in use is its own; one that ended with successors has come to a code in use, of its band:
-- gifts by band may go by the code as it was.
select
    today.region_code,
    regions.band3,
    todays.band3 as band3_today
from {{ ref('int_region_today') }} as today
inner join {{ ref('regions') }} as regions
    on today.region_code = regions.region_code
left join {{ ref('regions') }} as todays
    on today.code_today = todays.region_code and todays.is_current
where
    (regions.is_current and coalesce(today.code_today, '') <> today.region_code)
    or regions.band3 <> todays.band3
