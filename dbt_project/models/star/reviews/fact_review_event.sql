-- Every review record of every round, whether or not it is the effective one.
select
    records.record_no,
    coalesce({{ review_level_key('levels.chain_id', 'levels.level_no') }}, '-1') as review_level_key,
    records.chain_id,
    records.subject_id,
    records.level_no,
    records.round_no,
    coalesce(projects.project_key, '-1') as project_key,
    coalesce(reviewers.organization_key, '-1') as reviewer_organization_key,
    records.reviewer_uscc,
    coalesce(organizations.name, records.reviewer_uscc) as reviewer_name_public,
    {{ date_key('cast(records.submitted_at as date)') }} as submitted_date_key,
    {{ date_key('cast(records.decided_at as date)') }} as decided_date_key,
    records.submitted_at,
    records.decided_at,
    cast({{ review_days('records.submitted_at', 'records.decided_at') }} as integer) as days_taken,
    records.decision,
    records.evidence_count,
    records.has_opinion,
    records.is_effective,
    records.export_date,
    records.source_file_id,
    records.source_row
from {{ ref('int_review_records') }} as records
left join {{ ref('int_review_chain_levels') }} as levels
    on records.chain_id = levels.chain_id and records.level_no = levels.level_no
left join {{ ref('int_review_organizations') }} as organizations
    on records.reviewer_uscc = organizations.uscc
-- the current versions, as for entries: a review is of the project, not of its state on one day
left join {{ ref('dim_project') }} as projects
    on
        records.subject_id = projects.project_no
        and levels.subject_type = 'project'
        and projects.is_current
left join {{ ref('dim_organization') }} as reviewers
    on records.reviewer_uscc = reviewers.uscc and reviewers.is_current
