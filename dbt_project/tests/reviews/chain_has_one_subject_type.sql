{{ config(severity='warn', meta={
    'rule_id': 'review_chains.one_subject_type',
    'zh': '一条审查链的各级应为同一种对象、同一个链名。',
    'en': 'All levels of a chain have one subject type and one chain name.',
}) }}
select
    chain_id,
    min(subject_type) as first_subject_type,
    max(subject_type) as last_subject_type,
    min(chain_name) as first_chain_name,
    max(chain_name) as last_chain_name
from {{ ref('int_review_chain_levels') }}
group by chain_id
having count(distinct subject_type) > 1 or count(distinct chain_name) > 1
