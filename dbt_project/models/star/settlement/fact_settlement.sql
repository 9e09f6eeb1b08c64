-- A line of a payment bill with its match to an order, and each order that is in no bill. The
-- difference of an order stands on a single line of it, so that differences add up.
with lines as (
    select
        lines.*,
        found.exported_cny,
        found.order_paid_at,
        coalesce(found.match_status, 'only_in_bill') as match_status,
        case
            -- a fee finds its order, and has nothing to differ from
            when lines.side is null then 0
            when found.order_no is null then lines.amount_cny
            when lines.line_no = found.first_line_no then found.difference_cny
            else 0
        end as difference_cny
    from {{ ref('int_settlement_lines') }} as lines
    left join {{ ref('int_settlement_found') }} as found
        on
            lines.bill_family = found.bill_family
            and lines.platform_id = found.platform_id
            and lines.order_no = found.order_no
            and coalesce(lines.side, 'paid') = found.side
)

select
    concat_ws('', source_file_id, '#', source_sheet, '#', source_row) as settlement_key,
    bill_source,
    bill_family,
    bill_kind,
    export_date as bill_date,
    {{ date_key('cast(traded_at as date)') }} as date_key,
    traded_at,
    platform_id,
    order_no,
    transaction_no,
    refund_no,
    line_kind,
    match_status,
    cast(amount_cny as decimal(18, 2)) as amount_cny,
    cast(printed_cny as decimal(18, 2)) as printed_cny,
    cast(exported_cny as decimal(18, 2)) as exported_cny,
    cast(difference_cny as decimal(18, 2)) as difference_cny,
    cast(fee_millifen as bigint) as fee_millifen,
    refund_status,
    order_paid_at,
    coalesce(line_kind = 'payment' and export_date > cast(order_paid_at as date), false) as is_late,
    source_file_id,
    source_sheet,
    source_row
from lines
union all
select
    concat_ws('', 'missing#', platform_id, '#', order_no, '#', side) as settlement_key,
    bill_source,
    'trade' as bill_family,
    'export' as bill_kind,
    bill_date,
    {{ date_key('bill_date') }} as date_key,
    null as traded_at,
    platform_id,
    order_no,
    null as transaction_no,
    null as refund_no,
    case side when 'paid' then 'payment' else 'refund' end as line_kind,
    'only_in_export' as match_status,
    cast(null as decimal(18, 2)) as amount_cny,
    cast(null as decimal(18, 2)) as printed_cny,
    cast(exported_cny as decimal(18, 2)) as exported_cny,
    cast(-exported_cny as decimal(18, 2)) as difference_cny,
    cast(null as bigint) as fee_millifen,
    null as refund_status,
    paid_at as order_paid_at,
    false as is_late,
    source_file_id,
    source_sheet,
    source_row
from {{ ref('int_settlement_missing') }}
