with regions as (
    select distinct region_code from {{ ref('dim_region') }}
)

select
    applicants.applicant_name,
    coalesce(applicants.applicant_uscc, 'unknown') as applicant_uscc,
    applicants.kind,
    {{ known_region('applicants.region_code', 'regions.region_code') }} as region_code,
    {{ region_text('applicants.region_code', 'regions.region_code') }} as region_text,
    applicants.online_projects,
    applicants.brand_projects,
    applicants.funds_planned,
    applicants.funds_cultivated,
    applicants.export_date,
    applicants.source_file_id,
    applicants.source_row
from {{ ref('stg_community_program_applicants') }} as applicants
left join regions
    on applicants.region_code = regions.region_code
