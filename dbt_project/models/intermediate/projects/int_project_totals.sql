-- What the newest export that tells a project's total prints of it. How many took part is of the
-- same export or, where that has no such column, of the last one before it that tells.
with told as (
    select
        project_no,
        export_date,
        raised_cny,
        participations,
        max(case when raised_cny is not null then export_date end) over (
            partition by project_no
        ) as raised_as_of,
        max(case when participations is not null then export_date end) over (
            partition by project_no order by export_date
        ) as participations_as_of
    from {{ ref('fact_project_snapshot') }}
)

select
    newest.project_no,
    newest.raised_as_of,
    newest.raised_cny,
    counted.participations
from told as newest
left join told as counted
    on
        newest.project_no = counted.project_no
        and newest.participations_as_of = counted.export_date
where newest.export_date = newest.raised_as_of
