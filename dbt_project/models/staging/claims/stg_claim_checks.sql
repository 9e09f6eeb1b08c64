select
    check_id,
    claim_id,
    check_kind,
    check_operator,
    right_claims,
    right_number,
    mart,
    mart_column,
    mart_filter,
    is_whole_scope,
    remark_zh,
    remark_en,
    {{ lake_line() }},
    not_told
from {{ source('lake', 'claim_checks') }}
