-- What the newest export that tells a project's total prints of it.
with ranked as (
    select
        project_no,
        export_date,
        raised_cny,
        participations,
        row_number() over (partition by project_no order by export_date desc) as newest_first
    from {{ ref('fact_project_snapshot') }}
    where raised_cny is not null
)

select
    project_no,
    export_date as raised_as_of,
    raised_cny,
    participations
from ranked
where newest_first = 1
