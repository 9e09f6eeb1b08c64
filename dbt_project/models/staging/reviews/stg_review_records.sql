-- Review records as every export gave them. What a reviewer wrote is free text about people:
-- whether there is an opinion goes on, the text stays in the lake.
select
    record_no,
    chain_id,
    subject_id,
    cast(round_no as integer) as round_no,
    cast(level_no as integer) as level_no,
    reviewer_uscc,
    submitted_at,
    decided_at,
    decision,
    opinion is not null as has_opinion,
    cast(evidence_count as integer) as evidence_count,
    export_date,
    source_file_id,
    source_sheet,
    source_row,
    received_no
from {{ source('lake', 'review_records') }}
