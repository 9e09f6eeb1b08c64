select
    outputs.project_no,
    outputs.period,
    outputs.output_kind,
    coalesce(projects.project_key, '-1') as project_key,
    outputs.period_from,
    outputs.period_to,
    {{ date_key('outputs.period_to') }} as date_key,
    outputs.quantity,
    outputs.unit,
    outputs.unit_cost_cny,
    outputs.export_date,
    outputs.source_file_id,
    outputs.source_row
from {{ ref('stg_project_outputs') }} as outputs
left join {{ ref('dim_project') }} as projects
    on outputs.project_no = projects.project_no and projects.is_current
