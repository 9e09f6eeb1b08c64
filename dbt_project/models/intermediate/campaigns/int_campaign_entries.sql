-- Of every campaign, the entries as its newest register export has them.
with entries as (
    {{ current_register(
        ref('stg_campaign_entries'), scope=['campaign_id'], key=['campaign_id', 'project_no'],
        newest=['applicant_uscc', 'applied_on', 'domain', 'region_code', 'result', 'is_admitted'],
        told={'admitted_on': 'admitted_on', 'go_live_at': 'go_live_at'}
    ) }}
)

select
    campaign_id,
    project_no,
    applicant_uscc,
    applied_on,
    domain,
    region_code,
    result,
    is_admitted,
    -- from an earlier export, it may belong to an admission that was taken back
    case when is_admitted then admitted_on end as admitted_on,
    go_live_at,
    export_date,
    received_no,
    source_file_id,
    source_row
from entries
