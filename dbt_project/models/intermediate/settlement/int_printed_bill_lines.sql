-- Lines of merchants' bills as printed. Personal ledgers and summaries are no part of a settlement.
with lines as (
    select
        'wechat_trade_bills' as bill_source,
        'trade' as bill_family,
        bill_kind,
        'tencent' as platform_id,
        order_no,
        transaction_no,
        refund_no,
        -- what identifies a line, whichever bill prints it
        concat_ws('|', transaction_no, order_no, line_kind, refund_no) as line_no,
        traded_at,
        line_kind,
        amount_cny,
        coalesce(nullif(refund_printed_cny, 0), paid_printed_cny) as printed_cny,
        fee_millifen,
        refund_status,
        {{ file_place() }}
    from {{ ref('stg_wechat_trade_bills') }}
    where line_kind <> 'ledger'
    union all
    select
        'wechat_fundflow_bills' as bill_source,
        'account' as bill_family,
        'fundflow' as bill_kind,
        'tencent' as platform_id,
        null as order_no,
        business_no as transaction_no,
        flow_no as refund_no,
        concat_ws('|', business_no, flow_no, business_type, voucher_no, traded_at) as line_no,
        traded_at,
        line_kind,
        amount_cny,
        printed_cny,
        null as fee_millifen,
        null as refund_status,
        {{ file_place() }}
    from {{ ref('stg_wechat_fundflow_bills') }}
    union all
    select
        'alipay_business_bills' as bill_source,
        case bill_kind when 'business' then 'trade' else 'account' end as bill_family,
        bill_kind,
        'alipay' as platform_id,
        order_no,
        transaction_no,
        refund_no,
        concat_ws('|', entry_no, transaction_no, order_no, business_type, refund_no, traded_at)
            as line_no,
        traded_at,
        line_kind,
        amount_cny,
        coalesce(nullif(paid_printed_cny, 0), expense_printed_cny) as printed_cny,
        fee_millifen,
        null as refund_status,
        {{ file_place() }}
    from {{ ref('stg_alipay_business_bills') }}
    where line_kind not in ('ledger', 'summary')
)

select * from lines
