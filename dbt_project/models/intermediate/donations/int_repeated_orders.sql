-- Orders that may occur more than once, by a narrow hash: tens of millions occur once, a few again.
{{ config(materialized='table') }}

select {{ row_hash(['platform_id', 'order_no']) }} as order_hash
from {{ ref('int_orders_at_hand') }}
group by {{ row_hash(['platform_id', 'order_no']) }}
having count(*) > 1
