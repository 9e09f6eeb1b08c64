select
    snapshots.project_no,
    snapshots.export_date,
    {{ date_key('snapshots.export_date') }} as date_key,
    projects.project_key,
    snapshots.state,
    snapshots.target_cny,
    snapshots.raised_cny,
    snapshots.participations,
    snapshots.takes_monthly_gifts,
    snapshots.source_file_id,
    snapshots.source_row
from {{ ref('int_project_snapshots') }} as snapshots
inner join {{ ref('dim_project') }} as projects
    on
        snapshots.project_no = projects.project_no
        and snapshots.export_date >= projects.valid_from
        and snapshots.export_date <= coalesce(projects.valid_to, {{ end_of_time() }})
