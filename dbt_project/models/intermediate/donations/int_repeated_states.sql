-- The states of orders that may occur more than once, by their keys alone: which is the newest, and
-- whether they stood in tables of different columns, so that the newest may lack some values.
{{ config(materialized='table') }}

select
    orders.platform_id,
    orders.order_no,
    orders.received_no,
    orders.source_sheet,
    orders.source_row,
    row_number() over (
        partition by orders.platform_id, orders.order_no
        order by
            orders.export_date desc,
            orders.received_no desc,
            orders.source_sheet desc,
            orders.source_row desc
    ) as newest_first,
    min(coalesce(orders.not_told, '')) over (partition by orders.platform_id, orders.order_no)
    <> max(coalesce(orders.not_told, '')) over (partition by orders.platform_id, orders.order_no)
        as is_told_unevenly
from {{ ref('int_orders_at_hand') }} as orders
inner join {{ ref('int_repeated_orders') }} as repeated
    on {{ row_hash(['orders.platform_id', 'orders.order_no']) }} = repeated.order_hash
