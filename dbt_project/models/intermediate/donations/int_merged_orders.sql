-- Orders whose states stood in tables of different columns, merged: a column that the newest export
-- lacks says nothing, and the value of an earlier one stands.
{{ config(materialized='table') }}

with uneven as (
    select
        platform_id,
        order_no
    from {{ ref('int_repeated_states') }}
    where newest_first = 1 and is_told_unevenly
),

states as (
    select
        orders.*,
        -- a refund belongs to a status, a company's name to a donor
        orders.status as refund_status,
        orders.donor_kind = 'organization' as is_organization,
        -- whoever asked to be forgotten is so in every state, also one that tells them otherwise
        max(case when orders.donor_kind = 'forgotten' then 1 else 0 end) over (
            partition by orders.platform_id, orders.order_no
        ) as is_forgotten,
        min(orders.donor_told_by) over (
            partition by orders.platform_id, orders.order_no
        ) as strongest
    from {{ ref('int_orders_at_hand') }} as orders
    inner join uneven
        on
            orders.platform_id = uneven.platform_id
            and orders.order_no = uneven.order_no
),

together as (
    {{ merged_states(
        'states', ['platform_id', 'order_no'],
        newest=[
            'project_no', 'paid_at', 'status', 'amount_cny', 'is_forgotten',
            'export_date', 'received_no', 'source_file_id', 'source_sheet', 'source_row',
        ],
        told={
            'channel_zh': 'channel', 'team_id': 'team_id', 'campaign_id': 'campaign_id',
            'donor_region_code': 'donor_region', 'is_organization': 'donor_name',
            'refund_cny': 'refund', 'refunded_at': 'refunded_at',
            'is_refund_unread': 'refund', 'refund_status': 'refund',
        },
        given={'donor_key': 'donor_told_by = strongest'}
    ) }}
),

refunds as (
    select
        *,
        -- the whole of an order and a part of it are two refunds: the amount of one is not the other's
        (status = '已退款') = (refund_status = '已退款') as is_refund_of_status
    from together
)

select
    platform_id,
    order_no,
    project_no,
    paid_at,
    status,
    channel_zh,
    team_id,
    campaign_id,
    case when is_forgotten = 0 then donor_key end as donor_key,
    case
        when is_forgotten = 1 then 'forgotten'
        when is_organization then 'organization'
        when donor_key is null then 'anonymous'
        else 'person'
    end as donor_kind,
    donor_region_code,
    amount_cny,
    case when is_refund_of_status then refund_cny end as refund_cny,
    case when is_refund_of_status then refunded_at end as refunded_at,
    coalesce(is_refund_of_status and is_refund_unread, false) as is_refund_unread,
    export_date,
    received_no,
    source_file_id,
    source_sheet,
    source_row
from refunds
