-- A gift is a paid order: 支付成功, 已退款 and 部分退款. The others stay in the lake.
with paid as (
    select
        *,
        cast(paid_at as date) as paid_on,
        case
            -- refunded in full: exports leave the amount blank or 0
            when status = '已退款' then coalesce(nullif(refund_cny, 0), amount_cny)
            when status = '部分退款' then nullif(refund_cny, 0)
            when is_refund_unread then refund_cny
            else coalesce(refund_cny, 0)
        end as refunded_cny
    from {{ ref('int_orders') }}
    where status in ({{ paid_states() }})
)

select
    *,
    cast(amount_cny - refunded_cny as decimal(18, 2)) as net_cny,
    status <> '支付成功' or coalesce(refunded_cny > 0, false) as is_refunded
from paid
