{{ config(meta={
    'rule_id': 'fact_review_event.one_effective',
    'zh': '每个对象在每一级有记录时，恰有一条有效记录，且没有更大的轮次。',
    'en': 'Where a subject has records at a level, exactly one is effective, and none has a greater round.',
}) }}
select
    chain_id,
    subject_id,
    level_no
from {{ ref('fact_review_event') }}
group by chain_id, subject_id, level_no
having
    sum(case when is_effective then 1 else 0 end) <> 1
    or max(case when is_effective then round_no end) <> max(round_no)
