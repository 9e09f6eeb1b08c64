select
    campaign_id,
    name_zh,
    coalesce(program_id, 'unknown') as program_id,
    starts_on,
    ends_on,
    host_uscc,
    host_name,
    chain_id,
    is_registered
from {{ ref('int_campaigns') }}

union all

select
    'unknown' as campaign_id,
    '未知活动' as name_zh,
    'unknown' as program_id,
    null as starts_on,
    null as ends_on,
    null as host_uscc,
    null as host_name,
    null as chain_id,
    false as is_registered
