{{ config(meta={
    'rule_id': 'audit_subjects.complete_recomputed',
    'zh': '审查完整与否由审查矩阵和缺口表重新推算，结果一致。',
    'en': 'Completeness computed again from the matrix and the list of gaps agrees.',
}) }}
with unpassed as (

    select distinct
        chain_id,
        subject_id
    from {{ ref('audit_matrix') }}
    where coverage = 'all' and status <> 'passed'

),

blocked as (

    select distinct
        chain_id,
        subject_id
    from {{ ref('audit_gaps') }}
    where severity = 'blocking' and subject_id is not null

)

select
    subjects.chain_id,
    subjects.subject_id,
    subjects.is_complete
from {{ ref('audit_subjects') }} as subjects
left join unpassed
    on subjects.chain_id = unpassed.chain_id and subjects.subject_id = unpassed.subject_id
left join blocked
    on subjects.chain_id = blocked.chain_id and subjects.subject_id = blocked.subject_id
where subjects.is_complete <> (unpassed.chain_id is null and blocked.chain_id is null)
