select
    channel_id,
    name_zh,
    name_en,
    is_money
from {{ ref('channels') }}
