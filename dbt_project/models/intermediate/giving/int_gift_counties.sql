-- How much of what a project raised in a campaign comes from its own county: of the gifts whose
-- donor's county and project's county are known, each as it is coded today. A table:
-- several models read it, and it reads every gift.
{{ config(materialized='table') }}

-- by pairs of regions first, so that millions of gifts need no join
with pairs as (
    select
        campaign_id,
        project_no,
        donor_region_code,
        project_region_code,
        sum(amount_cny) as gross_cny
    from {{ ref('fact_donation') }}
    group by campaign_id, project_no, donor_region_code, project_region_code
)

select
    pairs.campaign_id,
    pairs.project_no,
    sum(case when donors.county_code = projects.county_code then pairs.gross_cny else 0 end)
        as own_county_cny,
    sum(pairs.gross_cny) as of_known_county_cny
from pairs
inner join {{ ref('int_region_today') }} as donors
    on pairs.donor_region_code = donors.region_code and donors.county_code is not null
inner join {{ ref('int_region_today') }} as projects
    on pairs.project_region_code = projects.region_code and projects.county_code is not null
group by pairs.campaign_id, pairs.project_no
