-- Funds by prefecture. What applicants plan is a flow, what is there a stock: two sources, side by
-- side, neither of which stands in for the other. Of a register that has not landed all is null.
with plans as (
    select
        coalesce(places.prefecture_code, 'unknown') as prefecture_code,
        count(*) as applicants,
        sum(applications.funds_planned) as planned,
        sum(applications.funds_cultivated) as cultivated
    from {{ ref('fact_program_application') }} as applications
    left join {{ ref('int_region_prefectures') }} as places
        on applications.region_code = places.region_code
    group by coalesce(places.prefecture_code, 'unknown')
),

funds as (
    select
        places.prefecture_code,
        count(*) as founded,
        sum(case when funds.closed_on <= run.as_of then 1 else 0 end) as closed
    from {{ ref('fact_community_fund') }} as funds
    cross join {{ source('lake', 'run') }} as run
    inner join {{ ref('int_region_prefectures') }} as places
        on funds.region_code = places.region_code
    where funds.founded_on <= run.as_of
    group by places.prefecture_code
),

landed as (
    select
        (select count(*) from {{ ref('fact_program_application') }}) > 0 as has_plans,
        (select count(*) from {{ ref('fact_community_fund') }}) > 0 as has_funds
),

together as (
    select
        coalesce(plans.prefecture_code, funds.prefecture_code) as prefecture_code,
        case when landed.has_plans then coalesce(plans.applicants, 0) end as applicants,
        case when landed.has_plans then coalesce(plans.planned, 0) end as planned,
        case when landed.has_plans then coalesce(plans.cultivated, 0) end as cultivated,
        case when landed.has_funds then coalesce(funds.founded, 0) end as founded,
        case when landed.has_funds then coalesce(funds.closed, 0) end as closed
    from plans
    full join funds
        on plans.prefecture_code = funds.prefecture_code
    cross join landed
)

select
    together.prefecture_code,
    prefectures.name as prefecture_name,
    together.applicants,
    cast(together.planned as bigint) as planned,
    cast(together.cultivated as bigint) as cultivated,
    together.founded,
    cast(together.closed as bigint) as closed,
    cast(together.founded - together.closed as bigint) as stock,
    run.as_of
from together
left join {{ ref('dim_region') }} as prefectures
    on together.prefecture_code = prefectures.region_code and prefectures.is_latest_of_code
cross join {{ source('lake', 'run') }} as run
