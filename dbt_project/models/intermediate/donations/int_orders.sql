-- An order's newest state. Only orders that may have come again are ranked, on their keys alone.
with ranked as (
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
        ) as newest_first
    from {{ ref('int_orders_at_hand') }} as orders
    inner join {{ ref('int_repeated_orders') }} as repeated
        on {{ row_hash(['orders.platform_id', 'orders.order_no']) }} = repeated.order_hash
),

newest as (
    select * from ranked
    where newest_first = 1
)

select orders.*
from {{ ref('int_orders_at_hand') }} as orders
left join newest
    on
        orders.platform_id = newest.platform_id
        and orders.order_no = newest.order_no
where
    newest.order_no is null
    or (
        orders.received_no = newest.received_no
        and orders.source_sheet = newest.source_sheet
        and orders.source_row = newest.source_row
    )
