-- late: more calendar days than the level allows, from submission to decision or, while pending,
-- to the release's as-of date.
with measured as (

    select
        status.*,
        run.as_of,
        {{ review_days('status.submitted_at', 'coalesce(status.decided_at, run.as_of)') }} as days_taken
    from {{ ref('int_review_status') }} as status
    cross join {{ source('lake', 'run') }} as run
    where status.record_no is not null and status.sla_days is not null

)

select
    chain_id,
    subject_id,
    level_no,
    'late' as gap_type,
    -- the first day beyond the limit
    cast({{ dbt.dateadd('day', 'sla_days + 1', 'cast(submitted_at as date)') }} as timestamp) as opened_at,
    reviewer_uscc as responsible_uscc,
    subject_label_zh || '的' || level_label_zh || '于' || {{ review_day('submitted_at') }} || '提交'
    || coalesce('，' || {{ review_day('decided_at') }} || '决定，用时', '，截至' || {{ review_day('as_of') }} || '未决定，已')
    || {{ review_number('days_taken') }} || '天，时限' || {{ review_number('sla_days') }} || '天，由'
    || reviewer_name_public || '审查。' as detail_zh,
    level_label_en || ' of ' || subject_label_en || ' was submitted on ' || {{ review_day('submitted_at') }}
    || coalesce(
        ' and decided on ' || {{ review_day('decided_at') }} || ', after ',
        ' and is still pending on ' || {{ review_day('as_of') }} || ', after '
    )
    || {{ review_number('days_taken') }} || ' days of ' || {{ review_number('sla_days') }} || ' allowed, at '
    || reviewer_name_public || '.' as detail_en
from measured
where days_taken > sla_days
