{{ config(meta={
    'rule_id': 'audit_completeness.satisfied_recomputed',
    'zh': '审查链满足与否由入场对象的完整性和抽查缺口重新推算，结果一致。',
    'en': 'Whether a chain is satisfied, computed again from its admitted subjects and short samples, agrees.',
}) }}
-- audit_completeness arrives at it level by level; here it is the definition, subject by subject.
with incomplete as (

    select distinct chain_id
    from {{ ref('audit_subjects') }}
    where is_admitted and not is_complete

),

short as (

    select distinct chain_id
    from {{ ref('audit_gaps') }}
    where gap_type = 'sample_shortfall'

)

select
    levels.chain_id,
    levels.level_no,
    levels.is_chain_satisfied
from {{ ref('audit_completeness') }} as levels
left join incomplete on levels.chain_id = incomplete.chain_id
left join short on levels.chain_id = short.chain_id
where levels.is_chain_satisfied <> (incomplete.chain_id is null and short.chain_id is null)
