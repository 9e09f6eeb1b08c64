-- Of a build that goes on from the last release: what the changed orders came to in it. The gates
-- take it out of that release's totals.
{{ config(materialized='table') }}

select
    count(*) as gifts,
    coalesce(sum(amount_cny), 0) as gross_cny,
    coalesce(sum({{ row_hash(['order_no']) }}), 0) as orders_hash
from {{ ref('int_replaced_gifts') }}
