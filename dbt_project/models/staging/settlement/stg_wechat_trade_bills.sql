-- One convention of signs: what comes to the merchant is positive, what goes back negative, and
-- a fee has the sign of what it is taken from. Bills of different years print them differently.
with source as (
    select * from {{ source('lake', 'wechat_trade_bills') }}
),

renamed as (
    select
        bill_kind,
        order_no,
        transaction_no,
        refund_no,
        traded_at,
        trade_type,
        refund_status,
        fee_millifen as fee_printed_millifen,
        case
            when bill_kind = 'personal' then 'ledger'
            when trade_status = 'SUCCESS' then 'payment'
            when trade_status = 'REFUND' then 'refund'
            when trade_status = 'REVOKED' then 'revocation'
        end as line_kind,
        -- the order's amount where the bill prints it: coupons are part of the gift
        {{ fen_to_cny('coalesce(order_amount_fen, amount_fen)') }} as paid_printed_cny,
        {{ fen_to_cny('refund_fen') }} as refund_printed_cny,
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
        case line_kind
            when 'payment' then paid_printed_cny
            -- a refund that failed moved no money
            when 'refund'
                then case when refund_status = 'FAIL' then 0 else -abs(refund_printed_cny) end
            when 'revocation'
                then -abs(coalesce(nullif(refund_printed_cny, 0), paid_printed_cny))
        end as amount_cny,
        case line_kind when 'payment' then abs(fee_printed_millifen) else -abs(fee_printed_millifen) end
            as fee_millifen
    from renamed
)

select * from final
