-- A gift with its order's newest state, and what its project and day decide.
-- depends_on: {{ ref('int_changed_orders') }}
{{ config(
    materialized='incremental',
    incremental_strategy='renewed',
    on_schema_change='fail',
    meta={'renewed': {'among': 'int_changed_orders', 'by': ['platform_id', 'order_no']}},
) }}

with gifts as (
    select * from {{ ref('int_gifts') }}
),

regions as (
    select distinct region_code from {{ ref('dim_region') }}
)

select
    gifts.order_no,
    gifts.platform_id,
    {{ date_key('gifts.paid_on') }} as date_key,
    gifts.paid_at,
    coalesce(contexts.project_key, '-1') as project_key,
    gifts.project_no,
    coalesce(contexts.initiator_uscc, 'unknown') as initiator_uscc,
    coalesce(contexts.supporter_uscc, 'unknown') as supporter_uscc,
    coalesce(gifts.donor_key, 'unknown') as donor_key,
    gifts.donor_kind,
    coalesce(donor_regions.region_code, 'unknown') as donor_region_code,
    coalesce(contexts.project_region_code, 'unknown') as project_region_code,
    case
        when gifts.campaign_id is null then contexts.entered_campaign_id
        else coalesce(campaigns.campaign_id, 'unknown')
    end as campaign_id,
    coalesce(channels.channel_id, 'unknown') as channel_id,
    gifts.team_id,
    gifts.amount_cny,
    gifts.refunded_cny,
    gifts.net_cny,
    gifts.is_refunded,
    gifts.status,
    gifts.refunded_at,
    gifts.export_date,
    gifts.source_file_id,
    gifts.source_row
from gifts
left join {{ ref('int_gift_contexts') }} as contexts
    on
        gifts.project_no = contexts.project_no
        and gifts.paid_on = contexts.paid_on
left join {{ ref('dim_campaign') }} as campaigns
    on gifts.campaign_id = campaigns.campaign_id
left join {{ ref('dim_channel') }} as channels
    on gifts.channel_zh = channels.name_zh
left join regions as donor_regions
    on gifts.donor_region_code = donor_regions.region_code
