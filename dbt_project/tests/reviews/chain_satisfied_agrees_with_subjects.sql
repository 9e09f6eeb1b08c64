{{ config(meta={
    'rule_id': 'audit_completeness.satisfied_recomputed',
    'zh': '审查链满足与否由据以判断的对象的完整性和抽查缺口重新推算，结果一致；无人可判则为空。',
    'en': 'Whether a chain is satisfied, computed again from the subjects it is judged by and short samples, agrees.',
}) }}
-- audit_completeness arrives at it level by level; here it is the definition, subject by subject.
with campaigns as (

    select distinct chain_id
    from {{ ref('dim_campaign') }}
    where chain_id is not null

),

judged as (

    select
        subjects.chain_id,
        min(case when subjects.is_complete then 1 else 0 end) as least_complete
    from {{ ref('audit_subjects') }} as subjects
    left join campaigns on subjects.chain_id = campaigns.chain_id
    left join {{ ref('fact_review_status') }} as status
        on subjects.chain_id = status.chain_id and subjects.subject_id = status.subject_id
    where
        case
            when campaigns.chain_id is not null then subjects.is_admitted
            else subjects.levels_required = 0 or status.last_all_passed_at is not null
        end
    group by subjects.chain_id

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
left join judged on levels.chain_id = judged.chain_id
left join short on levels.chain_id = short.chain_id
where
    coalesce(cast(levels.is_chain_satisfied as integer), -1) <> case
        when judged.chain_id is null then -1
        when judged.least_complete = 1 and short.chain_id is null then 1
        else 0
    end
    or (levels.is_satisfied is null) <> (levels.is_chain_satisfied is null)
