-- An order as it stands now: its newest state, and where its states stood in tables of other
-- columns, what they say together.
with newest as (
    select * from {{ ref('int_repeated_states') }}
    where newest_first = 1
)

select
    orders.platform_id,
    orders.order_no,
    orders.project_no,
    orders.paid_at,
    orders.status,
    orders.channel_zh,
    orders.team_id,
    orders.campaign_id,
    orders.donor_key,
    orders.donor_kind,
    orders.donor_region_code,
    orders.amount_cny,
    orders.refund_cny,
    orders.refunded_at,
    orders.is_refund_unread,
    orders.export_date,
    orders.received_no,
    orders.source_file_id,
    orders.source_sheet,
    orders.source_row
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

select
    platform_id,
    order_no,
    project_no,
    paid_at,
    status,
    channel_zh,
    team_id,
    campaign_id,
    donor_key,
    donor_kind,
    donor_region_code,
    amount_cny,
    refund_cny,
    refunded_at,
    is_refund_unread,
    export_date,
    received_no,
    source_file_id,
    source_sheet,
    source_row
from {{ ref('int_merged_orders') }}
