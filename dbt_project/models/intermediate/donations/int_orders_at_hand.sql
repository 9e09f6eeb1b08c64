-- Orders as staged, as far as this build reads them: all of them, or, where it goes on from the
-- last release, every state of those that changed.
select staged.*
from {{ ref('int_staged_orders') }} as staged
{% if continued() %}
    inner join {{ ref('int_changed_orders') }} as changed
        on
            staged.platform_id = changed.platform_id
            and staged.order_no = changed.order_no
{% endif %}
-- depends_on: {{ ref('int_changed_orders') }}
