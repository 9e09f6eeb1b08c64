-- How a review was done: conflict_of_interest (also while pending: the reviewer is named), no_evidence.
with previous as (

    select *
    from {{ ref('int_review_records') }}
    where is_effective

),

conflicts as (

    select
        status.*,
        status.forbids_initiator and status.reviewer_uscc = status.initiator_uscc as is_initiator,
        status.forbids_supporter and status.reviewer_uscc = status.supporter_uscc as is_supporter,
        status.forbids_previous_reviewer and status.reviewer_uscc = previous.reviewer_uscc as is_previous
    from {{ ref('int_review_status') }} as status
    left join previous
        on
            status.chain_id = previous.chain_id
            and status.subject_id = previous.subject_id
            and status.level_no - 1 = previous.level_no

)

select
    chain_id,
    subject_id,
    level_no,
    'conflict_of_interest' as gap_type,
    coalesce(decided_at, submitted_at) as opened_at,
    host_uscc as responsible_uscc, -- has to name another reviewer
    level_label_zh || '的审查单位' || reviewer_name_public || '须回避：它是' || subject_label_zh || '的'
    || case when is_initiator then '〔发起方〕' else '' end
    || case when is_supporter then '〔公募支持方〕' else '' end
    || case when is_previous then '〔上一级审查单位〕' else '' end
    || '。' as detail_zh,
    reviewer_name_public || ', the reviewer at ' || level_label_en || ', should have stood aside: for '
    || subject_label_en || ' it is'
    || case when is_initiator then ' [initiator]' else '' end
    || case when is_supporter then ' [supporter]' else '' end
    || case when is_previous then ' [reviewer of the level before]' else '' end
    || '.' as detail_en
from conflicts
where is_initiator or is_supporter or is_previous
union all
select
    chain_id,
    subject_id,
    level_no,
    'no_evidence' as gap_type,
    decided_at as opened_at,
    reviewer_uscc as responsible_uscc, -- passed it without
    level_label_zh || '须附佐证，' || reviewer_name_public || '于' || {{ moment_text('decided_at') }}
    || '通过' || subject_label_zh || '时佐证数量为0。' as detail_zh,
    level_label_en || ' requires evidence, but ' || reviewer_name_public || ' passed ' || subject_label_en
    || ' at ' || {{ moment_text('decided_at') }} || ' with none.' as detail_en
from {{ ref('int_review_status') }}
where evidence_required and status = 'passed' and evidence_count = 0
