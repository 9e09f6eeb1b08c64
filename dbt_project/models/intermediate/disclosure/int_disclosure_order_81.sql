-- Duties of Order 81, which counts from 2026-01-01: the report of a year by 31 May of the next, by
-- every organisation that may raise funds from the public; and leftover property within three
-- months of the end, on both clocks. No source has landed that shows either done.
with run as (
    select as_of from {{ source('lake', 'run') }}
),

years as (
    select
        date_day as opens_on,
        extract(year from date_day) as due_year
    from {{ ref('int_calendar') }}
    where extract(month from date_day) = 1 and extract(day from date_day) = 1
)

select
    'organization' as subject_type,
    organizations.uscc as subject_id,
    organizations.name as subject_name,
    'annual_report' as duty,
    cast(years.due_year as integer) as duty_no,
    years.opens_on as window_from,
    cast({{ dbt.dateadd('day', -1, dbt.dateadd('month', 5, 'years.opens_on')) }} as date) as due_on,
    run.as_of,
    'order_81' as rule
from {{ ref('dim_organization') }} as organizations
cross join years
cross join run
where
    organizations.is_current
    and organizations.can_fundraise_publicly
    and years.opens_on between date '2026-01-01' and run.as_of

union all

select
    clocks.subject_type,
    clocks.subject_id,
    clocks.subject_name,
    'leftover' as duty,
    1 as duty_no,
    clocks.ends_on as window_from,
    cast({{ dbt.dateadd('month', 3, 'clocks.ends_on') }} as date) as due_on,
    run.as_of,
    'order_81' as rule
from {{ ref('int_disclosure_clocks') }} as clocks
cross join run
where
    clocks.ends_on <= run.as_of
    and cast({{ dbt.dateadd('month', 3, 'clocks.ends_on') }} as date) >= date '2026-01-01'
