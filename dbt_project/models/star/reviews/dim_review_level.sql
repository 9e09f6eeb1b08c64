-- Levels of the registered chains; -1 stands for a level that a record names and that no chain has.
select
    {{ review_level_key('chain_id', 'level_no') }} as review_level_key,
    chain_id,
    chain_name,
    subject_type,
    level_no,
    level_code,
    level_name,
    coverage,
    required_share,
    forbids_initiator,
    forbids_supporter,
    forbids_previous_reviewer,
    sla_days,
    evidence_required,
    export_date,
    source_file_id,
    source_row
from {{ ref('int_review_chain_levels') }}

union all

select
    '-1' as review_level_key,
    null as chain_id,
    '未知 / unknown' as chain_name,
    null as subject_type,
    null as level_no,
    null as level_code,
    '未知 / unknown' as level_name,
    null as coverage,
    null as required_share,
    null as forbids_initiator,
    null as forbids_supporter,
    null as forbids_previous_reviewer,
    null as sla_days,
    null as evidence_required,
    null as export_date,
    null as source_file_id,
    null as source_row
