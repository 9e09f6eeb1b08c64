with regions as (
    select distinct region_code from {{ ref('dim_region') }}
),

projects as (
    select
        project_key,
        project_no
    from {{ ref('dim_project') }}
    where is_current
)

select
    entries.campaign_id as registered_campaign_id,
    entries.project_no,
    coalesce(campaigns.campaign_id, 'unknown') as campaign_id,
    coalesce(projects.project_key, '-1') as project_key,
    entries.applicant_uscc,
    entries.applied_on,
    {{ date_key('entries.applied_on') }} as applied_date_key,
    entries.domain,
    coalesce(regions.region_code, 'unknown') as region_code,
    {{ region_text('entries.region_code', 'regions.region_code') }} as region_text,
    today.county_code as county_today,
    entries.result,
    entries.is_admitted,
    entries.admitted_on,
    entries.go_live_at,
    entries.export_date,
    entries.source_file_id,
    entries.source_row
from {{ ref('int_campaign_entries') }} as entries
left join {{ ref('dim_campaign') }} as campaigns
    on entries.campaign_id = campaigns.campaign_id
left join projects
    on entries.project_no = projects.project_no
left join regions
    on entries.region_code = regions.region_code
left join {{ ref('int_region_today') }} as today
    on entries.region_code = today.region_code
