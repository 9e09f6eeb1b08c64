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
    coalesce(projects.project_key, '-1') as project_key,
    gifts.project_no,
    coalesce(projects.initiator_uscc, 'unknown') as initiator_uscc,
    coalesce(projects.supporter_uscc, 'unknown') as supporter_uscc,
    coalesce(gifts.donor_key, 'unknown') as donor_key,
    gifts.donor_kind,
    coalesce(donor_regions.region_code, 'unknown') as donor_region_code,
    coalesce(project_regions.region_code, 'unknown') as project_region_code,
    case
        when gifts.campaign_id is null then project_days.campaign_id
        else coalesce(campaigns.campaign_id, 'unknown')
    end as campaign_id,
    coalesce(channels.channel_id, 'unknown') as channel_id,
    gifts.team_id,
    gifts.amount_cny,
    gifts.refunded_cny,
    gifts.net_cny,
    gifts.is_refunded,
    gifts.export_date,
    gifts.source_file_id,
    gifts.source_row
from gifts
left join {{ ref('int_project_lives') }} as projects
    on
        gifts.project_no = projects.project_no
        and gifts.paid_on between projects.matches_from and projects.matches_to
left join {{ ref('int_campaign_project_days') }} as project_days
    on
        gifts.project_no = project_days.project_no
        and gifts.paid_on = project_days.date_day
left join {{ ref('dim_campaign') }} as campaigns
    on gifts.campaign_id = campaigns.campaign_id
left join {{ ref('dim_channel') }} as channels
    on gifts.channel_zh = channels.name_zh
left join regions as donor_regions
    on gifts.donor_region_code = donor_regions.region_code
left join regions as project_regions
    on projects.region_code = project_regions.region_code
