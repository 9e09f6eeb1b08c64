-- How far every level of a chain was reviewed, and whether the chain is satisfied. A level is
-- satisfied when every judged subject passed it (an `all` level), no judged subject has a blocking
-- gap there and no sample falls short; the chain is when all of its levels are. Judged are the
-- admitted or, in a chain that no campaign uses, those who passed its last `all` level. With nobody
-- to judge, both are null.
with judged as (

    select distinct
        chain_id,
        subject_id
    from {{ ref('int_review_status') }}
    where is_judged

),

gaps as (

    select
        gaps.chain_id,
        gaps.level_no,
        sum(case when gaps.severity = 'blocking' then 1 else 0 end) as blocking_gaps,
        sum(case when gaps.severity = 'blocking' and judged.subject_id is not null then 1 else 0 end)
            as blocking_gaps_judged
    from {{ ref('int_review_gaps') }} as gaps
    left join judged
        on gaps.chain_id = judged.chain_id and gaps.subject_id = judged.subject_id
    group by gaps.chain_id, gaps.level_no

),

levels as (

    select
        coverage.*,
        coalesce(gaps.blocking_gaps, 0) as blocking_gaps,
        coalesce(gaps.blocking_gaps_judged, 0) as blocking_gaps_judged,
        case
            when coverage.subjects_judged > 0
                then
                    not coverage.is_short
                    and coverage.judged_not_passed = 0
                    and coalesce(gaps.blocking_gaps_judged, 0) = 0
        end as is_satisfied
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
    cast(subjects_judged as integer) as subjects_judged,
    cast(subjects_eligible as integer) as subjects_eligible,
    cast(subjects_reviewed as integer) as subjects_reviewed,
    cast(subjects_passed as integer) as subjects_passed,
    {{ share_of('subjects_reviewed', 'subjects_eligible') }} as coverage_share,
    cast(blocking_gaps as integer) as blocking_gaps,
    cast(blocking_gaps_judged as integer) as blocking_gaps_judged,
    is_satisfied,
    -- the same subjects are judged at every level: all levels are null, or none
    min(case when is_satisfied then 1 when not is_satisfied then 0 end) over (partition by chain_id) = 1
        as is_chain_satisfied
from levels
