{{ config(severity='warn', meta={
    'rule_id': 'review_records.one_record_per_number',
    'zh': '同一审查链内一个记录编号只属一个对象的一个层级；不止一个时只取最后收到的一条。',
    'en': 'Within a chain a record number is of one subject at one level; of several the last received counts.',
}) }}
-- Charities number each register from 1. In two chains that is no matter; where two of them report
-- on one chain, the number no longer tells their records apart.
with newest as (

    select
        *,
        max(export_date) over (partition by chain_id) as newest_export_date
    from {{ ref('stg_review_records') }}

)

select
    chain_id,
    record_no,
    min(subject_id) as first_subject_id,
    max(subject_id) as last_subject_id,
    min(level_no) as first_level_no,
    max(level_no) as last_level_no
from newest
where export_date = newest_export_date
group by chain_id, record_no
having count(distinct subject_id) > 1 or count(distinct level_no) > 1
