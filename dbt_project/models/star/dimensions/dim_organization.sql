with regions as (
    select distinct region_code from {{ ref('dim_region') }}
),

-- of a name that is one organisation's, what renames say it was called before
renamed as (
    select
        names.uscc,
        renames.name,
        {{ sorted_list('renames.former_name', between='、') }} as former_names
    from {{ ref('stg_organization_renames') }} as renames
    inner join {{ ref('int_organization_names') }} as names
        on renames.name = names.name and names.codes_of_name = 1
    group by names.uscc, renames.name
),

registered as (
    select
        {{ version_key('versions.uscc', 'versions.valid_from') }} as organization_key,
        versions.uscc,
        versions.is_uscc_valid,
        versions.name,
        coalesce(versions.former_names, renamed.former_names) as former_names,
        versions.kind,
        versions.can_fundraise_publicly,
        versions.registration_authority,
        versions.level,
        {{ known_region('versions.region_code', 'regions.region_code') }} as region_code,
        {{ region_text('versions.region_code', 'regions.region_code') }} as region_text,
        versions.founded_on,
        false as is_inferred,
        cast(versions.version_no as integer) as version_no,
        versions.valid_from,
        versions.valid_to,
        versions.is_current
    from {{ ref('int_organization_versions') }} as versions
    left join regions
        on versions.region_code = regions.region_code
    left join renamed
        on versions.uscc = renamed.uscc and versions.name = renamed.name
),

-- in no register: all that is known is their code and what a project or campaign calls them
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
    null as region_text,
    null as founded_on,
    true as is_inferred,
    1 as version_no,
    {{ beginning() }} as valid_from,
    null as valid_to,
    true as is_current
from unregistered
