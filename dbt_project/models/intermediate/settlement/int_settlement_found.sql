-- Each order that a family of bills names, beside what the platform's exports say of it, payments
-- and refunds apart. A revoked payment adds up to nothing, and need not be in any export. An entry
-- that is neither (a fee) bills nothing: it finds its order wherever the payment is.
with billed as (
    select
        bill_source,
        bill_family,
        platform_id,
        order_no,
        coalesce(side, 'paid') as side,
        sum(case when side is not null then amount_cny end) as billed_cny,
        min(case when side is not null then line_no end) as first_line_no
    from {{ ref('int_settlement_lines') }}
    where order_no is not null
    group by bill_source, bill_family, platform_id, order_no, coalesce(side, 'paid')
),

-- only the few that bills name, so that a join never holds every gift in memory
gifts as (
    select
        platform_id,
        order_no,
        paid_at,
        export_date,
        amount_cny,
        refunded_cny
    from {{ ref('fact_donation') }}
    where order_no in (select billed.order_no from billed)
),

compared as (
    select
        billed.*,
        gifts.order_no is not null as is_known,
        gifts.paid_at as order_paid_at,
        gifts.export_date as order_export_date,
        case billed.side when 'paid' then gifts.amount_cny else -gifts.refunded_cny end
            as exported_cny
    from billed
    left join gifts
        on billed.platform_id = gifts.platform_id and billed.order_no = gifts.order_no
)

select
    *,
    case
        when not is_known and billed_cny = 0 then 'matched'
        when not is_known then 'only_in_bill'
        when billed_cny is null or billed_cny = exported_cny then 'matched'
        when side = 'refunded' and exported_cny = 0 then 'only_in_bill'
        else 'amount_differs'
    end as match_status,
    case
        when not is_known then billed_cny
        else billed_cny - exported_cny
    end as difference_cny
from compared
