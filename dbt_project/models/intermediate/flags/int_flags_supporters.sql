-- A project whose supporter may not raise funds from the public, as both stand now. What the
-- register leaves open is no flag.
select
    'supporter_not_qualified' as rule_id,
    projects.project_key as finding_key,
    'project' as subject_type,
    projects.project_no as subject_id,
    projects.project_no,
    cast(null as {{ dbt.type_string() }}) as campaign_id,
    case
        when projects.valid_from > supporters.valid_from then projects.valid_from
        else supporters.valid_from
    end as found_on,
    cast(null as decimal(18, 2)) as amount_cny,
    1 as evidence_rows,
    concat_ws('', '公募机构', supporters.name, '（', supporters.uscc, '）无公开募捐资格') as evidence_zh,
    concat_ws('', 'supporter ', supporters.name, ' (', supporters.uscc, ') is not qualified')
        as evidence_en,
    concat_ws(
        '', 'select * from star.dim_organization where organization_key = ',
        {{ sql_text('supporters.organization_key') }}
    ) as evidence_query
from {{ ref('dim_project') }} as projects
inner join {{ ref('dim_organization') }} as supporters
    on projects.supporter_uscc = supporters.uscc
where projects.is_current and supporters.is_current and not supporters.can_fundraise_publicly
