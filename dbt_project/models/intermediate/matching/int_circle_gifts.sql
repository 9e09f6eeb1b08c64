-- Gifts that name a team, by the campaign and circle of the team.
select
    teams.campaign_id,
    teams.circle,
    count(*) as donation_count,
    {{ count_donors('donations.donor_key') }} as donor_count,
    sum(donations.amount_cny) as gross_cny,
    sum(donations.net_cny) as net_cny
from {{ ref('fact_donation') }} as donations
inner join {{ ref('fact_team') }} as teams
    on donations.platform_id = teams.platform_id and donations.team_id = teams.team_id
where teams.campaign_id is not null
group by teams.campaign_id, teams.circle
