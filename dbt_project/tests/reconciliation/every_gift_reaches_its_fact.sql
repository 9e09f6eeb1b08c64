-- Joins neither drop nor double a gift: gifts as staged, in their newest state, against the fact.
-- The newest state is found another way than the fact finds it.
{{ config(meta={
    'rule_id': 'fact_donation.every_gift',
    'zh': '平台捐赠的笔数与金额须与清洗后的订单（最新状态）一致',
    'en': 'Gifts and their amounts agree with the orders as staged, in their newest state',
}) }}

with gift_states as (
    select
        order_no,
        amount_cny,
        status in ('支付成功', '已退款', '部分退款') as is_gift,
        row_number() over (
            partition by platform_id, order_no
            order by export_date desc, received_no desc, source_sheet desc, source_row desc
        ) as newest_first
    from {{ ref('int_staged_orders') }}
),

staged as (
    select
        count(*) as gifts,
        coalesce(sum(amount_cny), 0) as amount_cny
    from gift_states
    where newest_first = 1 and is_gift
),

fact as (
    select
        count(*) as gifts,
        coalesce(sum(amount_cny), 0) as amount_cny
    from {{ ref('fact_donation') }}
)

select
    staged.gifts as gifts_staged,
    fact.gifts as gifts_in_fact,
    staged.amount_cny as amount_staged_cny,
    fact.amount_cny as amount_in_fact_cny
from staged
cross join fact
where staged.gifts <> fact.gifts or staged.amount_cny <> fact.amount_cny
