{{ config(meta={
    'rule_id': 'audit_matrix.agrees_with_gaps',
    'zh': '审查矩阵列出的缺口与缺口表一致。',
    'en': 'The gaps that the matrix lists are those of the list of gaps.',
}) }}
-- A gap at a level that the chain does not have (unknown_subject) has no row in the matrix.
with gaps as (

    select
        chain_id,
        subject_id,
        level_no,
        count(*) as gaps,
        min(gap_type) as first_gap_type
    from {{ ref('audit_gaps') }}
    where subject_id is not null
    group by chain_id, subject_id, level_no

)

select
    matrix.chain_id,
    matrix.subject_id,
    matrix.level_no,
    matrix.gap_types
from {{ ref('audit_matrix') }} as matrix
left join gaps
    on
        matrix.chain_id = gaps.chain_id
        and matrix.subject_id = gaps.subject_id
        and matrix.level_no = gaps.level_no
where
    coalesce(gaps.gaps, 0) <> case
        when matrix.gap_types is null then 0
        else length(matrix.gap_types) - length(replace(matrix.gap_types, ';', '')) + 1
    end
    or not coalesce(matrix.gap_types like gaps.first_gap_type || '%', gaps.first_gap_type is null)
