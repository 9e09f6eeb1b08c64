-- What a gift's project and day decide, once for all gifts of a project and day: the version of the
-- project, and the campaign with an entry for it whose window includes the day.
{{ config(materialized='table') }}

with days as (
    select distinct
        project_no,
        paid_on
    from {{ ref('int_days_at_hand') }}
),

regions as (
    select distinct region_code from {{ ref('dim_region') }}
)

select
    days.project_no,
    days.paid_on,
    coalesce(projects.project_key, '-1') as project_key,
    coalesce(projects.initiator_uscc, 'unknown') as initiator_uscc,
    coalesce(projects.supporter_uscc, 'unknown') as supporter_uscc,
    coalesce(regions.region_code, 'unknown') as project_region_code,
    project_days.campaign_id as entered_campaign_id
from days
left join {{ ref('int_project_lives') }} as projects
    on
        days.project_no = projects.project_no
        and days.paid_on between projects.matches_from and projects.matches_to
left join {{ ref('int_campaign_project_days') }} as project_days
    on
        days.project_no = project_days.project_no
        and days.paid_on = project_days.date_day
left join regions
    on projects.region_code = regions.region_code
