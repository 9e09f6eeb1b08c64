-- What the projects of an initiator raised in a year, and how much of it comes from its own county:
-- of the gifts whose donor's county is known, where the organisation is registered in a county;
-- each county by the code that it has today. For a code that was split the county is not known.
with organizations as (
    select
        organizations.uscc,
        organizations.name,
        today.county_code
    from {{ ref('dim_organization') }} as organizations
    left join {{ ref('int_region_today') }} as today
        on organizations.region_code = today.region_code
    where organizations.is_current
),

-- by county of the donors first, so that millions of gifts need no join
counties as (
    select
        initiator_uscc,
        donor_region_code,
        cast(extract(year from paid_at) as integer) as giving_year,
        {{ net_sums() }}
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
        {{ sums_of_net_sums('counties') }},
        sum(
            case
                when organizations.county_code = today.county_code then counties.gross_cny
                else 0
            end
        ) as own_county_cny,
        sum(
            case
                when organizations.county_code is not null and today.county_code is not null
                    then counties.gross_cny
            end
        ) as of_known_county_cny,
        sum(case when today.codes_today > 1 then counties.gross_cny else 0 end) as of_split_county_cny
    from counties
    inner join organizations
        on counties.initiator_uscc = organizations.uscc
    left join {{ ref('int_region_today') }} as today
        on counties.donor_region_code = today.region_code
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
