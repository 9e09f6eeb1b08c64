-- Whether the review of a subject is complete: every `all` level passed and no blocking gap.
with progress as (

    select
        chain_id,
        subject_id,
        max(case when is_judged then 1 else 0 end) = 1 as is_judged,
        sum(case when coverage = 'all' then 1 else 0 end) as levels_required,
        sum(case when coverage = 'all' and status = 'passed' then 1 else 0 end) as levels_passed,
        min(case when coverage = 'all' and status <> 'passed' then level_no end) as first_open_level
    from {{ ref('int_review_status') }}
    group by chain_id, subject_id

),

gaps as (

    select
        chain_id,
        subject_id,
        sum(case when severity = 'blocking' then 1 else 0 end) as blocking_gaps,
        sum(case when severity = 'warning' then 1 else 0 end) as warnings
    from {{ ref('int_review_gaps') }}
    where subject_id is not null
    group by chain_id, subject_id

)

select
    parties.chain_id,
    parties.subject_id,
    parties.subject_type,
    parties.subject_name,
    parties.initiator_uscc,
    parties.has_entry,
    parties.is_admitted,
    progress.is_judged,
    parties.round_no,
    cast(progress.levels_required as integer) as levels_required,
    cast(progress.levels_passed as integer) as levels_passed,
    -- a chain of samples alone requires no level, so it has no share
    {{ share_of('progress.levels_passed', 'progress.levels_required') }} as completeness_share,
    progress.levels_passed = progress.levels_required and coalesce(gaps.blocking_gaps, 0) = 0 as is_complete,
    cast(coalesce(gaps.blocking_gaps, 0) as integer) as blocking_gaps,
    cast(coalesce(gaps.warnings, 0) as integer) as warnings,
    progress.first_open_level,
    parties.last_decided_at
from {{ ref('int_review_parties') }} as parties
inner join progress
    on parties.chain_id = progress.chain_id and parties.subject_id = progress.subject_id
left join gaps
    on parties.chain_id = gaps.chain_id and parties.subject_id = gaps.subject_id
