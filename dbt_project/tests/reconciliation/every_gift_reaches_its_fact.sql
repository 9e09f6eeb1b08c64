-- Joins neither drop nor double a gift: gifts as staged, in their newest state, against the fact.
-- The newest state is found another way than the fact finds it: rows of a file do not share an
-- order, so partition and receipt decide, and the line only breaks ties. Of a build that goes on from
-- the last release the orders that changed are held against each other; that the others are what
-- they were is the gate's to see.
{{ config(meta={
    'rule_id': 'fact_donation.every_gift',
    'zh': '平台捐赠的笔数与金额须与清洗后的订单（最新状态）一致',
    'en': 'Gifts and their amounts agree with the orders as staged, in their newest state',
}) }}

with orders as (
    select
        platform_id,
        order_no,
        amount_cny,
        status in ({{ paid_states() }}) as is_gift,
        export_date,
        received_no,
        source_row
    from {{ ref('int_orders_at_hand') }}
),

repeated as (
    select distinct
        platform_id,
        order_no
    from {{ ref('int_repeated_states') }}
),

again as (
    -- without ranking; -1 stands for an order that is no gift, for max_by passes over null
    select
        sum(case when orders.is_gift then 1 else 0 end) as states,
        sum(case when orders.is_gift then orders.amount_cny else 0 end) as states_cny,
        max_by(
            case when orders.is_gift then orders.amount_cny else -1 end,
            cast({{ date_key('orders.export_date') }} as decimal(38, 0)) * 100000000000000000000
            + orders.received_no * cast(10000000000 as decimal(38, 0))
            + orders.source_row
        ) as newest_cny
    from orders
    inner join repeated
        on
            orders.platform_id = repeated.platform_id
            and orders.order_no = repeated.order_no
    group by orders.platform_id, orders.order_no
),

-- every state that is a gift, less those of orders that come again, and their newest instead: tens
-- of millions that come once are joined to nothing
parts as (
    select
        count(*) as gifts,
        coalesce(sum(amount_cny), 0) as amount_cny
    from orders
    where is_gift

    union all

    select
        -coalesce(sum(states), 0) as gifts,
        -coalesce(sum(states_cny), 0) as amount_cny
    from again

    union all

    select
        count(*) as gifts,
        coalesce(sum(newest_cny), 0) as amount_cny
    from again
    where newest_cny >= 0
),

staged as (
    select
        sum(gifts) as gifts,
        sum(amount_cny) as amount_cny
    from parts
),

fact as (
    select
        count(*) as gifts,
        coalesce(sum(donations.amount_cny), 0) as amount_cny
    from {{ ref('int_fact_at_hand') }} as donations
)

select
    staged.gifts as gifts_staged,
    fact.gifts as gifts_in_fact,
    staged.amount_cny as amount_staged_cny,
    fact.amount_cny as amount_in_fact_cny
from staged
cross join fact
where staged.gifts <> fact.gifts or staged.amount_cny <> fact.amount_cny
