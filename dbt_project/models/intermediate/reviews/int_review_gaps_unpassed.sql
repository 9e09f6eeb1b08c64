-- admitted_without_pass: admitted, yet returned, rejected or pending. A sampled level that is still
-- pending does not count: nobody has to be sampled to be admitted.
with unpassed as (

    select
        *,
        greatest(cast(admitted_on as timestamp), coalesce(decided_at, submitted_at)) as opened_at,
        subject_label_zh || '已于' || {{ review_day('admitted_on') }} || '入场，但' || level_label_zh
        || '第' || {{ review_number('round_no') }} || '轮由' || reviewer_name_public
        || coalesce(
            '于' || {{ moment_text('decided_at') }} || '作出“' || decision || '”的决定。',
            '审查，自' || {{ moment_text('submitted_at') }} || '提交后尚无决定。'
        ) as detail_zh,
        subject_label_en || ' was admitted on ' || {{ review_day('admitted_on') }} || ', but round '
        || {{ review_number('round_no') }} || ' of ' || level_label_en || ' by ' || reviewer_name_public
        || coalesce(
            ' ended ' || status || ' at ' || {{ moment_text('decided_at') }} || '.',
            ' has had no decision since it was submitted at ' || {{ moment_text('submitted_at') }} || '.'
        ) as detail_en
    from {{ ref('int_review_status') }}
    where
        is_admitted
        and (status in ('returned', 'rejected') or (status = 'pending' and coverage = 'all'))

)

select
    chain_id,
    subject_id,
    level_no,
    'admitted_without_pass' as gap_type,
    opened_at,
    -- returned: the initiator resubmits; pending: the reviewer decides; rejected: the host admitted it
    case status
        when 'returned' then initiator_uscc
        when 'pending' then reviewer_uscc
        else host_uscc
    end as responsible_uscc,
    detail_zh,
    detail_en
from unpassed
