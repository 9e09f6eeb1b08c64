-- Of every campaign, the entries as its newest register export has them.
{{ current_register(
    ref('stg_campaign_entries'), scope=['campaign_id'], key=['campaign_id', 'project_no']
) }}
