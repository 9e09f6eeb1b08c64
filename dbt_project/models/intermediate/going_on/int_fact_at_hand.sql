-- Gifts of the fact that this build has made: all, or those of orders that changed. What the others
-- are was tested when they were made.
-- depends_on: {{ ref('int_changed_orders') }}
select
    donations.platform_id,
    donations.order_no,
    donations.amount_cny
from {{ ref('fact_donation') }} as donations
{% if continued() %}
    inner join {{ ref('int_changed_orders') }} as changed
        on
            donations.platform_id = changed.platform_id
            and donations.order_no = changed.order_no
{% endif %}
