-- Orders as staged, as far as this build reads them: all of them, or every state of those that
-- changed since the release that it goes on from.
-- depends_on: {{ ref('int_changed_states') }}
-- depends_on: {{ ref('int_staged_orders') }}
select * from {{ ref('int_changed_states') if continued() else ref('int_staged_orders') }}
