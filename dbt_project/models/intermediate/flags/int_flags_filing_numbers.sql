-- A version of a project whose filing number does not begin with its supporter's code.
select
    'filing_not_supporters' as rule_id,
    project_key as finding_key,
    'project' as subject_type,
    project_no as subject_id,
    project_no,
    cast(null as {{ dbt.type_string() }}) as campaign_id,
    valid_from as found_on,
    cast(null as decimal(18, 2)) as amount_cny,
    1 as evidence_rows,
    concat_ws('', '备案编号', filing_no, '，公募机构', supporter_uscc) as evidence_zh,
    concat_ws('', 'filing number ', filing_no, ', supporter ', supporter_uscc) as evidence_en,
    concat_ws('', 'select * from star.dim_project where project_key = ', {{ sql_text('project_key') }})
        as evidence_query
from {{ ref('dim_project') }}
where not is_filing_consistent
