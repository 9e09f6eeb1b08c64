select
    project_no,
    period_from,
    period_to,
    {{ fen_to_cny('payout_total_fen') }} as payout_cny,
    {{ fen_to_cny('management_cost_fen') }} as management_cost_cny,
    published_at,
    {{ lake_line() }},
    not_told
from {{ source('lake', 'tencent_disclosures') }}
