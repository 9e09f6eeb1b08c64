-- Targets that could not be read are skipped: nothing says that they changed.
with targets as (
    select
        project_no,
        export_date,
        target_cny as to_cny,
        lag(target_cny) over (partition by project_no order by export_date) as from_cny,
        lag(export_date) over (partition by project_no order by export_date) as last_shown_on,
        source_file_id,
        source_row
    from {{ ref('int_project_snapshots') }}
    where target_cny is not null
)

select
    project_no,
    export_date as first_shown_on,
    {{ date_key('export_date') }} as date_key,
    last_shown_on,
    from_cny,
    to_cny,
    -- a target of 0 is open-ended: lifting the limit is a raise, of no definite size
    cast(
        case when from_cny > 0 and to_cny > 0 then to_cny - from_cny end as decimal(18, 2)
    ) as change_cny,
    case when to_cny = 0 or (from_cny > 0 and to_cny > from_cny) then 'raise' else 'cut' end
        as direction,
    source_file_id,
    source_row
from targets
where from_cny <> to_cny
