-- Gifts by year, by the band (东、中、西, the older rule) they come from and go to. A region that
-- is not known is a band of its own: nothing is left out.
with bands as (
    select
        region_code,
        band3
    from {{ ref('dim_region') }}
    where is_latest_of_code
)

select
    cast(extract(year from donations.paid_at) as integer) as giving_year,
    donor_bands.band3 as donor_band,
    project_bands.band3 as project_band,
    count(*) as donation_count,
    {{ count_donors('donations.donor_key') }} as donor_count,
    sum(donations.amount_cny) as gross_cny
from {{ ref('fact_donation') }} as donations
inner join bands as donor_bands
    on donations.donor_region_code = donor_bands.region_code
inner join bands as project_bands
    on donations.project_region_code = project_bands.region_code
group by
    cast(extract(year from donations.paid_at) as integer),
    donor_bands.band3,
    project_bands.band3
