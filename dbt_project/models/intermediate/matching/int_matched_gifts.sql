-- Gifts that drew a sponsor's grants, each once however many grants it drew, beside the grants on
-- them: what a multiplier compares. A grant to a project as a whole matches no gift.
with orders as (
    select
        campaign_id,
        sponsor_key,
        platform_id,
        order_no,
        sum(matched_cny) as matched_cny
    from {{ ref('int_matching_grants') }}
    where campaign_id is not null and order_no is not null
    group by campaign_id, sponsor_key, platform_id, order_no
)

select
    orders.campaign_id,
    orders.sponsor_key,
    count(*) as matched_gifts,
    sum(orders.matched_cny) as matched_on_gifts_cny,
    sum(gifts.amount_cny) as matched_gifts_cny
from orders
inner join {{ ref('int_matching_orders') }} as gifts
    on orders.platform_id = gifts.platform_id and orders.order_no = gifts.order_no
group by orders.campaign_id, orders.sponsor_key
