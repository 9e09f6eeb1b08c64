-- The public name of every organisation that a register or an export names, as it is now.
select
    uscc,
    name
from {{ ref('int_organization_versions') }}
where is_current

union all

select
    uscc,
    name
from {{ ref('int_inferred_organizations') }}
