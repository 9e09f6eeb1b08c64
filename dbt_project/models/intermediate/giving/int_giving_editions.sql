-- The edition before: what the same programme raised the calendar year before. Only where the
-- programme had one campaign in each of the two years; else there is nothing comparable.
with editions as (
    select
        campaigns.program_id,
        years.campaign_id,
        years.giving_year,
        years.gross_cny,
        count(*) over (
            partition by campaigns.program_id, years.giving_year
        ) as campaigns_of_year
    from {{ ref('int_giving_years') }} as years
    inner join {{ ref('dim_campaign') }} as campaigns
        on years.campaign_id = campaigns.campaign_id
    where campaigns.program_id <> 'unknown'
)

select
    now.campaign_id,
    now.giving_year,
    previous.campaign_id as previous_campaign_id,
    previous.gross_cny as previous_gross_cny
from editions as now
inner join editions as previous
    on
        now.program_id = previous.program_id
        and now.giving_year = previous.giving_year + 1
where now.campaigns_of_year = 1 and previous.campaigns_of_year = 1
