-- Fees that a day's payment bill takes on orders that are gifts: on the payment's own line, or as
-- an entry of its own. Fees are thousandths of a fen and never rounded: their sum stands in the
-- evidence, the amount is that of the gifts.
with fees as (
    select
        settlement.bill_source,
        settlement.bill_date,
        count(*) as fee_lines,
        cast(
            cast(
                sum(case settlement.line_kind when 'payment' then settlement.fee_millifen else 0 end)
                as decimal(16, 0)
            ) * cast(0.00001 as decimal(5, 5))
            - sum(case settlement.line_kind when 'fee' then settlement.amount_cny else 0 end)
            as decimal(21, 5)
        ) as fee_yuan,
        sum(donations.amount_cny) as gifts_cny
    from {{ ref('fact_settlement') }} as settlement
    inner join {{ ref('fact_donation') }} as donations
        on
            settlement.platform_id = donations.platform_id
            and settlement.order_no = donations.order_no
    where
        (settlement.line_kind = 'payment' and settlement.fee_millifen > 0)
        or (settlement.line_kind = 'fee' and settlement.amount_cny < 0)
    group by settlement.bill_source, settlement.bill_date
)

select
    'fee_where_none' as rule_id,
    concat(bill_source, '#', bill_date) as finding_key,
    'bill' as subject_type,
    concat(bill_source, '#', bill_date) as subject_id,
    cast(null as {{ dbt.type_string() }}) as project_no,
    cast(null as {{ dbt.type_string() }}) as campaign_id,
    bill_date as found_on,
    gifts_cny as amount_cny,
    fee_lines as evidence_rows,
    concat(fee_lines, '笔捐款被收手续费共', fee_yuan, '元') as evidence_zh,
    concat('fees of ', fee_yuan, ' yuan in all on ', fee_lines, ' gifts') as evidence_en,
    concat(
        'select * from star.fact_settlement where bill_source = ', {{ sql_text('bill_source') }},
        ' and bill_date = date ''', bill_date, ''' and (line_kind = ''payment'' and fee_millifen > 0',
        ' or line_kind = ''fee'' and amount_cny < 0)',
        ' and order_no in (select order_no from star.fact_donation)'
    ) as evidence_query
from fees
