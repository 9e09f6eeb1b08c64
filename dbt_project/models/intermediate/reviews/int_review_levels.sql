-- A subject at every registered level of its chain, with its effective record there (if any)
-- and its one status.
with effective as (

    select *
    from {{ ref('int_review_records') }}
    where is_effective

),

grid as (

    select
        subjects.chain_id,
        subjects.subject_id,
        subjects.is_admitted,
        levels.level_no,
        levels.level_name,
        levels.coverage,
        effective.record_no,
        effective.round_no,
        effective.reviewer_uscc,
        effective.submitted_at,
        effective.decided_at,
        effective.decision,
        effective.evidence_count,
        min(effective.submitted_at) over (
            partition by subjects.chain_id, subjects.subject_id
            order by levels.level_no
            rows between 1 following and unbounded following
        ) as later_level_submitted_at
    from {{ ref('int_review_subjects') }} as subjects
    inner join {{ ref('int_review_chain_levels') }} as levels on subjects.chain_id = levels.chain_id
    left join effective
        on
            subjects.chain_id = effective.chain_id
            and subjects.subject_id = effective.subject_id
            and levels.level_no = effective.level_no

)

select
    *,
    case
        when decision = '通过' then 'passed'
        when decision = '退回' then 'returned'
        when decision = '不通过' then 'rejected'
        when record_no is not null then 'pending'
        when coverage = 'sample' then 'not_sampled'
        when is_admitted or later_level_submitted_at is not null then 'missing'
        else 'not_reached'
    end as status
from grid
