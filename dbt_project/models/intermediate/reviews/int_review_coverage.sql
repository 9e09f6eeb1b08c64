-- Every level of a chain and how far it was reviewed. At an `all` level the eligible subjects are
-- those that reached it (anything but not_reached); a sample is drawn from the subjects that are
-- through, and only those count as its reviewed ones.
with status as (

    select
        *,
        case when coverage = 'all' then status <> 'not_reached' else is_through end as is_eligible,
        status in ('passed', 'returned', 'rejected') as is_decided
    from {{ ref('int_review_status') }}

),

counted as (

    select
        chain_id,
        level_no,
        count(*) as subjects_in_chain,
        sum(case when is_eligible then 1 else 0 end) as subjects_eligible,
        sum(case when is_eligible and is_decided then 1 else 0 end) as subjects_reviewed,
        sum(case when is_eligible and status = 'passed' then 1 else 0 end) as subjects_passed,
        sum(case when is_admitted then 1 else 0 end) as subjects_admitted,
        sum(case when is_judged then 1 else 0 end) as subjects_judged,
        sum(case when is_judged and coverage = 'all' and status <> 'passed' then 1 else 0 end)
            as judged_not_passed,
        max(case when is_eligible then through_at end) as last_eligible_at
    from status
    group by chain_id, level_no

)

select
    levels.chain_id,
    levels.level_no,
    levels.level_name,
    levels.coverage,
    levels.required_share,
    coalesce(counted.subjects_in_chain, 0) as subjects_in_chain,
    coalesce(counted.subjects_admitted, 0) as subjects_admitted,
    coalesce(counted.subjects_eligible, 0) as subjects_eligible,
    coalesce(counted.subjects_reviewed, 0) as subjects_reviewed,
    coalesce(counted.subjects_passed, 0) as subjects_passed,
    coalesce(counted.subjects_judged, 0) as subjects_judged,
    coalesce(counted.judged_not_passed, 0) as judged_not_passed,
    counted.last_eligible_at,
    -- reviewed ÷ eligible < required, without a division: exact, and nothing required is never short
    coalesce(
        levels.coverage = 'sample'
        and counted.subjects_reviewed < levels.required_share * cast(counted.subjects_eligible as decimal(18, 0)),
        false
    ) as is_short
from {{ ref('int_review_chain_levels') }} as levels
left join counted on levels.chain_id = counted.chain_id and levels.level_no = counted.level_no
