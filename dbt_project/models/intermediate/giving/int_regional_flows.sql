-- Gifts by year, by the band (东、中、西, the older rule) they come from and go to. A region that
-- is not known is a band of its own: nothing is left out.
with bands as (
    select
        region_code,
        band3
    from {{ ref('dim_region') }}
    where is_latest_of_code
),

-- only these, a few thousand pairs of regions, are put into bands
pairs as (
    select
        cast(extract(year from paid_at) as integer) as giving_year,
        donor_region_code,
        project_region_code,
        count(*) as donation_count,
        sum(amount_cny) as gross_cny
    from {{ ref('fact_donation') }}
    group by
        cast(extract(year from paid_at) as integer),
        donor_region_code,
        project_region_code
),

flows as (
    select
        pairs.giving_year,
        donor_bands.band3 as donor_band,
        project_bands.band3 as project_band,
        cast(sum(pairs.donation_count) as bigint) as donation_count,
        sum(pairs.gross_cny) as gross_cny
    from pairs
    inner join bands as donor_bands
        on pairs.donor_region_code = donor_bands.region_code
    inner join bands as project_bands
        on pairs.project_region_code = project_bands.region_code
    group by pairs.giving_year, donor_bands.band3, project_bands.band3
)

select
    flows.*,
    donors.donor_count
from flows
left join {{ ref('int_donor_counts') }} as donors
    on
        flows.giving_year = donors.giving_year
        and flows.donor_band = donors.scope_id
        and flows.project_band = donors.part
        and donors.scope_type = 'year_flow'
