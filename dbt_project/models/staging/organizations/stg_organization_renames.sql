select
    former_name,
    name,
    uscc,
    renamed_on,
    {{ lake_line() }},
    not_told
from {{ source('lake', 'organization_renames') }}
