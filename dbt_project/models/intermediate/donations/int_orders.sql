-- An order's newest state. Tens of millions of orders come once and a few come again, so only
-- those that may have come again are ranked, on their keys alone. A build that goes on from the
-- last release looks at the orders that changed, and at no others.
with orders as (
    select staged.* from {{ ref('int_staged_orders') }} as staged
    {% if continued() %}
    inner join {{ ref('int_changed_orders') }} as changed
        on
            staged.platform_id = changed.platform_id
            and staged.order_no = changed.order_no
    {% endif %}
),

maybe_repeated as (
    select {{ row_hash(['platform_id', 'order_no']) }} as order_hash
    from orders
    group by {{ row_hash(['platform_id', 'order_no']) }}
    having count(*) > 1
),

ranked as (
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
    from orders
    inner join maybe_repeated
        on {{ row_hash(['orders.platform_id', 'orders.order_no']) }} = maybe_repeated.order_hash
),

newest as (
    select * from ranked
    where newest_first = 1
)

select orders.*
from orders
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
-- the refs that only some builds read
-- depends_on: {{ ref('int_changed_orders') }}
