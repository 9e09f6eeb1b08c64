-- Levels of review chains as every export gave them; which export counts is settled in
-- int_review_chain_levels.
select
    chain_id,
    chain_name,
    subject_type,
    cast(level_no as integer) as level_no,
    level_code,
    level_name,
    coverage,
    required_share,
    must_differ_from,
    cast(sla_days as integer) as sla_days,
    evidence_required,
    export_date,
    source_file_id,
    source_sheet,
    source_row,
    received_no
from {{ source('lake', 'review_chains') }}
