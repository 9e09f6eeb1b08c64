select
    campaign_id,
    project_no,
    applicant_uscc,
    applied_on,
    domain,
    region_code,
    result,
    result = '入场' as is_admitted,
    -- from an earlier export, it may belong to an admission that was taken back
    case when result = '入场' then admitted_on end as admitted_on,
    go_live_at,
    export_date,
    received_no,
    source_file_id,
    source_row
from {{ ref('stg_campaign_entries') }}
