with versions as (
    select * from {{ ref('int_project_versions') }}
),

domains as (
    select * from {{ ref('int_project_domains') }}
),

regions as (
    select distinct region_code from {{ ref('dim_region') }}
)

select
    {{ version_key('versions.project_no', 'versions.valid_from') }} as project_key,
    versions.project_no,
    versions.name,
    coalesce(domains.domain, versions.category) as domain,
    coalesce(versions.initiator_uscc, names.uscc) as initiator_uscc,
    versions.initiator_name,
    versions.initiator_uscc is null and names.uscc is not null as is_initiator_by_name,
    versions.supporter_uscc,
    versions.supporter_name,
    versions.filing_no,
    -- 备案编号 = the supporter's 18-character code + A + year + serial (Charity Law 24-26)
    substring(versions.filing_no, 1, 18) = versions.supporter_uscc as is_filing_consistent,
    {{ known_region('versions.region_code', 'regions.region_code') }} as region_code,
    {{ region_text('versions.region_code', 'regions.region_code') }} as region_text,
    versions.target_cny,
    versions.state,
    versions.approved_on,
    versions.starts_on,
    versions.ends_on,
    versions.parent_project_no,
    cast(versions.version_no as integer) as version_no,
    versions.valid_from,
    versions.valid_to,
    versions.is_current
from versions
left join domains
    on versions.project_no = domains.project_no
left join regions
    on versions.region_code = regions.region_code
left join {{ ref('int_organization_names') }} as names
    on versions.initiator_name = names.name and names.codes_of_name = 1

union all

select
    '-1' as project_key,
    'unknown' as project_no,
    '未知项目' as name,
    null as domain,
    'unknown' as initiator_uscc,
    null as initiator_name,
    false as is_initiator_by_name,
    'unknown' as supporter_uscc,
    null as supporter_name,
    null as filing_no,
    null as is_filing_consistent,
    'unknown' as region_code,
    null as region_text,
    null as target_cny,
    null as state,
    null as approved_on,
    null as starts_on,
    null as ends_on,
    null as parent_project_no,
    1 as version_no,
    {{ beginning() }} as valid_from,
    null as valid_to,
    true as is_current
