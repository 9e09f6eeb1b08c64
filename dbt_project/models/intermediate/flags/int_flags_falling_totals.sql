-- A project's printed total that is below the one that an earlier export printed last.
with totals as (
    select
        project_no,
        export_date,
        raised_cny,
        lag(raised_cny) over (partition by project_no order by export_date) as before_cny,
        lag(export_date) over (partition by project_no order by export_date) as before_date
    from {{ ref('fact_project_snapshot') }}
    where raised_cny is not null
)

select
    'falling_total' as rule_id,
    concat_ws('', project_no, '#', export_date) as finding_key,
    'project' as subject_type,
    project_no as subject_id,
    project_no,
    cast(null as {{ dbt.type_string() }}) as campaign_id,
    export_date as found_on,
    before_cny - raised_cny as amount_cny,
    2 as evidence_rows,
    concat_ws('', before_date, '为', before_cny, '元，', export_date, '为', raised_cny, '元') as evidence_zh,
    concat_ws('', before_date, ': ', before_cny, ' yuan; ', export_date, ': ', raised_cny, ' yuan')
        as evidence_en,
    concat_ws(
        '', 'select * from star.fact_project_snapshot where project_no = ',
        {{ sql_text('project_no') }}, ' and export_date in (date ''', before_date, ''', date ''',
        export_date, ''')'
    ) as evidence_query
from totals
where raised_cny < before_cny
