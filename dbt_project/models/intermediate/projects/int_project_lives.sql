-- The version of a project that is valid on a day. Before its first export a project is taken to
-- have looked as that export shows it.
select
    project_key,
    project_no,
    coalesce(initiator_uscc, 'unknown') as initiator_uscc,
    coalesce(supporter_uscc, 'unknown') as supporter_uscc,
    region_code,
    case when version_no = 1 then {{ beginning() }} else valid_from end as matches_from,
    coalesce(valid_to, {{ end_of_time() }}) as matches_to
from {{ ref('dim_project') }}
where project_key <> '-1'
