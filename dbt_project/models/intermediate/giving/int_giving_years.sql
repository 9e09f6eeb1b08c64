-- What a campaign's gifts of a year come to. 以下 includes the bound: 10.00 yuan is small.
-- A table: several models read it, and it reads every gift.
{{ config(materialized='table') }}

-- by project and initiator first: distinct values are taken of a few thousand, not of every gift's
with projects as (
    select
        campaign_id,
        cast(extract(year from paid_at) as integer) as giving_year,
        project_no,
        initiator_uscc,
        {{ net_sums() }},
        sum(case when amount_cny <= 10.00 then 1 else 0 end) as gifts_10_yuan_or_less
    from {{ ref('fact_donation') }}
    where campaign_id is not null
    group by
        campaign_id,
        cast(extract(year from paid_at) as integer),
        project_no,
        initiator_uscc
),

gifts as (
    select
        campaign_id,
        giving_year,
        {{ sums_of_net_sums() }},
        sum(gifts_10_yuan_or_less) as gifts_10_yuan_or_less,
        nullif(count(distinct nullif(initiator_uscc, 'unknown')), 0) as charities,
        count(distinct project_no) as projects
    from projects
    group by campaign_id, giving_year
)

select
    gifts.*,
    donors.donor_count,
    -- without any pseudonym it is not known how many companies gave; with some, 0 is true
    case when donors.donor_count is not null then coalesce(companies.donor_count, 0) end
        as companies
from gifts
left join {{ ref('int_donor_counts') }} as donors
    on
        gifts.campaign_id = donors.scope_id
        and gifts.giving_year = donors.giving_year
        and donors.scope_type = 'campaign_year'
left join {{ ref('int_donor_counts') }} as companies
    on
        gifts.campaign_id = companies.scope_id
        and gifts.giving_year = companies.giving_year
        and companies.scope_type = 'campaign_year_companies'
