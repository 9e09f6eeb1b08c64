-- Every subject at every level of its chain: its status and what is wrong there.
with gaps as (

    select
        chain_id,
        subject_id,
        level_no,
        {{ sorted_list('gap_type') }} as gap_types
    from {{ ref('int_review_gaps') }}
    where subject_id is not null
    group by chain_id, subject_id, level_no

)

select
    status.chain_id,
    status.subject_id,
    status.level_no,
    status.level_name,
    status.coverage,
    status.status,
    status.round_no,
    status.reviewer_uscc,
    status.reviewer_name_public,
    status.submitted_at,
    status.decided_at,
    cast({{ review_days('status.submitted_at', 'status.decided_at') }} as integer) as days_taken,
    status.evidence_count,
    gaps.gap_types
from {{ ref('int_review_status') }} as status
left join gaps
    on
        status.chain_id = gaps.chain_id
        and status.subject_id = gaps.subject_id
        and status.level_no = gaps.level_no
