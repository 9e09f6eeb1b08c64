-- Checks as their newest lists have them, and a row `none` for every figure that no check is about.
with checks as (
    {{ current_register(
        ref('stg_claim_checks'), scope=['check_id'], key=['check_id'],
        newest=[
            'claim_id', 'check_kind', 'check_operator', 'right_claims', 'right_number', 'mart',
            'mart_column', 'mart_filter'
        ],
        told={
            'is_whole_scope': 'is_whole_scope', 'remark_zh': 'remark_zh', 'remark_en': 'remark_en'
        }
    ) }}
)

select
    claim_id,
    check_id,
    check_kind,
    check_operator,
    right_claims,
    right_number,
    mart,
    mart_column,
    mart_filter,
    is_whole_scope,
    remark_zh,
    remark_en
from checks

union all

select
    claims.claim_id,
    'none' as check_id,
    'none' as check_kind,
    null as check_operator,
    null as right_claims,
    null as right_number,
    null as mart,
    null as mart_column,
    null as mart_filter,
    null as is_whole_scope,
    null as remark_zh,
    null as remark_en
from {{ ref('fact_published_claim') }} as claims
where claims.claim_id not in (select checks.claim_id from checks)
