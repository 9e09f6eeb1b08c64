-- The counties of a programme's list, enrolled or not, and whoever is enrolled outside of it. A
-- programme of which no enrolment has landed is left out.
with enrolled as (
    select * from {{ ref('int_program_participants') }}
),

programs as (
    select distinct program_id from enrolled
),

listed as (
    select counties.*
    from {{ ref('int_program_counties') }} as counties
    inner join programs
        on counties.program_id = programs.program_id
),

lists as (
    select distinct
        program_id,
        list_is_complete,
        listed_counties
    from listed
),

covered as (
    select
        enrolled.*,
        coalesce(enrolled.program_id, listed.program_id) as covered_program_id,
        coalesce(enrolled.place_code, listed.county_code) as county_code,
        listed.county_code is not null as is_on_list
    from enrolled
    full join listed
        on enrolled.program_id = listed.program_id and enrolled.place_code = listed.county_code
)

select
    covered.covered_program_id as program_id,
    covered.county_code,
    counties.name as county_name,
    counties.province_name,
    case
        when covered.is_on_list then true
        when covered.is_county and lists.program_id is not null then false
    end as is_listed,
    lists.list_is_complete,
    lists.listed_counties,
    covered.program_id is not null as enrolled,
    coalesce(covered.organizations, 0) as organizations,
    covered.enrolled_on,
    covered.org_uscc,
    covered.org,
    cast(covered.seed_grant_cny as decimal(18, 2)) as seed_grant_cny,
    cast(covered.seed_grant_paid_cny as decimal(18, 2)) as seed_grant_paid_cny,
    cast(covered.staff_before as bigint) as staff_before,
    cast(covered.staff_after as bigint) as staff_after,
    covered.first_online,
    covered.brand_project,
    cast(gifts.raised_cny as decimal(18, 2)) as raised_cny,
    gifts.gifts_of_unknown_net,
    run.as_of
from covered
left join lists
    on covered.covered_program_id = lists.program_id
left join {{ ref('dim_region') }} as counties
    on covered.county_code = counties.region_code and counties.is_latest_of_code
left join {{ ref('int_program_gifts') }} as gifts
    on covered.program_id = gifts.program_id and covered.place_code = gifts.place_code
cross join {{ source('lake', 'run') }} as run
