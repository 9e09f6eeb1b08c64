-- How far every level of a chain was reviewed, and whether the chain is satisfied. A level is
-- satisfied when every admitted subject passed it (an `all` level), no admitted subject has a
-- blocking gap there and no sample falls short; the chain is when all of its levels are.
with gaps as (

    select
        gaps.chain_id,
        gaps.level_no,
        sum(case when gaps.severity = 'blocking' then 1 else 0 end) as blocking_gaps,
        sum(case when gaps.severity = 'blocking' and subjects.is_admitted then 1 else 0 end)
            as blocking_gaps_admitted
    from {{ ref('int_review_gaps') }} as gaps
    left join {{ ref('int_review_subjects') }} as subjects
        on gaps.chain_id = subjects.chain_id and gaps.subject_id = subjects.subject_id
    group by gaps.chain_id, gaps.level_no

),

levels as (

    select
        coverage.*,
        coalesce(gaps.blocking_gaps, 0) as blocking_gaps,
        coalesce(gaps.blocking_gaps_admitted, 0) as blocking_gaps_admitted,
        not coverage.is_short
        and coverage.admitted_not_passed = 0
        and coalesce(gaps.blocking_gaps_admitted, 0) = 0 as is_satisfied
    from {{ ref('int_review_coverage') }} as coverage
    left join gaps
        on coverage.chain_id = gaps.chain_id and coverage.level_no = gaps.level_no

)

select
    chain_id,
    level_no,
    level_name,
    coverage,
    required_share,
    cast(subjects_in_chain as integer) as subjects_in_chain,
    cast(subjects_admitted as integer) as subjects_admitted,
    cast(subjects_eligible as integer) as subjects_eligible,
    cast(subjects_reviewed as integer) as subjects_reviewed,
    cast(subjects_passed as integer) as subjects_passed,
    cast(subjects_reviewed * 1.0 / nullif(subjects_eligible, 0) as decimal(9, 6)) as coverage_share,
    cast(blocking_gaps as integer) as blocking_gaps,
    cast(blocking_gaps_admitted as integer) as blocking_gaps_admitted,
    is_satisfied,
    min(case when is_satisfied then 1 else 0 end) over (partition by chain_id) = 1 as is_chain_satisfied
from levels
