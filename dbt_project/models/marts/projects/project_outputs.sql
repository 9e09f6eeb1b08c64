-- What was raised is the project's, of all that it makes: net of the gifts that landed and were paid
-- in the period. Quantities add up only where all periods of the kind state one unit and none of
-- them overlaps another.
with days as (
    select
        project_no,
        cast(paid_at as date) as date_day,
        {{ net_sums() }}
    from {{ ref('fact_donation') }}
    where project_no in (select outputs.project_no from {{ ref('fact_output') }} as outputs)
    group by project_no, cast(paid_at as date)
),

gifts as (
    select
        outputs.project_no,
        outputs.period,
        outputs.output_kind,
        min(days.date_day) as first_gift_day,
        max(days.date_day) as last_gift_day,
        {{ sums_of_net_sums('days') }}
    from {{ ref('fact_output') }} as outputs
    inner join days
        on
            outputs.project_no = days.project_no
            and days.date_day between outputs.period_from and outputs.period_to
    group by outputs.project_no, outputs.period, outputs.output_kind
),

kinds as (
    select
        project_no,
        output_kind,
        count(distinct unit) as units_of_kind,
        max(case when period_from <= told_until then 1 else 0 end) = 1 as is_overlapping
    from (
        select
            *,
            max(period_to) over (
                partition by project_no, output_kind
                order by period_from nulls last, period_to nulls last, period
                rows between unbounded preceding and 1 preceding
            ) as told_until
        from {{ ref('fact_output') }}
    ) as outputs
    group by project_no, output_kind
)

select
    outputs.project_no,
    outputs.output_kind,
    outputs.period,
    outputs.project_key,
    projects.name,
    outputs.period_from,
    outputs.period_to,
    outputs.quantity,
    outputs.unit,
    outputs.unit_cost_cny,
    gifts.donation_count,
    cast(gifts.net_cny as decimal(18, 2)) as raised_cny,
    gifts.gifts_of_unknown_net,
    cast(gifts.unknown_net_cny as decimal(18, 2)) as unknown_net_cny,
    gifts.first_gift_day,
    gifts.last_gift_day,
    {{ mean_cny('gifts.net_cny', 'outputs.quantity') }} as raised_per_unit_cny,
    cast(kinds.units_of_kind as integer) as units_of_kind,
    kinds.is_overlapping,
    case
        when kinds.units_of_kind = 1 and not kinds.is_overlapping
            then cast(sum(outputs.quantity) over (
                partition by outputs.project_no, outputs.output_kind
                order by outputs.period_from nulls last
            ) as bigint)
    end as quantity_so_far,
    run.as_of
from {{ ref('fact_output') }} as outputs
inner join kinds
    on
        outputs.project_no = kinds.project_no
        and outputs.output_kind = kinds.output_kind
left join gifts
    on
        outputs.project_no = gifts.project_no
        and outputs.period = gifts.period
        and outputs.output_kind = gifts.output_kind
left join {{ ref('dim_project') }} as projects
    on outputs.project_key = projects.project_key and outputs.project_key <> '-1'
cross join {{ source('lake', 'run') }} as run
