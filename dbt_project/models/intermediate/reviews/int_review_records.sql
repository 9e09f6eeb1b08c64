-- The records of every chain as its newest export gives them, known by chain and number, each with
-- its place among those of the same subject and level. The effective one has the greatest round and,
-- of several in that round, the latest decision (a pending record comes after decided ones). Equal
-- instants fall to the later submission, then to the greater number.
-- A table: several models read it, and each would plan the views below again.
{{ config(materialized='table') }}

with records as (

    {{ current_register(ref('stg_review_records'), ['chain_id'], ['chain_id', 'record_no']) }}

)

select
    record_no,
    chain_id,
    subject_id,
    level_no,
    round_no,
    reviewer_uscc,
    submitted_at,
    decided_at,
    decision,
    has_opinion,
    evidence_count,
    row_number() over (
        partition by chain_id, subject_id, level_no
        order by
            round_no desc,
            case when decided_at is null then 1 else 0 end,
            decided_at desc,
            submitted_at desc,
            record_no desc
    ) = 1 as is_effective,
    export_date,
    source_file_id,
    source_row
from records
