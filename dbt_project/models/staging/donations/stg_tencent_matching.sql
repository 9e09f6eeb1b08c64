select
    'tencent' as platform_id,
    matching_no,
    order_no,
    project_no,
    campaign_id,
    sponsor_type,
    sponsor_name,
    sponsor_uscc,
    matched_at,
    {{ fen_to_cny('amount_fen') }} as matched_cny,
    {{ lake_line() }},
    not_told
from {{ source('lake', 'tencent_matching') }}
