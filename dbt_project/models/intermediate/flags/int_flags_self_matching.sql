-- A sponsor's grants to a project of its own, per project, campaign and name of the sponsor. Which
-- grants count depends on the project's version and the code that the grant prints.
with grants as (
    select
        *,
        concat_ws('', project_key, '#', sponsor_printed_uscc) as version_and_code
    from {{ ref('int_matching_grants') }}
    where is_self_matching
),

own as (
    select
        project_no,
        campaign_id,
        sponsor_name,
        max(cast(matched_at as date)) as found_on,
        count(*) as grants,
        sum(matched_cny) as matched_cny,
        {{ sorted_list(sql_text('version_and_code'), between=', ') }} as versions_and_codes
    from grants
    group by project_no, campaign_id, sponsor_name
)

select
    'self_matching' as rule_id,
    concat_ws('', project_no, '#', coalesce(campaign_id, '-'), '#', sponsor_name) as finding_key,
    'project' as subject_type,
    project_no as subject_id,
    project_no,
    campaign_id,
    found_on,
    matched_cny as amount_cny,
    grants as evidence_rows,
    concat_ws('', sponsor_name, '为本方项目配捐', grants, '笔，共', matched_cny, '元') as evidence_zh,
    concat_ws('', sponsor_name, ': ', grants, ' grants to its own project, ', matched_cny, ' yuan in all')
        as evidence_en,
    concat_ws(
        '', 'select * from star.fact_matching where project_no = ', {{ sql_text('project_no') }},
        ' and sponsor_name = ', {{ sql_text('sponsor_name') }},
        ' and campaign_id is not distinct from ',
        case when campaign_id is null then 'null' else {{ sql_text('campaign_id') }} end,
        ' and concat(project_key, ''#'', sponsor_uscc) in (', versions_and_codes, ')'
    ) as evidence_query
from own
