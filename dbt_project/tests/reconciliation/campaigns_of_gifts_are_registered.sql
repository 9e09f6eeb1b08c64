-- The fact shows such a campaign as unknown, so its id is looked up where the gifts were staged.
{{ config(severity='warn', meta={
    'rule_id': 'fact_donation.campaign_known',
    'zh': '订单所载的活动应已登记',
    'en': 'The campaign that an order names is registered',
}) }}

select
    gifts.campaign_id,
    count(*) as orders
from {{ ref('int_staged_orders') }} as gifts
left join {{ ref('dim_campaign') }} as campaigns
    on gifts.campaign_id = campaigns.campaign_id
where
    gifts.campaign_id is not null
    and campaigns.campaign_id is null
group by gifts.campaign_id
