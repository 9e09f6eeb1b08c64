-- The circles of a campaign come to the gifts of the fact that name a known team.
{{ config(meta={
    'rule_id': 'circle_fundraising.agrees_with_fact',
    'zh': '各活动各圈层的笔数与总额须与捐赠事实中载明队伍者一致',
    'en': 'The circles of a campaign come to the gifts of the fact that name their teams',
}) }}

with fact as (
    select
        donations.campaign_id,
        count(*) as gifts,
        sum(donations.amount_cny) as gross_cny,
        count(distinct donations.team_id) as teams
    from {{ ref('fact_donation') }} as donations
    inner join {{ ref('fact_team') }} as teams
        on donations.team_id = teams.team_id and donations.platform_id = teams.platform_id
    where donations.campaign_id is not null
    group by donations.campaign_id
),

circles as (
    select
        campaign_id,
        sum(donation_count) as gifts,
        sum(gross_cny) as gross_cny,
        sum(teams) as teams
    from {{ ref('circle_fundraising') }}
    group by campaign_id
)

select
    coalesce(fact.campaign_id, circles.campaign_id) as campaign_id,
    fact.gifts,
    circles.gifts as gifts_in_circles,
    fact.teams,
    circles.teams as teams_in_circles
from fact
full outer join circles
    on fact.campaign_id = circles.campaign_id
where
    coalesce(fact.gifts, 0) <> coalesce(circles.gifts, 0)
    or coalesce(fact.gross_cny, 0) <> coalesce(circles.gross_cny, 0)
    or coalesce(fact.teams, 0) <> coalesce(circles.teams, 0)
