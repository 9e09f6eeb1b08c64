-- A team in its latest state. It belongs to the campaigns that its gifts are in, whenever it was
-- founded: an export of teams names none, and a team without gifts is in no campaign yet.
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
),

campaigns as (
    select
        platform_id,
        team_id,
        count(*) as campaigns,
        min(campaign_id) as campaign_id
    from {{ ref('int_team_gifts') }}
    group by platform_id, team_id
)

select
    teams.team_id,
    teams.platform_id,
    {{ date_key('teams.created_on') }} as created_date_key,
    teams.created_at,
    coalesce(teams.leader_key, 'unknown') as leader_key,
    coalesce(projects.project_key, '-1') as project_key,
    teams.project_no,
    case when campaigns.campaigns = 1 then campaigns.campaign_id end as campaign_id,
    coalesce(campaigns.campaigns, 0) as campaigns,
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
left join campaigns
    on teams.platform_id = campaigns.platform_id and teams.team_id = campaigns.team_id
left join regions
    on teams.region_code = regions.region_code
