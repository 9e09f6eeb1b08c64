-- What people did, by day, project and kind. The sum that a sponsor paid for it is not their gift.
with behaviors as (
    {{ newest_state(
        ref('stg_tencent_behaviors'), ['date_day', 'project_no', 'behavior_kind'],
        newest=['platform_id', 'participations', 'quantity'],
        told={'exchanged_cny': 'amount', 'sponsor_name': 'sponsor_name',
              'sponsor_uscc': 'sponsor_uscc'}
    ) }}
)

select
    behaviors.date_day,
    behaviors.project_no,
    behaviors.behavior_kind,
    behaviors.platform_id,
    {{ date_key('behaviors.date_day') }} as date_key,
    coalesce(projects.project_key, '-1') as project_key,
    project_days.campaign_id,
    behaviors.participations,
    behaviors.quantity,
    behaviors.exchanged_cny,
    behaviors.sponsor_name,
    behaviors.sponsor_uscc,
    behaviors.export_date,
    behaviors.source_file_id,
    behaviors.source_row
from behaviors
left join {{ ref('int_project_lives') }} as projects
    on
        behaviors.project_no = projects.project_no
        and behaviors.date_day between projects.matches_from and projects.matches_to
left join {{ ref('int_campaign_project_days') }} as project_days
    on
        behaviors.project_no = project_days.project_no
        and behaviors.date_day = project_days.date_day
