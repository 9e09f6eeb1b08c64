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
),

-- by county of the donors first, so that millions of gifts are joined to nothing
counties as (
    select
        initiator_uscc,
        donor_region_code,
        cast(extract(year from paid_at) as integer) as giving_year,
        count(*) as donation_count,
        sum(amount_cny) as gross_cny,
        sum(net_cny) as net_cny
    from {{ ref('fact_donation') }}
    group by
        initiator_uscc,
        donor_region_code,
        cast(extract(year from paid_at) as integer)
),

years as (
    select
        organizations.uscc,
        organizations.name,
        organizations.county_code,
        counties.giving_year,
        cast(sum(counties.donation_count) as bigint) as donation_count,
        sum(counties.gross_cny) as gross_cny,
        sum(counties.net_cny) as net_cny,
        sum(
            case
                when organizations.county_code = regions.region_code then counties.gross_cny
                else 0
            end
        ) as own_county_cny,
        sum(
            case
                when organizations.county_code is not null and regions.region_code is not null
                    then counties.gross_cny
            end
        ) as of_known_county_cny
    from counties
    inner join organizations
        on counties.initiator_uscc = organizations.uscc
    left join regions
        on counties.donor_region_code = regions.region_code
    group by
        organizations.uscc,
        organizations.name,
        organizations.county_code,
        counties.giving_year
)

select
    years.*,
    donors.donor_count
from years
left join {{ ref('int_donor_counts') }} as donors
    on
        years.uscc = donors.scope_id
        and years.giving_year = donors.giving_year
        and donors.scope_type = 'organization_year'
