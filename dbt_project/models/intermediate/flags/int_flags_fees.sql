-- Fees that a day's payment bill takes on orders that are gifts: on the payment's own line, or as
-- an entry of its own. A bill of orders and the account's print the same fee: each is a finding,
-- and they are never added up. Fees are thousandths of a fen and never rounded: their sum is in the
-- evidence; the amount is that of the gifts.
with orders as (
    select
        bill_source,
        bill_family,
        bill_date,
        platform_id,
        order_no,
        count(*) as fee_lines,
        sum(case line_kind when 'payment' then fee_millifen else 0 end) as fee_millifen,
        -sum(case line_kind when 'fee' then amount_cny else 0 end) as fee_cny
    from {{ ref('fact_settlement') }}
    where
        (line_kind = 'payment' and fee_millifen > 0)
        or (line_kind = 'fee' and amount_cny < 0)
    group by bill_source, bill_family, bill_date, platform_id, order_no
),

fees as (
    select
        orders.bill_source,
        orders.bill_family,
        orders.bill_date,
        count(*) as gifts,
        sum(orders.fee_lines) as fee_lines,
        cast(
            cast(sum(orders.fee_millifen) as decimal(16, 0)) * cast(0.00001 as decimal(5, 5))
            + sum(orders.fee_cny)
            as decimal(21, 5)
        ) as fee_yuan,
        sum(donations.amount_cny) as gifts_cny
    from orders
    inner join {{ ref('fact_donation') }} as donations
        on orders.platform_id = donations.platform_id and orders.order_no = donations.order_no
    where donations.order_no in (select named.order_no from orders as named)
    group by orders.bill_source, orders.bill_family, orders.bill_date
)

select
    'fee_where_none' as rule_id,
    concat_ws('', bill_source, '#', bill_family, '#', bill_date) as finding_key,
    'bill' as subject_type,
    concat_ws('', bill_source, '#', bill_family, '#', bill_date) as subject_id,
    cast(null as {{ dbt.type_string() }}) as project_no,
    cast(null as {{ dbt.type_string() }}) as campaign_id,
    bill_date as found_on,
    gifts_cny as amount_cny,
    fee_lines as evidence_rows,
    concat_ws('', gifts, '笔捐款被收手续费共', fee_yuan, '元') as evidence_zh,
    concat_ws('', 'fees of ', fee_yuan, ' yuan in all on ', gifts, ' gifts') as evidence_en,
    concat_ws(
        '', 'select * from star.fact_settlement where bill_source = ', {{ sql_text('bill_source') }},
        ' and bill_family = ', {{ sql_text('bill_family') }},
        ' and bill_date = date ''', bill_date, ''' and (line_kind = ''payment'' and fee_millifen > 0',
        ' or line_kind = ''fee'' and amount_cny < 0)',
        ' and (platform_id, order_no) in (select (platform_id, order_no) from star.fact_donation)'
    ) as evidence_query
from fees
