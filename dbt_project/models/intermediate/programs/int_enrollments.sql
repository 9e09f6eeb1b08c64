-- Enrolments with the county as it is coded today. Whether it is on the list cannot be said of a
-- programme without one, nor of what is no single county today.
with lists as (
    select distinct program_id from {{ ref('int_program_counties') }}
)

select
    enrollments.*,
    today.county_code as county_today,
    case
        when today.county_code is not null and lists.program_id is not null
            then counties.county_code is not null
    end as is_listed
from {{ ref('stg_huoshui_enrollments') }} as enrollments
left join {{ ref('int_region_today') }} as today
    on enrollments.county_code = today.region_code
left join lists
    on enrollments.program_id = lists.program_id
left join {{ ref('int_program_counties') }} as counties
    on enrollments.program_id = counties.program_id and today.county_code = counties.county_code
