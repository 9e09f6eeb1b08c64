-- Never added to platform gifts, and goods never to money. A kind that is neither stated nor known
-- leaves open which of the two it is.
with gifts as (
    select
        *,
        coalesce(kind in ('现金', '转账'), false) as is_money,
        coalesce(kind = '物资', false) as is_goods
    from {{ ref('stg_offline_gifts') }}
)

select
    gifts.source_file_id,
    coalesce(gifts.source_sheet, '') as source_sheet,
    gifts.source_row,
    gifts.gift_no,
    gifts.campaign_id as registered_campaign_id,
    coalesce(campaigns.campaign_id, 'unknown') as campaign_id,
    gifts.project_no,
    case when gifts.project_no is not null then coalesce(projects.project_key, '-1') end as project_key,
    coalesce(gifts.donor_key, 'unknown') as donor_key,
    gifts.donor_kind,
    gifts.donor_name_public,
    gifts.received_on,
    {{ date_key('gifts.received_on') }} as date_key,
    gifts.receipt_no,
    gifts.kind as gift_kind,
    case when gifts.is_money then gifts.amount_cny end as money_cny,
    case when gifts.is_goods then gifts.amount_cny end as goods_value_cny,
    case when not gifts.is_money and not gifts.is_goods then gifts.amount_cny end as unstated_cny,
    gifts.export_date
from gifts
left join {{ ref('dim_campaign') }} as campaigns
    on gifts.campaign_id = campaigns.campaign_id
left join {{ ref('dim_project') }} as projects
    on gifts.project_no = projects.project_no and projects.is_current
