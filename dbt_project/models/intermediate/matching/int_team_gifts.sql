-- A team's gifts by the campaign they are in, which decides the campaigns that a team belongs to.
-- A table: several models read it, and it reads every gift.
{{ config(materialized='table') }}

select
    platform_id,
    team_id,
    campaign_id,
    count(*) as donation_count
from {{ ref('fact_donation') }}
where team_id is not null and campaign_id is not null
group by platform_id, team_id, campaign_id
