with reports as (
    select
        newest.*,
        cast(newest.published_at as date) as published_on
    from ({{ newest_state(ref('stg_tencent_progress'), ['progress_id']) }}) as newest
)

select
    reports.progress_id,
    reports.project_no,
    coalesce(projects.project_key, '-1') as project_key,
    reports.published_at,
    {{ date_key('reports.published_on') }} as published_date_key,
    reports.title,
    reports.export_date,
    reports.source_file_id,
    reports.source_row
from reports
left join {{ ref('int_project_lives') }} as projects
    on
        reports.project_no = projects.project_no
        and reports.published_on between projects.matches_from and projects.matches_to
