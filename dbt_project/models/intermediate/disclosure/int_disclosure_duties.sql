-- What a clock requires, and by when: a publication in each three months of what lasts longer than
-- six, while it runs and as far as the as-of date; a full one within three months of the end.
-- Nothing was owed before the first Charity Law, of 2016-09-01.
with clocks as (
    select
        clocks.*,
        run.as_of,
        clocks.ends_on is null
        or clocks.ends_on > cast({{ dbt.dateadd('month', 6, 'clocks.starts_on') }} as date)
            as is_long
    from {{ ref('int_disclosure_clocks') }} as clocks
    cross join {{ source('lake', 'run') }} as run
),

-- 1, 2, 3 …: more three-month windows than the Charity Law will ever have seen
numbers as (
    select cast(row_number() over (order by date_day) as integer) as duty_no
    from {{ ref('int_calendar') }}
    order by date_day
    limit 400
),

owed as (
    select
        clocks.*,
        'interim' as duty,
        numbers.duty_no,
        -- the day that a window falls due is its own, not the next one's
        case
            when numbers.duty_no = 1 then clocks.starts_on
            else cast({{ dbt.dateadd('day', 1, dbt.dateadd(
                'month', '3 * (numbers.duty_no - 1)', 'clocks.starts_on'
            )) }} as date)
        end as window_from,
        cast({{ dbt.dateadd('month', '3 * numbers.duty_no', 'clocks.starts_on') }} as date) as due_on
    from clocks
    cross join numbers
    where clocks.is_long

    union all

    select
        clocks.*,
        'final' as duty,
        1 as duty_no,
        clocks.ends_on as window_from,
        cast({{ dbt.dateadd('month', 3, 'clocks.ends_on') }} as date) as due_on
    from clocks
    where clocks.ends_on <= clocks.as_of
)

select
    subject_type,
    subject_id,
    subject_name,
    duty,
    duty_no,
    window_from,
    due_on,
    as_of,
    case
        when due_on >= date '2024-09-05' then 'charity_law_2023_art_79'
        else 'charity_law_2016_art_73'
    end as rule
from owed
where
    due_on >= date '2016-09-01'
    and (
        duty = 'final'
        or (due_on <= as_of and due_on <= coalesce(ends_on, due_on))
    )
