-- What the right side of a check comes to: the number itself and its bounds, each as a quotient of
-- whole numbers. A bound of null num is no bound. The exact quotient is kept: rounded, a verdict at
-- the edge of a band would be chance.
with sides as (
    select
        checks.check_id,
        checks.check_kind,
        case when claims.unit_kind = 'percent' then 100 else 1 end as times,
        -- growth is the quotient less one: (first - second) / second
        case when checks.check_kind = 'growth_rate' then 1 else 0 end as less,
        {{ whole_millionths('sides.first_value') }} as first_value,
        {{ whole_millionths('sides.first_low') }} as first_low,
        {{ whole_millionths('sides.first_high') }} as first_high,
        {{ whole_millionths('sides.second_value') }} as second_value,
        {{ whole_millionths('sides.second_low') }} as second_low,
        {{ whole_millionths('sides.second_high') }} as second_high,
        {{ whole_millionths('sides.sum_value') }} as sum_value,
        {{ whole_millionths('sides.sum_low') }} as sum_low,
        {{ whole_millionths('sides.sum_high') }} as sum_high,
        sides.is_first_low_in and sides.is_second_high_in as is_least_in,
        sides.is_first_high_in and sides.is_second_low_in as is_most_in,
        sides.is_every_low_in,
        sides.is_every_high_in
    from {{ ref('int_claim_checks') }} as checks
    inner join {{ ref('int_claim_right_sides') }} as sides
        on checks.check_id = sides.check_id
    inner join {{ ref('fact_published_claim') }} as claims
        on checks.claim_id = claims.claim_id
),

quotients as (
    select
        check_id,
        times * (first_value - less * second_value) as value_num,
        nullif(second_value, 0) as value_den,
        -- divided by a number without end, next to nothing is left
        case
            when second_high is null then -times * less
            else times * (first_low - less * second_high)
        end as low_num,
        coalesce(nullif(second_high, 0), 1) as low_den,
        case when second_low > 0 then times * (first_high - less * second_low) end as high_num,
        coalesce(nullif(second_low, 0), 1) as high_den,
        is_least_in and second_high is not null as is_low_in,
        is_most_in as is_high_in
    from sides
    where check_kind in ('quotient', 'percent', 'growth_rate')
)

select * from quotients

union all

select
    check_id,
    sum_value as value_num,
    1000000 as value_den,
    sum_low as low_num,
    1000000 as low_den,
    sum_high as high_num,
    1000000 as high_den,
    is_every_low_in as is_low_in,
    is_every_high_in as is_high_in
from sides
where check_kind in ('same', 'sum', 'running_total', 'mart', 'not_comparable')

union all

select
    check_id,
    100 * k as value_num,
    base as value_den,
    100 * k as low_num,
    base as low_den,
    100 * k as high_num,
    base as high_den,
    true as is_low_in,
    true as is_high_in
from {{ ref('int_claim_whole_shares') }}
