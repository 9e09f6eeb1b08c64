-- The same convention of signs as for WeChat. Lines of the business details print what the
-- customer ordered (the gift); entries of the account print what came in or went out. The type's
-- word says what a line is; one layout of the account prints none, and there its side does.
with source as (
    select * from {{ source('lake', 'alipay_business_bills') }}
),

renamed as (
    select
        bill_kind,
        entry_no,
        order_no,
        transaction_no,
        refund_no,
        traded_at,
        business_type,
        fee_millifen as fee_printed_millifen,
        case
            when bill_kind = 'personal' then 'ledger'
            when bill_kind in ('account_summary', 'business_summary') then 'summary'
            when business_type like '%服务费%' or business_type like '%收费%' then 'fee'
            -- 交易分账 is neither a payment nor a refund of one: a share of it sent on
            when business_type like '%分账%' then 'other'
            when business_type like '%退款%' then 'refund'
            -- what names no order is no payment of one: a deposit, a transfer
            when order_no is null then 'other'
            when business_type like '%交易%' or business_type like '%在线支付%' then 'payment'
            when business_type is not null then 'other'
            when coalesce(amount_fen, 0) > abs(coalesce(expense_fen, 0)) then 'payment'
            else 'refund'
        end as line_kind,
        {{ fen_to_cny('amount_fen') }} as paid_printed_cny,
        {{ fen_to_cny('expense_fen') }} as expense_printed_cny,
        export_date,
        received_no,
        source_file_id,
        coalesce(source_sheet, '') as source_sheet,
        source_row
    from source
),

final as (
    select
        *,
        case
            when line_kind in ('ledger', 'summary') then null
            when bill_kind = 'business' and line_kind = 'refund' then -abs(paid_printed_cny)
            when bill_kind = 'business' then paid_printed_cny
            else coalesce(paid_printed_cny, 0) - abs(coalesce(expense_printed_cny, 0))
        end as amount_cny,
        case line_kind when 'payment' then abs(fee_printed_millifen) else -abs(fee_printed_millifen) end
            as fee_millifen
    from renamed
)

select * from final
