-- What is in exports and in no trade bill. Only where a bill could have it: a payment on a day with
-- a bill, a refund if every day from the payment to the export that first shows it has one.
with days as (
    select
        bill_source,
        platform_id,
        export_date as bill_date,
        row_number() over (partition by platform_id order by export_date) as day_no
    from {{ ref('int_bill_lines') }}
    where bill_family = 'trade' and bill_kind <> 'trade_refund'
    group by bill_source, platform_id, export_date
),

-- billed days only: where there are none, no gift is looked at
gifts as (
    select
        platform_id,
        order_no,
        paid_at,
        cast(paid_at as date) as paid_on,
        amount_cny,
        refunded_cny,
        export_date,
        source_file_id,
        '' as source_sheet,
        source_row
    from {{ ref('fact_donation') }}
    where cast(paid_at as date) in (select days.bill_date from days)
),

found as (
    select
        platform_id,
        order_no,
        side
    from {{ ref('int_settlement_found') }}
    where bill_family = 'trade' and billed_cny is not null
),

expected as (
    select
        gifts.*,
        days.bill_source,
        days.bill_date,
        'paid' as side,
        gifts.amount_cny as exported_cny
    from gifts
    inner join days on gifts.platform_id = days.platform_id and gifts.paid_on = days.bill_date
    union all
    select
        gifts.*,
        shown.bill_source,
        shown.bill_date,
        'refunded' as side,
        -gifts.refunded_cny as exported_cny
    from gifts
    inner join days on gifts.platform_id = days.platform_id and gifts.paid_on = days.bill_date
    inner join days as shown
        on gifts.platform_id = shown.platform_id and gifts.export_date = shown.bill_date
    where
        gifts.refunded_cny > 0
        and shown.day_no - days.day_no
        = {{ dbt.datediff('days.bill_date', 'shown.bill_date', 'day') }}
)

select expected.*
from expected
left join found
    on
        expected.platform_id = found.platform_id
        and expected.order_no = found.order_no
        and expected.side = found.side
where found.order_no is null
