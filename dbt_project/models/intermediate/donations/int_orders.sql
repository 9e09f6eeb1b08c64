-- An order as it stands now: its newest state or, where its states stood in tables of different
-- columns, those states merged.
with newest as (
    select * from {{ ref('int_repeated_states') }}
    where newest_first = 1
)

select {{ order_columns('orders') }}
from {{ ref('int_orders_at_hand') }} as orders
left join newest
    on
        orders.platform_id = newest.platform_id
        and orders.order_no = newest.order_no
where
    newest.order_no is null
    or (
        not newest.is_told_unevenly
        and orders.received_no = newest.received_no
        and orders.source_sheet = newest.source_sheet
        and orders.source_row = newest.source_row
    )

union all

select {{ order_columns() }}
from {{ ref('int_merged_orders') }}
