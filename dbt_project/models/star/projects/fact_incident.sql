-- An incident belongs to the campaign that it names, else to the one that its project was in on the
-- day it was reported, as a gift would.
select
    incidents.incident_id,
    case
        when incidents.campaign_id is not null then coalesce(campaigns.campaign_id, 'unknown')
        else days.campaign_id
    end as campaign_id,
    incidents.project_no,
    case when incidents.project_no is not null then coalesce(projects.project_key, '-1') end as project_key,
    incidents.kind as incident_kind,
    incidents.reported_at,
    {{ date_key('cast(incidents.reported_at as date)') }} as date_key,
    incidents.closed_at,
    incidents.severity as incident_severity,
    incidents.export_date,
    incidents.source_file_id,
    incidents.source_row
from {{ ref('stg_incidents') }} as incidents
left join {{ ref('dim_campaign') }} as campaigns
    on incidents.campaign_id = campaigns.campaign_id
left join {{ ref('int_campaign_project_days') }} as days
    on
        incidents.project_no = days.project_no
        and cast(incidents.reported_at as date) = days.date_day
left join {{ ref('dim_project') }} as projects
    on incidents.project_no = projects.project_no and projects.is_current
