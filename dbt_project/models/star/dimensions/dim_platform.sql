select
    platform_id,
    name_zh,
    name_en,
    designated_on,
    ended_on,
    operator_name
from {{ ref('platforms') }}
