select
    campaign_id,
    name as name_zh,
    program_id,
    starts_on,
    ends_on,
    host_uscc,
    host_name,
    chain_id,
    platform as platform_name,
    {{ lake_line() }},
    not_told
from {{ source('lake', 'campaigns') }}
