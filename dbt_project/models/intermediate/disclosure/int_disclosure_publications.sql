-- What a project published, and which duty it fulfils: a report of progress or a 财务披露 reports on
-- a running project (interim); only a 财务披露 reports its end, once its period reaches the last day
-- (final: from which day on a period counts is decided with the duty).
select
    project_no,
    'interim' as serves,
    cast(published_at as date) as published_on,
    cast(null as date) as period_to
from {{ ref('fact_progress') }}

union all

select
    project_no,
    'interim' as serves,
    cast(published_at as date) as published_on,
    period_to
from {{ ref('fact_disclosure') }}

union all

select
    project_no,
    'final' as serves,
    cast(published_at as date) as published_on,
    period_to
from {{ ref('fact_disclosure') }}
