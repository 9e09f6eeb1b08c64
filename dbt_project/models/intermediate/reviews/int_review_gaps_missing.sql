-- missing_level: an `all` level without any record, though the subject was admitted or went on.
with missing as (

    select
        *,
        -- due from the admission or from the first later level, whichever came first
        least(cast(admitted_on as timestamp), later_level_submitted_at) as opened_at,
        subject_label_zh || '在' || level_label_zh || '没有任何审查记录，'
        || case
            when is_admitted then '却已于' || {{ review_day('admitted_on') }} || '入场。'
            else '却已于' || {{ moment_text('later_level_submitted_at') }} || '提交后面的层级。'
        end as detail_zh,
        subject_label_en || ' has no record at ' || level_label_en
        || case
            when is_admitted then ', yet it was admitted on ' || {{ review_day('admitted_on') }} || '.'
            else ', yet a later level was submitted at ' || {{ moment_text('later_level_submitted_at') }} || '.'
        end as detail_en
    from {{ ref('int_review_status') }}
    where status = 'missing'

)

select
    chain_id,
    subject_id,
    level_no,
    'missing_level' as gap_type,
    opened_at,
    host_uscc as responsible_uscc, -- no reviewer is known: the host has it reviewed
    detail_zh,
    detail_en
from missing
