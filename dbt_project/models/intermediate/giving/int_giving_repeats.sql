-- Projects of a campaign and year that gifts of the same programme had reached in an earlier
-- year. In the programme's first year that landed it is not known: null, not 0.
with reached as (
    select distinct
        campaigns.program_id,
        donations.campaign_id,
        cast(extract(year from donations.paid_at) as integer) as giving_year,
        donations.project_no
    from {{ ref('fact_donation') }} as donations
    inner join {{ ref('dim_campaign') }} as campaigns
        on donations.campaign_id = campaigns.campaign_id
    where campaigns.program_id <> 'unknown'
),

dated as (
    select
        campaign_id,
        giving_year,
        min(giving_year) over (partition by program_id, project_no) as first_year,
        min(giving_year) over (partition by program_id) as first_year_of_program
    from reached
)

select
    campaign_id,
    giving_year,
    sum(case when first_year < giving_year then 1 else 0 end) as repeat_projects
from dated
where first_year_of_program < giving_year
group by campaign_id, giving_year
