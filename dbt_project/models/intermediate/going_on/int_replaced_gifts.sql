-- Of a build that goes on from the last release: what it showed of the orders that changed, once
-- for all who ask.
{{ config(materialized='table') }}

select
    gifts.platform_id,
    gifts.order_no,
    gifts.donor_key,
    gifts.amount_cny
from {{ source('base', 'gifts') }} as gifts
inner join {{ ref('int_changed_orders') }} as changed
    on
        gifts.platform_id = changed.platform_id
        and gifts.order_no = changed.order_no
