with registered as (
    select
        {{ version_key('uscc', 'valid_from') }} as organization_key,
        uscc,
        is_uscc_valid,
        name,
        former_names,
        kind,
        can_fundraise_publicly,
        registration_authority,
        level,
        region_code,
        founded_on,
        false as is_inferred,
        cast(version_no as integer) as version_no,
        valid_from,
        valid_to,
        is_current
    from {{ ref('int_organization_versions') }}
),

-- no register has them: what is known is their code and what a project or campaign calls them
unregistered as (
    select
        uscc,
        name,
        {{ dbt.concat(['uscc', "'@inferred'"]) }} as organization_key
    from {{ ref('int_inferred_organizations') }}

    union all

    select
        'unknown' as uscc,
        '未知组织' as name,
        '-1' as organization_key
)

select * from registered

union all

select
    organization_key,
    uscc,
    null as is_uscc_valid,
    coalesce(name, '（未登记）') as name,
    null as former_names,
    null as kind,
    null as can_fundraise_publicly,
    null as registration_authority,
    null as level,
    null as region_code,
    null as founded_on,
    true as is_inferred,
    1 as version_no,
    {{ beginning() }} as valid_from,
    null as valid_to,
    true as is_current
from unregistered
