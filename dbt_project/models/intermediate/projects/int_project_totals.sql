-- A project's total in the newest export that prints it. The number of participations is that of
-- the same export or, where it lacks the column, of the last one before it that has it.
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
