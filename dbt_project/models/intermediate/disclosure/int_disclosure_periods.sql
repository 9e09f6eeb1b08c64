-- Gaps and overlaps between the periods that a project's 财务披露 name: days that none of them
-- covers, and days that two of them cover. The first gap starts with the project. Days after the
-- last period are no gap: the next period may still cover them, and duties say by when.
with ordered as (
    select
        project_no,
        period_from,
        period_to,
        max(period_to) over (
            partition by project_no
            order by period_from nulls last, period_to nulls last
            rows between unbounded preceding and 1 preceding
        ) as told_until
    from {{ ref('fact_disclosure') }}
),

periods as (
    select
        ordered.*,
        clocks.subject_name as project_name,
        coalesce(ordered.told_until, {{ day_before('clocks.starts_on') }}) as owed_after
    from ordered
    left join {{ ref('int_disclosure_clocks') }} as clocks
        on
            ordered.project_no = clocks.subject_id
            and clocks.subject_type = 'project'
),

found as (
    select
        project_no,
        project_name,
        'period_gap' as duty,
        cast({{ dbt.dateadd('day', 1, 'owed_after') }} as date) as window_from,
        {{ day_before('period_from') }} as window_to
    from periods
    where {{ day_before('period_from') }} > owed_after

    union all

    select
        project_no,
        project_name,
        'period_overlap' as duty,
        period_from as window_from,
        case when period_to < told_until then period_to else told_until end as window_to
    from periods
    where period_from <= told_until
)

select
    project_no,
    project_name,
    duty,
    cast(row_number() over (
        partition by project_no, duty order by window_from nulls last, window_to nulls last
    ) as integer) as duty_no,
    window_from,
    window_to,
    cast({{ dbt.datediff('window_from', 'window_to', 'day') }} + 1 as bigint) as days
from found
