-- Gifts that name a team, by the campaign of the gift and the circle of the team.
select
    donations.campaign_id,
    teams.circle,
    count(*) as donation_count,
    {{ count_donors('donations.donor_key') }} as donor_count,
    sum(donations.amount_cny) as gross_cny,
    sum(donations.refunded_cny) as refunded_cny,
    sum(donations.net_cny) as net_cny,
    count(*) - count(donations.net_cny) as gifts_of_unknown_net,
    sum(case when donations.net_cny is null then donations.amount_cny else 0 end) as unknown_net_cny
from {{ ref('fact_donation') }} as donations
inner join {{ ref('fact_team') }} as teams
    on donations.platform_id = teams.platform_id and donations.team_id = teams.team_id
where donations.campaign_id is not null
group by donations.campaign_id, teams.circle
