-- Enrolments by the place that they count for: the county as it is coded today, else the code as
-- the fact has it.
select
    enrollments.*,
    today.county_code is not null as is_county,
    coalesce(today.county_code, enrollments.region_code) as place_code
from {{ ref('fact_enrollment') }} as enrollments
left join {{ ref('int_region_today') }} as today
    on enrollments.region_code = today.region_code
