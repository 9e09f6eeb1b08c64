-- A team in its latest state. Its campaign is the one that its project is in on the day the team
-- was founded: an export of teams names none.
with teams as (
    select
        newest.*,
        cast(newest.created_at as date) as created_on
    from ({{ newest_state(
        ref('stg_tencent_teams'), ['team_id'],
        newest=['platform_id', 'project_no', 'raised_cny', 'participations', 'created_at'],
        told={'leader_key': 'leader', 'goal_cny': 'goal', 'circle': 'circle',
              'region_code': 'region_code'}
    ) }}) as newest
),

regions as (
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
    teams.team_id,
    teams.platform_id,
    {{ date_key('teams.created_on') }} as created_date_key,
    teams.created_at,
    coalesce(teams.leader_key, 'unknown') as leader_key,
    coalesce(projects.project_key, '-1') as project_key,
    teams.project_no,
    project_days.campaign_id,
    coalesce(teams.circle, '未载') as circle,
    coalesce(regions.region_code, 'unknown') as region_code,
    {{ region_text('teams.region_code', 'regions.region_code') }} as region_text,
    teams.goal_cny,
    teams.raised_cny,
    teams.participations,
    teams.export_date,
    teams.source_file_id,
    teams.source_row
from teams
left join projects
    on teams.project_no = projects.project_no
left join {{ ref('int_campaign_project_days') }} as project_days
    on
        teams.project_no = project_days.project_no
        and teams.created_on = project_days.date_day
left join regions
    on teams.region_code = regions.region_code
