-- out_of_order: a level decided before an earlier `all` level was (effective records, so a level
-- passed again reopens those after it). Of several earlier levels the one decided last is named.
with status as (

    select * from {{ ref('int_review_status') }}

),

pairs as (

    select
        later.*,
        earlier.decided_at as earlier_decided_at,
        earlier.level_label_zh as earlier_label_zh,
        earlier.level_label_en as earlier_label_en,
        row_number() over (
            partition by later.chain_id, later.subject_id, later.level_no
            order by earlier.decided_at desc, earlier.level_no asc
        ) as latest_first
    from status as later
    inner join status as earlier
        on
            later.chain_id = earlier.chain_id
            and later.subject_id = earlier.subject_id
            and later.level_no > earlier.level_no
            and later.decided_at < earlier.decided_at
    where earlier.coverage = 'all'

)

select
    chain_id,
    subject_id,
    level_no,
    'out_of_order' as gap_type,
    earlier_decided_at as opened_at,
    reviewer_uscc as responsible_uscc, -- has to decide again
    subject_label_zh || '的' || level_label_zh || '于' || {{ moment_text('decided_at') }}
    || '决定，早于' || earlier_label_zh || '的决定时间' || {{ moment_text('earlier_decided_at') }}
    || '。' as detail_zh,
    level_label_en || ' of ' || subject_label_en || ' was decided at ' || {{ moment_text('decided_at') }}
    || ', before ' || earlier_label_en || ' was at ' || {{ moment_text('earlier_decided_at') }}
    || '.' as detail_en
from pairs
where latest_first = 1
