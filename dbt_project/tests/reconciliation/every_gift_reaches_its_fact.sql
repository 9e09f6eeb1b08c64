-- Joins neither drop nor double a gift: gifts as staged, in their newest state, against the fact.
-- The newest state is found another way than the fact finds it: rows of a file do not share an
-- order, so partition and receipt decide, and the line only breaks ties.
{{ config(meta={
    'rule_id': 'fact_donation.every_gift',
    'zh': '平台捐赠的笔数与金额须与清洗后的订单（最新状态）一致',
    'en': 'Gifts and their amounts agree with the orders as staged, in their newest state',
}) }}

with newest_states as (
    -- one pass and no sorting; -1 stands for an order that is no gift, for max_by passes over null
    select
        max_by(
            case when status in ('支付成功', '已退款', '部分退款') then amount_cny else -1 end,
            cast({{ date_key('export_date') }} as decimal(38, 0)) * 100000000000000000000
            + received_no * cast(10000000000 as decimal(38, 0))
            + source_row
        ) as amount_cny
    from {{ ref('int_staged_orders') }}
    group by {{ row_hash(['platform_id', 'order_no']) }}
),

staged as (
    select
        count(*) as gifts,
        coalesce(sum(amount_cny), 0) as amount_cny
    from newest_states
    where amount_cny >= 0
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
