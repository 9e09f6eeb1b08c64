-- What teams print of themselves (raised, 人次) and what gifts that name them come to (笔, gross)
-- are two counts, side by side. A team belongs to each campaign that its gifts are in; what it
-- prints is one sum, so for a team of several campaigns it is left out, not counted in each.
with members as (
    select
        gifts.campaign_id,
        teams.circle,
        teams.project_no,
        teams.campaigns > 1 as is_of_several,
        case when teams.campaigns = 1 then teams.participations end as participations,
        case when teams.campaigns = 1 then teams.goal_cny end as goal_cny,
        case when teams.campaigns = 1 then teams.raised_cny end as raised_cny
    from {{ ref('int_team_gifts') }} as gifts
    inner join {{ ref('fact_team') }} as teams
        on gifts.platform_id = teams.platform_id and gifts.team_id = teams.team_id
),

circles as (
    select
        campaign_id,
        circle,
        count(*) as teams,
        sum(case when is_of_several then 1 else 0 end) as teams_of_several_campaigns,
        count(distinct project_no) as projects,
        sum(participations) as participations,
        sum(goal_cny) as goal_cny,
        sum(raised_cny) as raised_cny
    from members
    group by campaign_id, circle
),

compared as (
    select
        *,
        sum(raised_cny) over (partition by campaign_id) as campaign_raised_cny
    from circles
)

select
    compared.campaign_id,
    compared.circle,
    compared.teams,
    cast(compared.teams_of_several_campaigns as bigint) as teams_of_several_campaigns,
    compared.projects,
    gifts.donation_count,
    cast(compared.participations as bigint) as participations,
    gifts.donor_count,
    cast(gifts.gross_cny as decimal(18, 2)) as gross_cny,
    cast(gifts.refunded_cny as decimal(18, 2)) as refunded_cny,
    cast(gifts.net_cny as decimal(18, 2)) as net_cny,
    gifts.gifts_of_unknown_net,
    cast(gifts.unknown_net_cny as decimal(18, 2)) as unknown_net_cny,
    cast(compared.goal_cny as decimal(18, 2)) as goal_cny,
    cast(compared.raised_cny as decimal(18, 2)) as raised_cny,
    cast(compared.campaign_raised_cny as decimal(18, 2)) as campaign_raised_cny,
    {{ share_of('compared.raised_cny', 'compared.campaign_raised_cny') }} as share_of_raised,
    {{ mean_cny(
        'compared.raised_cny', '(compared.teams - compared.teams_of_several_campaigns)'
    ) }} as raised_per_team_cny,
    run.as_of
from compared
left join {{ ref('int_circle_gifts') }} as gifts
    on
        compared.campaign_id = gifts.campaign_id
        and compared.circle = gifts.circle
cross join {{ source('lake', 'run') }} as run
