select
    business_no,
    flow_no,
    voucher_no,
    business_type,
    booked_at as traded_at,
    case
        when business_type in ('扣除交易手续费', '退还交易手续费') then 'fee'
        when business_type = '交易' then 'payment'
        when business_type in ('退款', '退款关闭') then 'refund'
        else 'other'
    end as line_kind,
    {{ fen_to_cny('amount_fen') }} as printed_cny,
    {{ fen_to_cny("case direction when '支出' then -amount_fen else amount_fen end") }}
        as amount_cny,
    {{ lake_line() }}
from {{ source('lake', 'wechat_fundflow_bills') }}
