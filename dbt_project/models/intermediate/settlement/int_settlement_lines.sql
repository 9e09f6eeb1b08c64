-- Entries of WeChat's fund-flow bill name no order: they find it through the trade bill's line of
-- the same payment, whichever of their two numbers it prints. `side`: which part of an order it is.
-- A table: the fact reads it three times, in part through other views.
{{ config(materialized='table') }}

with lines as (
    select * from {{ ref('int_bill_lines') }}
),

numbers as (
    select
        platform_id,
        transaction_no,
        min(order_no) as order_no
    from lines
    where bill_source = 'wechat_trade_bills' and transaction_no is not null
    group by platform_id, transaction_no
),

entries as (
    select
        lines.source_file_id,
        lines.source_sheet,
        lines.source_row,
        coalesce(by_business.order_no, by_flow.order_no) as order_no
    from lines
    left join numbers as by_business
        on
            lines.platform_id = by_business.platform_id
            and lines.transaction_no = by_business.transaction_no
    left join numbers as by_flow
        on
            lines.platform_id = by_flow.platform_id
            and lines.refund_no = by_flow.transaction_no
    where lines.bill_source = 'wechat_fundflow_bills'
)

select
    lines.bill_source,
    lines.bill_family,
    lines.bill_kind,
    lines.platform_id,
    coalesce(lines.order_no, entries.order_no) as order_no,
    lines.transaction_no,
    lines.refund_no,
    lines.line_no,
    lines.traded_at,
    lines.line_kind,
    case
        when lines.line_kind in ('payment', 'revocation') then 'paid'
        when lines.line_kind = 'refund' then 'refunded'
    end as side,
    lines.amount_cny,
    lines.printed_cny,
    lines.fee_millifen,
    lines.refund_status,
    lines.export_date,
    lines.source_file_id,
    lines.source_sheet,
    lines.source_row
from lines
left join entries
    on
        lines.source_file_id = entries.source_file_id
        and lines.source_sheet = entries.source_sheet
        and lines.source_row = entries.source_row
