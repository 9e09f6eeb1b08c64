-- Raises of a project's target (提额), dated by the export that first shows them. 0 is open-ended:
-- from a figure to 0 is a raise, from 0 to a figure is none.
with snapshots as (

    select
        project_no,
        export_date,
        target_cny,
        lag(target_cny) over (partition by project_no order by export_date) as previous_target_cny
    from {{ ref('int_project_snapshots') }}
    where target_cny is not null

)

select
    project_no,
    export_date as raised_on,
    previous_target_cny,
    target_cny
from snapshots
where
    previous_target_cny > 0
    and (target_cny > previous_target_cny or target_cny = 0)
