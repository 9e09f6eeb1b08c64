-- Every review record of every round, whether or not it is the effective one.
select
    records.record_no,
    coalesce({{ review_level_key('levels.chain_id', 'levels.level_no') }}, 'unknown') as review_level_key,
    records.chain_id,
    records.subject_id,
    records.level_no,
    records.round_no,
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
