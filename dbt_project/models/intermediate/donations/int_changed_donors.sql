-- Of a build that goes on from the last release: who gave a changed order, then or now.
{{ config(materialized='table') }}

with changed as (
    select gifts.donor_key
    from {{ source('base', 'gifts') }} as gifts
    inner join {{ ref('int_changed_orders') }} as orders
        on
            gifts.platform_id = orders.platform_id
            and gifts.order_no = orders.order_no

    union all

    select donor_key from {{ ref('int_gifts') }}
    where donor_key is not null
)

select distinct donor_key
from changed
where
    donor_key <> 'unknown'
    {% if not donors_continued() %}
        and false
    {% endif %}
