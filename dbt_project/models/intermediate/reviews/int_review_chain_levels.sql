-- The levels of every chain as its newest export gives them, with who may not review spelled out.
-- A table: several models read it, and each would plan the views below again.
{{ config(materialized='table') }}

with levels as (

    {{ current_register(ref('stg_review_chains'), ['chain_id'], ['chain_id', 'level_no']) }}

)

select
    chain_id,
    chain_name,
    subject_type,
    level_no,
    level_code,
    level_name,
    coverage,
    required_share,
    sla_days,
    evidence_required,
    {{ review_list_holds('must_differ_from', 'initiator') }} as forbids_initiator,
    {{ review_list_holds('must_differ_from', 'supporter') }} as forbids_supporter,
    {{ review_list_holds('must_differ_from', 'previous_reviewer') }} as forbids_previous_reviewer,
    export_date,
    source_file_id,
    source_row
from levels
