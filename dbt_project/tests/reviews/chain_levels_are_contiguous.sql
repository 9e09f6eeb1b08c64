{{ config(severity='warn', meta={
    'rule_id': 'review_chains.levels_contiguous',
    'zh': '审查链的层级从1起连续编号，缺号说明有层级没有读到。',
    'en': 'A chain numbers its levels 1 to n; a gap says that a level was not read.',
}) }}
select
    chain_id,
    count(*) as levels,
    min(level_no) as first_level_no,
    max(level_no) as last_level_no
from {{ ref('int_review_chain_levels') }}
group by chain_id
having min(level_no) <> 1 or max(level_no) <> count(*)
