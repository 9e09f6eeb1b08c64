-- Of a build that goes on from the last release: every state that the lake has of the orders that
-- changed. The one look at all of its orders that such a build takes.
{{ config(materialized='table') }}

select staged.*
from {{ ref('int_staged_orders') }} as staged
inner join {{ ref('int_changed_orders') }} as changed
    on
        staged.platform_id = changed.platform_id
        and staged.order_no = changed.order_no
