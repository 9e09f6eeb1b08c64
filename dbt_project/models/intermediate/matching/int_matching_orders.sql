-- The gifts whose orders a grant names: a few of many millions. A table, so that joins of gifts and
-- grants know how few they are.
{{ config(materialized='table') }}

select
    platform_id,
    order_no,
    campaign_id,
    paid_at,
    amount_cny
from {{ ref('fact_donation') }}
where order_no in (
    select staged.order_no
    from {{ ref('stg_tencent_matching') }} as staged
    where staged.order_no is not null
)
