-- A project with gifts that prints no filing number in any export, where those very files print the
-- numbers of others: a column that no file has is no flag.
with snapshots as (
    select
        snapshots.project_no,
        snapshots.export_date,
        snapshots.source_file_id,
        projects.filing_no
    from {{ ref('fact_project_snapshot') }} as snapshots
    inner join {{ ref('dim_project') }} as projects
        on snapshots.project_key = projects.project_key
),

files as (
    select source_file_id
    from snapshots
    where filing_no is not null
    group by source_file_id
),

unfiled as (
    select
        snapshots.project_no,
        max(snapshots.export_date) as found_on
    from snapshots
    inner join files
        on snapshots.source_file_id = files.source_file_id
    group by snapshots.project_no
    having count(snapshots.filing_no) = 0
)

select
    'filing_missing' as rule_id,
    unfiled.project_no as finding_key,
    'project' as subject_type,
    unfiled.project_no as subject_id,
    unfiled.project_no,
    cast(null as {{ dbt.type_string() }}) as campaign_id,
    unfiled.found_on,
    gifts.net_cny as amount_cny,
    1 as evidence_rows,
    concat_ws('', '至', unfiled.found_on, '的导出皆无备案编号，已有', gifts.donation_count, '笔捐款')
        as evidence_zh,
    concat_ws(
        '', 'no filing number in exports up to ', unfiled.found_on, ', and ', gifts.donation_count,
        ' gifts'
    ) as evidence_en,
    concat_ws(
        '', 'select * from star.dim_project where is_current and project_no = ',
        {{ sql_text('unfiled.project_no') }}
    ) as evidence_query
from unfiled
inner join {{ ref('int_project_gifts') }} as gifts
    on unfiled.project_no = gifts.project_no
