-- What teams print of themselves (raised, 人次) and what gifts that name them come to (笔, gross)
-- are two countings, side by side.
with circles as (
    select
        campaign_id,
        circle,
        count(*) as teams,
        count(distinct project_no) as projects,
        sum(participations) as participations,
        sum(goal_cny) as goal_cny,
        sum(raised_cny) as raised_cny
    from {{ ref('fact_team') }}
    where campaign_id is not null
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
    compared.projects,
    gifts.donation_count,
    cast(compared.participations as bigint) as participations,
    gifts.donor_count,
    cast(gifts.gross_cny as decimal(18, 2)) as gross_cny,
    cast(gifts.net_cny as decimal(18, 2)) as net_cny,
    cast(compared.goal_cny as decimal(18, 2)) as goal_cny,
    cast(compared.raised_cny as decimal(18, 2)) as raised_cny,
    cast(compared.campaign_raised_cny as decimal(18, 2)) as campaign_raised_cny,
    {{ share_of('compared.raised_cny', 'compared.campaign_raised_cny') }} as share_of_raised,
    {{ mean_cny('compared.raised_cny', 'compared.teams') }} as raised_per_team_cny,
    run.as_of
from compared
left join {{ ref('int_circle_gifts') }} as gifts
    on
        compared.campaign_id = gifts.campaign_id
        and compared.circle = gifts.circle
cross join {{ source('lake', 'run') }} as run
