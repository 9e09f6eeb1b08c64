-- The fact shows such a campaign as unknown, so its id is looked up where the gifts were staged,
-- beside the registered one that is spelled most like it: a slip of the pen shows at once.
{{ config(severity='warn', meta={
    'rule_id': 'fact_donation.campaign_known',
    'zh': '订单所载的活动应已登记；样本附写法最相近的已登记活动',
    'en': 'The campaign that an order names is registered; the sample has the registered one nearest in spelling',
}) }}

with named as (
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
),

compared as (
    select
        named.campaign_id,
        named.orders,
        campaigns.campaign_id as registered_id,
        campaigns.name_zh as registered_name,
        levenshtein(lower(named.campaign_id), lower(campaigns.campaign_id)) as edits
    from named
    left join {{ ref('dim_campaign') }} as campaigns
        on campaigns.campaign_id <> 'unknown'
),

ranked as (
    select
        *,
        row_number() over (
            partition by campaign_id order by edits nulls last, registered_id nulls last
        ) as nearest_first
    from compared
)

select
    campaign_id,
    orders,
    -- where more than half is another letter, nothing is near
    case when 2 * edits <= length(campaign_id) then registered_id end as nearest_campaign_id,
    case when 2 * edits <= length(campaign_id) then registered_name end as nearest_name,
    edits
from ranked
where nearest_first = 1
