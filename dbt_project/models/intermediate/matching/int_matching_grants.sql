-- Who a grant's sponsor is, and whether it matches gifts to a project of its own. A sponsor without
-- a code gets the one that its name has elsewhere, in other grants or in the register, if there is
-- only one; a former name of an organisation counts as its own. A table, so that joins of gifts and
-- grants know how few grants there are: guessing too many, DuckDB holds every gift in memory.
{{ config(materialized='table') }}

with names as (
    select
        sponsor_name as name,
        sponsor_uscc as uscc
    from {{ ref('fact_matching') }}
    where sponsor_uscc is not null

    union

    select
        name,
        uscc
    from {{ ref('int_organization_names') }}
),

codes as (
    select
        name,
        min(uscc) as uscc
    from names
    group by name
    having count(distinct uscc) = 1
),

grants as (
    select
        matching.*,
        coalesce(matching.sponsor_uscc, codes.uscc) as known_uscc
    from {{ ref('fact_matching') }} as matching
    left join codes
        on matching.sponsor_name = codes.name
)

select
    grants.matching_no,
    grants.platform_id,
    grants.campaign_id,
    grants.project_key,
    grants.project_no,
    grants.order_no,
    grants.matched_at,
    coalesce(grants.known_uscc, grants.sponsor_name) as sponsor_key,
    grants.known_uscc as sponsor_uscc,
    grants.sponsor_uscc as sponsor_printed_uscc,
    grants.sponsor_name,
    grants.sponsor_type,
    grants.matched_cny,
    case
        when grants.known_uscc in (grants.initiator_uscc, grants.supporter_uscc) then true
        when grants.sponsor_name in (projects.initiator_name, projects.supporter_name) then true
        -- whose a project is that no export has, nobody knows
        when grants.project_key <> '-1' then false
    end as is_self_matching
from grants
left join {{ ref('dim_project') }} as projects
    on grants.project_key = projects.project_key
