{{ config(meta={
    'rule_id': 'audit_matrix.whole',
    'zh': '审查矩阵中每个对象恰有其审查链的全部层级。',
    'en': 'The matrix holds exactly the levels of its chain for every subject.',
}) }}
with expected as (

    select
        subjects.chain_id,
        subjects.subject_id,
        levels.level_no
    from {{ ref('audit_subjects') }} as subjects
    inner join {{ ref('dim_review_level') }} as levels on subjects.chain_id = levels.chain_id

)

select
    coalesce(expected.chain_id, matrix.chain_id) as chain_id,
    coalesce(expected.subject_id, matrix.subject_id) as subject_id,
    coalesce(expected.level_no, matrix.level_no) as level_no
from expected
full outer join {{ ref('audit_matrix') }} as matrix
    on
        expected.chain_id = matrix.chain_id
        and expected.subject_id = matrix.subject_id
        and expected.level_no = matrix.level_no
where expected.chain_id is null or matrix.chain_id is null
