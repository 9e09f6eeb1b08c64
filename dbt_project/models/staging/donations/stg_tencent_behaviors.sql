select
    'tencent' as platform_id,
    date as date_day,
    project_no,
    kind as behavior_kind,
    participations,
    quantity,
    {{ fen_to_cny('amount_fen') }} as exchanged_cny,
    sponsor_name,
    sponsor_uscc,
    {{ lake_line() }},
    not_told
from {{ source('lake', 'tencent_behaviors') }}
