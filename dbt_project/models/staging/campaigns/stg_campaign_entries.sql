select
    campaign_id,
    project_no,
    applicant_uscc,
    applied_on,
    domain,
    region_code,
    result,
    result = '入场' as is_admitted,
    admitted_on,
    go_live_at,
    {{ lake_line() }},
    not_told
from {{ source('lake', 'campaign_entries') }}
