with regions as (
    select distinct region_code from {{ ref('dim_region') }}
)

select
    enrollments.program_id,
    enrollments.county_code,
    enrollments.org_uscc,
    coalesce(regions.region_code, 'unknown') as region_code,
    enrollments.batch,
    enrollments.enrolled_on,
    {{ date_key('enrollments.enrolled_on') }} as enrolled_date_key,
    enrollments.seed_grant_cny,
    enrollments.seed_granted_on,
    enrollments.staff_before,
    enrollments.staff_after,
    enrollments.first_online_fundraising,
    enrollments.brand_project_no,
    enrollments.is_listed,
    enrollments.export_date,
    enrollments.source_file_id,
    enrollments.source_row
from {{ ref('int_enrollments') }} as enrollments
left join regions
    on enrollments.county_code = regions.region_code
