-- Every finding, named for the reviewers: what, how severe, who has to act, since when.
select
    gaps.chain_id,
    gaps.subject_id,
    gaps.level_no,
    gaps.gap_type,
    gaps.severity,
    gaps.detail_zh,
    gaps.detail_en,
    gaps.responsible_uscc,
    organizations.name as responsible_name,
    gaps.opened_at,
    -- a record may be later than the as-of date of a release built for the past: not open yet
    cast(greatest({{ review_days('gaps.opened_at', 'run.as_of') }}, 0) as integer) as days_open,
    run.as_of
from {{ ref('int_review_gaps') }} as gaps
cross join {{ source('lake', 'run') }} as run
left join {{ ref('int_review_organizations') }} as organizations
    on gaps.responsible_uscc = organizations.uscc
