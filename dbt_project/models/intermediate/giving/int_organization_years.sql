-- What the projects of an initiator raised in a year, and how much of it comes from its own county:
-- of the gifts whose donor's county is known, where the organisation is registered in a county.
with regions as (
    select region_code
    from {{ ref('dim_region') }}
    where is_latest_of_code and level = 'county'
),

organizations as (
    select
        organizations.uscc,
        organizations.name,
        regions.region_code as county_code
    from {{ ref('dim_organization') }} as organizations
    left join regions
        on organizations.region_code = regions.region_code
    where organizations.is_current
)

select
    organizations.uscc,
    organizations.name,
    organizations.county_code,
    cast(extract(year from donations.paid_at) as integer) as giving_year,
    count(*) as donation_count,
    {{ count_donors('donations.donor_key') }} as donor_count,
    sum(donations.amount_cny) as gross_cny,
    sum(donations.net_cny) as net_cny,
    sum(
        case when organizations.county_code = regions.region_code then donations.amount_cny else 0 end
    ) as own_county_cny,
    sum(
        case
            when organizations.county_code is not null and regions.region_code is not null
                then donations.amount_cny
        end
    ) as of_known_county_cny
from {{ ref('fact_donation') }} as donations
inner join organizations
    on donations.initiator_uscc = organizations.uscc
left join regions
    on donations.donor_region_code = regions.region_code
group by
    organizations.uscc,
    organizations.name,
    organizations.county_code,
    cast(extract(year from donations.paid_at) as integer)
