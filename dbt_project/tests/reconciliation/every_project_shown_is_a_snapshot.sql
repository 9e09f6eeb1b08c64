-- A project of an export that has no snapshot, or no version in the dimension on that day.
{{ config(meta={
    'rule_id': 'fact_project_snapshot.every_project',
    'zh': '每次导出的每个项目须各有一个快照，且当日有项目版本',
    'en': 'Every project of every export has a snapshot, and a version on that day',
}) }}

select distinct
    staged.project_no,
    staged.export_date
from {{ ref('stg_tencent_projects') }} as staged
left join {{ ref('fact_project_snapshot') }} as snapshots
    on
        staged.project_no = snapshots.project_no
        and staged.export_date = snapshots.export_date
where snapshots.project_no is null
